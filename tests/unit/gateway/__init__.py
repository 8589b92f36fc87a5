"""The gateway: pages as they are rendered."""
