"""The journal as CSV: a line for each entry. Every cell is ours, and none can begin a formula."""

from services.billing.domain.journal import Books, Movement, plain

HEAD = "date,time,transaction,kind,account,debit,credit,currency,about"
END = "\r\n"


def head(_books: Books) -> str:
    """The names of the columns."""
    return HEAD + END


def lines(books: Books, movement: Movement) -> str:
    """A line for each entry, dated in the practice's zone; debit and credit as plain decimals."""
    local = movement.occurred_at.astimezone(books.zone)
    begin = f"{local:%Y-%m-%d},{local:%H:%M:%S},{movement.id},{movement.kind}"
    return "".join(
        f"{begin},{one.account},{_sides(one.money.amount, plain(one.money))}"
        f",{one.money.currency},{movement.about or ''}{END}"
        for one in movement.postings
    )


def _sides(amount: int, text: str) -> str:
    return f"{text}," if amount > 0 else f",{text.removeprefix('-')}"
