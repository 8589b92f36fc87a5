"""Ids that pages mint: one for each intention, so that sending a form twice does it once."""

from uuid_utils.compat import uuid7


def new_form_id() -> str:
    """A fresh UUIDv7."""
    return str(uuid7())
