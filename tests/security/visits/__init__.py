"""Everybody at every route of the running product: who gets which answer."""
