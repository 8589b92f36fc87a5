"""The catalogue's texts are complete, and a faulty file is refused by file and field."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from services.profiles.catalogue import Catalogue, CatalogueError, load_catalogue
from services.profiles.catalogue.loading import CATALOGUE_FOLDER


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue that the product ships."""
    return load_catalogue()


@pytest.fixture
def copy_of_catalogue(tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(CATALOGUE_FOLDER, tmp_path / "catalogue"))


def spoil(path: Path, text: str, replacement: str) -> None:
    """Replace `text`, which must be there, in the file at `path`."""
    content = path.read_text(encoding="utf-8")
    assert text in content
    path.write_text(content.replace(text, replacement), encoding="utf-8")


def test_there_are_twelve_topics_and_eight_approaches(catalogue: Catalogue) -> None:
    """The directory promises this many, and leads with relationships and IPT."""
    assert (len(catalogue.topics), len(catalogue.approaches)) == (12, 8)
    assert catalogue.topics[0].slug == "interpersonal-relationships"
    assert [entry.slug for entry in catalogue.approaches[:2]] == [
        "interpersonal-therapy",
        "relational-therapy",
    ]


def test_every_topic_names_existing_approaches_once(catalogue: Catalogue) -> None:
    """A topic page never links to an approach page that is missing."""
    known = {entry.slug for entry in catalogue.approaches}
    for topic in catalogue.topics:
        assert set(topic.approaches) <= known
        assert len(set(topic.approaches)) == len(topic.approaches)


def test_every_approach_is_used_by_a_topic(catalogue: Catalogue) -> None:
    """No approach page is a dead end."""
    used = {slug for topic in catalogue.topics for slug in topic.approaches}
    assert {approach.slug for approach in catalogue.approaches} <= used


def test_positions_run_from_one_without_gaps(catalogue: Catalogue) -> None:
    """The order of chips is complete and decided."""
    for entries in (catalogue.topics, catalogue.approaches):
        assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))


def test_every_text_was_reviewed_in_november_2026(catalogue: Catalogue) -> None:
    """The date shown as last reviewed is a real review of this edition."""
    dates = [topic.last_reviewed_on for topic in catalogue.topics]
    dates += [approach.last_reviewed_on for approach in catalogue.approaches]
    for day in (*dates, catalogue.crisis.last_reviewed_on):
        assert date(2026, 11, 1) <= day <= date(2026, 11, 30)


def test_topics_that_can_endanger_life_say_when_to_seek_help_at_once(
    catalogue: Catalogue,
) -> None:
    """Where danger is near, the page says so before anything is booked."""
    for slug in ("low-mood", "trauma", "grief-and-loss", "couple-conflict", "family-and-parenting"):
        assert catalogue.topic(slug).seek_help_at_once


def test_each_country_lists_its_emergency_number_first(catalogue: Catalogue) -> None:
    """Who is in danger finds the shortest way to help on top."""
    first = {country.country: country.lines[0].phone for country in catalogue.crisis.countries}
    assert first == {"DE": "112", "GB": "999", "AU": "000"}


def test_crisis_lines_have_their_published_numbers(catalogue: Catalogue) -> None:
    """A wrong digit here can cost a life, so the numbers are spelled out a second time."""
    numbers = {
        line.name: line.phone for country in catalogue.crisis.countries for line in country.lines
    }
    assert numbers["TelefonSeelsorge"] == "0800 1110111"
    assert numbers["Samaritans"] == "116 123"
    assert numbers["NHS 111"] == "111"
    assert numbers["Lifeline"] == "13 11 14"


@pytest.mark.parametrize(
    ("text", "replacement", "field"),
    [
        ('name = "Sleep"', "", "name"),
        ('name = "Sleep"', 'name = " "', "name"),
        ('slug = "sleep"', 'slug = "rest"', "slug"),
        ("position = 8", "position = 1", "position"),
        ('"acceptance-and-commitment-therapy"', '"astrology"', "approaches"),
        ("last_reviewed_on = 2026-11-11", 'last_reviewed_on = "soon"', "last_reviewed_on"),
        ("position = 8", 'position = 8\nrating = "5"', "rating"),
        ("year = 2023", "year = 20230", "sources.0.year"),
        ("position = 8", "position =", "file"),
    ],
)
def test_a_faulty_topic_is_refused_by_file_and_field(
    copy_of_catalogue: Path, text: str, replacement: str, field: str
) -> None:
    """Whoever edits a text is told where the fault is."""
    spoil(copy_of_catalogue / "topics" / "sleep.toml", text, replacement)
    with pytest.raises(CatalogueError) as refusal:
        load_catalogue(copy_of_catalogue)
    assert refusal.value.field == field
    assert str(refusal.value).startswith(f"topics/sleep.toml: {field}: ")


def test_a_missing_crisis_file_is_refused(copy_of_catalogue: Path) -> None:
    """The crisis page cannot silently be empty."""
    (copy_of_catalogue / "crisis.toml").unlink()
    with pytest.raises(CatalogueError, match=r"crisis\.toml: file: is missing"):
        load_catalogue(copy_of_catalogue)


def test_an_unknown_slug_is_a_key_error(catalogue: Catalogue) -> None:
    """A page for a slug that does not exist can answer 404."""
    with pytest.raises(KeyError):
        catalogue.topic("astrology")
    with pytest.raises(KeyError):
        catalogue.approach("astrology")
