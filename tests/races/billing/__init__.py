"""Races for one payment's money within billing."""
