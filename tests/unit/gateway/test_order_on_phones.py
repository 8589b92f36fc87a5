"""Where columns become one, what asks for something and where one stands come first."""

import pytest

from services.gateway.web.rendering import render
from services.gateway.web.samples import samples

ORDERS = {
    "home": ('id="next"', 'id="to-do"', 'id="again"'),
    "plan-booked": ('id="progress"', 'id="dates"', 'id="part-focus"'),
    "plan-desk-booked": ('id="progress"', 'id="dates"', 'id="part-focus"'),
}


@pytest.mark.parametrize("name", ORDERS)
def test_what_matters_first_stands_first(name: str) -> None:
    """In the page's own order, which phones and screen readers follow."""
    template, context = samples()[name]
    html = render(template, context)
    places = [html.index(one) for one in ORDERS[name]]
    assert places == sorted(places)
