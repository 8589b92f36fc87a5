"""The one-command stack itself: rights, roles, starting, ending, recovering."""
