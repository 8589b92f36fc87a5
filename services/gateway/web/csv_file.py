"""Tables to take along as CSV (RFC 4180): streamed, and harmless in a spreadsheet.

A cell that begins like a formula would be run by the program that opens the file (OWASP, "CSV
Injection"), and names are typed by clients: such a cell begins with an apostrophe here.
"""

import csv
import io
import re
from collections.abc import AsyncIterator, Iterable, Sequence

from fastapi.responses import StreamingResponse

#: Programs that take a file without it for another encoding spoil every umlaut.
BYTE_ORDER_MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"-?\d+(\.\d+)?")

Rows = Iterable[Sequence[str]]


def harmless(cell: str) -> str:
    """The cell as a text that no spreadsheet runs; numbers stay numbers."""
    is_risky = cell.startswith(FORMULA) and not NUMBER.fullmatch(cell)
    return f"'{cell}" if is_risky else cell


def lines(rows: Rows) -> str:
    """The rows as lines of CSV."""
    out = io.StringIO()
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


async def csv_answer(name: str, parts: AsyncIterator[Rows]) -> StreamingResponse:
    """A download of that name. The first part is made before the answer begins, so that what is
    refused is refused as such; a later failure breaks the answer off, and no half passes for a
    whole."""
    return await download(name, "text/csv; charset=utf-8", _told(parts))


async def download(name: str, kind: str, chunks: AsyncIterator[bytes]) -> StreamingResponse:
    """A file that is sent while it is made."""
    first = await anext(chunks, b"")
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
    }
    return StreamingResponse(_and_then(first, chunks), media_type=kind, headers=headers)


async def _told(parts: AsyncIterator[Rows]) -> AsyncIterator[bytes]:
    mark = BYTE_ORDER_MARK
    async for rows in parts:
        yield (mark + lines(rows)).encode()
        mark = ""


async def _and_then(first: bytes, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in chunks:
        yield chunk
