"""The one stylesheet of all pages."""

from fastapi import APIRouter, Response

from services.gateway.web.rendering import stylesheet, stylesheet_url

router = APIRouter()
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"


@router.get("/style.css")
async def styles(v: str = "") -> Response:
    """Kept for ever under the digest of its content, for minutes under any other address."""
    is_exact = stylesheet_url().endswith(f"?v={v}")
    return Response(
        stylesheet(),
        media_type="text/css",
        headers={"cache-control": FOR_EVER if is_exact else BRIEFLY},
    )
