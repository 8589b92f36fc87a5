"""An invoice's PDF as an answer: to keep, never to be shown within a page, never cached."""

import base64

from fastapi import Response

from services.contracts.billing.invoices import InvoiceFileView


def download(file: InvoiceFileView) -> Response:
    """The file under its own name, which holds no more than kind and number."""
    return Response(
        base64.b64decode(file.pdf),
        media_type="application/pdf",
        headers={
            "content-disposition": f'attachment; filename="{file.name}"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )
