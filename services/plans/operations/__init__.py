"""The use cases of plans, one function each."""
