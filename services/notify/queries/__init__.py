"""Every SELECT of notify, and the claims on due work."""
