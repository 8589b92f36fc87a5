"""The web app: one file per group of screens."""
