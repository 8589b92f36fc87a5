"""The pure rules of profiles."""
