"""A mailbox for development: a real SMTP server that keeps what arrives and shows it on a page.

Run it with `python -m deploy.local.mailbox`; MAILBOX_SMTP_PORT, MAILBOX_HTTP_PORT and
MAILBOX_DATA_DIR come from the environment. It delivers nothing and asks for no password:
bind it to loopback only.
"""
