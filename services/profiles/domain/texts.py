"""The catalogue's prose as the paragraphs that pages show."""


def paragraphs(prose: str | None) -> list[str]:
    """The paragraphs of a text, which an empty line separates; line breaks within one go."""
    blocks = (prose or "").strip().split("\n\n")
    return [" ".join(block.split()) for block in blocks if block.strip()]


def citation(title: str, publisher: str, year: int | None) -> str:
    """A source in one line."""
    return f"{title}. {publisher}, {year}" if year else f"{title}. {publisher}"
