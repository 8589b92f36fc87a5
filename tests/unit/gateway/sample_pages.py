"""The sample pages, rendered and parsed once for all who look at them."""

from collections import Counter
from functools import cache
from html.parser import HTMLParser

from services.gateway.web.rendering import render
from services.gateway.web.styleguide import SAMPLES

Attributes = dict[str, str | None]


class Page(HTMLParser):
    """What checks need to know of a page: its tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def every(self, *names: str) -> list[Attributes]:
        return [attributes for tag, attributes in self.tags if tag in names]

    def ids(self) -> Counter[str]:
        return Counter(str(a["id"]) for _, a in self.tags if "id" in a)


@cache
def sample_html(name: str) -> str:
    """A sample, rendered once for all who look at it."""
    return render(*SAMPLES[name])


@cache
def sample_page(name: str) -> Page:
    """What was parsed of it."""
    return Page(sample_html(name))
