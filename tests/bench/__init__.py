"""Measurements that print JSON lines; ratios are taken within one run."""
