"""The use cases of booking, one function each: `(tx, command, *, actor, now)`."""
