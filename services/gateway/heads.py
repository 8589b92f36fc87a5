"""HEAD is GET without a body (RFC 9110, 9.3.2): for link checkers and scanners of mails."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """Lets every route that answers GET answer HEAD; other routes refuse both alike."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for the page, hand its head on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            is_body = message["type"] == "http.response.body"
            await send(dict(message) | {"body": b""} if is_body else message)

        await self.app(dict(scope) | {"method": "GET"}, receive, send_head)
