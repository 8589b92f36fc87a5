"""What a search of the directory must keep to."""

from services.contracts.profiles.directory import SearchDirectory


def flaws(search: SearchDirectory) -> dict[str, str]:
    """What is wrong, by field: an amount without a currency, or a currency without an amount."""
    if (search.max_price is None) == (search.currency is None):
        return {}
    return {"currency" if search.currency is None else "max_price": "is missing"}
