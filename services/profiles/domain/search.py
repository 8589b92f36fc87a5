"""What a search of the directory must keep to."""

from services.common.errors import InvalidInput
from services.contracts.profiles import SearchDirectory


def check(search: SearchDirectory) -> None:
    """Raises InvalidInput where an amount has no currency, or a currency no amount."""
    if (search.max_price is None) == (search.currency is None):
        return
    field = "currency" if search.currency is None else "max_price"
    raise InvalidInput("A price needs an amount and a currency.", {field: "is missing"})
