"""Forms as a browser of ours sends them: with our origin and a CSRF token of its own."""

import asyncio

import httpx
from fastapi import FastAPI

from services.gateway.protection import Csrf
from tests.unit.gateway.stand_ins import ORIGIN
from tests.unit.gateway.test_protection import request


def post_form(app: FastAPI, path: str, form: dict[str, str], cookie: str = "") -> httpx.Response:
    """What comes back, redirects not followed; `cookie` is `name=text` of one more cookie."""
    csrf: Csrf = app.state.csrf
    told = form | {"csrf_token": csrf.token(request(csrf, "seed"))}
    cookies = "; ".join([f"{csrf.cookie}=seed", *([cookie] if cookie else [])])
    headers = {"origin": ORIGIN, "accept": "text/html", "cookie": cookies}

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
            return await browser.post(path, data=told, headers=headers)

    return asyncio.run(post())
