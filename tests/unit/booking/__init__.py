"""The rules of booking, each by hand and all against a naive reference."""
