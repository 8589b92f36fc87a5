"""Every SELECT of profiles."""
