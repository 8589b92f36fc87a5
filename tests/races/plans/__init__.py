"""Notes raced for: one per session, and no late save over what was signed."""
