"""Forms that send a file: small, ours, and at most one."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from services.gateway.protection import Csrf

ENCODINGS = ("multipart/form-data", "application/x-www-form-urlencoded")
"""A form without a file may come as other forms do."""
MOST_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """The fields beside the file, and its bytes; b"" where none was chosen."""

    fields: dict[str, str]
    content: bytes


async def read_upload(request: Request) -> Upload:
    """The file of a form, once it is sure that it is ours.

    The body was read before, and no further than bodies may be long (`bodies.py`). Raises
    Forbidden for a missing or foreign CSRF token or origin, HTTPException 413 or 415.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ENCODINGS:
        raise HTTPException(415, f"Send the form as {ENCODINGS[0]}.")
    try:
        sent = await request.form(max_files=1, max_fields=MOST_FIELDS)
    except HTTPException:
        raise HTTPException(422, "The form holds more than one file, or is none.") from None
    fields = {name: value for name, value in sent.items() if isinstance(value, str)}
    csrf: Csrf = request.app.state.csrf
    csrf.check(request, fields.pop("csrf_token", ""))
    files = [value for value in sent.values() if isinstance(value, UploadFile)]
    content = await files[0].read() if files else b""
    await sent.close()
    return Upload(fields, content)


SentFile = Annotated[Upload, Depends(read_upload)]
