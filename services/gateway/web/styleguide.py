"""Every component and every page in its states, with made-up content. Development only."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from services.gateway.web.rendering import render
from services.gateway.web.samples import COMMON, people, samples

SAMPLES = samples()
router = APIRouter(prefix="/styleguide", include_in_schema=False)


@router.get("")
async def components() -> HTMLResponse:
    """Every component on one page, and the way to the sample pages."""
    context = COMMON | {
        "pages_shown": [{"label": name, "url": f"/styleguide/pages/{name}"} for name in SAMPLES],
        "person": people.MIRIAM,
        "people": [people.MIRIAM, people.TOBIAS, people.AMARA, people.ZOE],
        "session": people.SESSION,
        "policy_lines": people.POLICY,
        "hold": {
            "ends_at": "2026-11-23T13:12:00Z",
            "ends_label": "14:12",
            "seconds_left": 534,
            "extend_url": "/styleguide",
        },
        "zone": people.zone("/styleguide", {}),
        "values": {"name": "Jonas", "email": "jonas@"},
        "errors": {"email": "Enter an email address such as name@example.org."},
    }
    return HTMLResponse(render("styleguide.html", context))


@router.get("/pages/{name}")
async def page(name: str) -> HTMLResponse:
    """One sample page; 404 where there is none of that name."""
    if name not in SAMPLES:
        raise HTTPException(404, f"no sample page is called {name}")
    template, context = SAMPLES[name]
    return HTMLResponse(render(template, context))
