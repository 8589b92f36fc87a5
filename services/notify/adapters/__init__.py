"""What is foreign to notify: profiles, booking, and the mail server."""
