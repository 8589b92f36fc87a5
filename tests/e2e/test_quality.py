"""The look at a page's quality can find something: faults are planted, and seen."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.quality import assert_accessible, assert_fits

NO_PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
#: A fault and axe's word for it, of both grave kinds.
PLANTED = {
    "image-alt": f'<img src="{NO_PICTURE}">',
    "button-name": "<button></button>",
    "label": '<input type="text">',
    "color-contrast": '<p style="color: #bbb; background: #fff">Hardly to be read.</p>',
    "link-name": '<a href="/"></a>',
}


def sound(more: str = "") -> str:
    """A page without a fault but those that are put in."""
    head = '<!doctype html><html lang="en"><head><title>Planted</title></head>'
    return f"{head}<body><main><h1>Planted</h1>{more}</main></body></html>"


def test_planted_faults_are_found(browser: Browser) -> None:
    """The twin of every look by axe: each fault by its name, and none on the page without them."""
    page = browser.new_page()
    page.set_content(sound())
    assert_accessible(page)
    assert_fits(page)
    for rule, fault in PLANTED.items():
        page.set_content(sound(fault))
        with pytest.raises(AssertionError, match=rule):
            assert_accessible(page)
    page.set_content(sound('<div style="width: 5000px">wide</div>'))
    with pytest.raises(AssertionError, match="px wide"):
        assert_fits(page)
    page.close()
