"""The page of a calendar's hours: what is typed, what comes back, who reads which words."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.common.errors import InvalidInput
from services.common.messages import Command
from services.contracts.booking.hours import (
    AddTimeOff,
    AvailabilityView,
    CalendarsView,
    GetAvailability,
    Hours,
    PreviewSlots,
    SetDateHours,
    SetWeeklyHours,
    SlotPreview,
    WeekdayHours,
)
from services.contracts.booking.offerings import ListOfferings, OfferingsView
from services.contracts.booking.refusals import ScheduleChanged
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.forms.availability import typed_week, wall_time
from services.gateway.web.ids import new_form_id
from tests.contracts.models import commands
from tests.unit.gateway import views
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_today import TREATING

URL = f"/practices/{views.PRACTICE}/calendars/{views.PERSON}/availability"
VIEW = AvailabilityView(
    practice_id=views.PRACTICE,
    practitioner_id=views.PERSON,
    time_zone="Europe/Berlin",
    version=4,
    weekly=[WeekdayHours(weekday=1, windows=[Hours(opens="09:00", closes="12:00")])],
    dates=[],
    time_off=[],
)
DESK = Membership(practice_id=views.PRACTICE, practice_name="Linden", roles=[Role.FRONT_DESK])


def refuse(refusal: Exception) -> Any:
    def raising(_: Command) -> None:
        raise refusal

    return raising


def house(member: Membership = TREATING, **told: Any) -> tuple[FastAPI, ToldBackend]:
    app = fresh_app()
    app.state.doorkeeper = Knows(visitor(member))
    app.state.limits = Uncounted()
    answers: dict[type[Command], Any] = {
        GetAvailability: lambda _: VIEW,
        ListOfferings: lambda _: OfferingsView(offerings=[views.offering()]),
        ListPractitioners: lambda _: PractitionersView(practitioners=[views.practitioner_name()]),
        SetWeeklyHours: lambda _: VIEW,
        SetDateHours: lambda _: VIEW,
        AddTimeOff: lambda _: VIEW,
        PreviewSlots: lambda _: SlotPreview(
            offering=views.offering(), starts=views.hours_ahead(30)
        ),
    }
    changed = {kind: told[kind.__name__] for kind in commands() if kind.__name__ in told}
    app.state.backend = ToldBackend(answers | changed)
    return app, app.state.backend


class Uncounted:
    """Limits that nobody reaches."""

    async def count(self, *_: object) -> None:
        """Nothing is kept."""


def send(app: FastAPI, form: str, **fields: str) -> httpx.Response:
    told = {"form_id": new_form_id(), "version": "4"} | fields
    return post_form(app, f"{URL}/{form}", told)


def monday(opens: str, closes: str, row: int = 0) -> dict[str, str]:
    return {f"hours-1-{row}-opens": opens, f"hours-1-{row}-closes": closes}


def last_asked(backend: ToldBackend, kind: type[Any]) -> Any:
    return [one for one in backend.asked if isinstance(one, kind)][-1]


@pytest.mark.parametrize(
    ("text", "time"),
    [("9", "09:00"), ("930", "09:30"), ("0930", "09:30"), ("9.30", "09:30"), (" 24:00 ", "24:00")],
)
def test_a_time_is_understood_as_people_type_it(text: str, time: str) -> None:
    """With or without a colon, which keyboards of numbers do not have."""
    assert wall_time(text) == time


@pytest.mark.parametrize("text", ["", "noon", "25", "24:01", "09:60", "9:5", "-1", "99999"])
def test_what_is_no_time_of_a_day_is_refused(text: str) -> None:
    """Midnight at the end of the day is the last one."""
    with pytest.raises(ValueError, match="no time"):
        wall_time(text)


def test_half_a_window_is_an_error_of_its_empty_field() -> None:
    """An empty row is none, wherever it stands."""
    typed = typed_week(monday("", "") | monday("9", "", 1) | {"hours-7-3-closes": "x"})
    assert typed.weekly[0].windows == []
    assert list(typed.errors) == ["hours-1-1-closes", "hours-7-3-opens", "hours-7-3-closes"]
    assert typed.errors["hours-7-3-closes"].startswith("Sunday: ")


def test_saved_hours_are_asked_for_as_they_were_typed() -> None:
    """All seven days, with the version that the page showed; then back to the page."""
    app, backend = house()
    answer = send(app, "hours", **monday("9", "12"), **monday("14", "24:00", 2))
    assert (answer.status_code, answer.headers["location"]) == (303, URL)
    asked = last_asked(backend, SetWeeklyHours)
    assert asked.version == 4
    assert asked.weekly[0].windows == [
        Hours(opens="09:00", closes="12:00"),
        Hours(opens="14:00", closes="24:00"),
    ]
    assert [day.weekday for day in asked.weekly] == list(range(1, 8))


def test_a_flaw_stands_beside_its_field_and_what_was_typed_is_kept() -> None:
    """Also where a row before it was left empty."""
    flaw = InvalidInput("", {"weekly.0.windows.0.closes": "must be after the beginning"})
    app, _ = house(SetWeeklyHours=refuse(flaw))
    answer = send(app, "hours", **monday("", ""), **monday("14", "10", 1))
    assert answer.status_code == 422
    assert 'href="#field-hours-1-1-closes">Monday: the time must be after' in answer.text
    assert 'name="hours-1-1-opens" type="text" inputmode="numeric" maxlength="5"' in answer.text
    assert 'value="14"' in answer.text
    assert 'id="error-hours-1-1-closes"' in answer.text


def test_who_comes_second_is_told_what_changed_and_keeps_what_they_typed() -> None:
    """The page names the day; saving again goes by the version as it is now."""
    changed = ScheduleChanged("", {"version": "5", "weekly.2": "closed (was 09:00-17:00)"})
    app, _ = house(SetWeeklyHours=refuse(changed))
    answer = send(app, "hours", **monday("8", "9"))
    assert answer.status_code == 409
    assert "Tuesday is closed (was 09:00-17:00)" in answer.text
    assert 'value="8"' in answer.text
    assert "what you typed is kept" in answer.text


def test_an_undoing_that_comes_too_late_speaks_of_nothing_typed() -> None:
    """There were no fields to keep, and the other change may be one's own from another tab."""
    changed = ScheduleChanged("", {"version": "5"})
    app, _ = house(UndoScheduleChange=refuse(changed))
    answer = send(app, "undo")
    assert answer.status_code == 409
    assert "was changed elsewhere while the page was open. Nothing was saved." in answer.text
    assert "typed" not in answer.text


def test_a_preview_opens_where_it_is_told() -> None:
    """Far below the fields: the browser goes there, and the keyboard with it."""
    app, _ = house()
    assert f'formaction="{URL}/hours#preview"' in fetch(app, URL).text
    answer = send(app, "hours", do="preview", offering=str(views.OFFERING), **monday("9", "10"))
    assert 'id="preview" tabindex="-1"' in answer.text


def test_a_stale_form_is_sent_again_and_not_believed() -> None:
    """No version, no id, an id that was used: the page once more, never a fault."""
    app, backend = house()
    answer = post_form(app, f"{URL}/hours", monday("9", "10"))
    assert answer.status_code == 422
    assert "out of date" in answer.text
    assert not [one for one in backend.asked if isinstance(one, SetWeeklyHours)]


def test_a_preview_saves_nothing_and_shows_the_typed_hours() -> None:
    """Two weeks, day by day; typed as they are saved it says so."""
    app, backend = house()
    answer = send(app, "hours", do="preview", offering=str(views.OFFERING), **monday("9", "10"))
    assert answer.status_code == 200
    assert "they are not saved yet" in answer.text
    asked = last_asked(backend, PreviewSlots)
    assert asked.weekly[0].windows == [Hours(opens="09:00", closes="10:00")]
    assert not [one for one in backend.asked if isinstance(one, SetWeeklyHours)]
    saved = send(app, "hours", do="preview", offering=str(views.OFFERING), **monday("9", "12"))
    assert "With the hours as they are saved" in saved.text


def test_a_date_is_closed_without_hours_and_removed_by_its_button() -> None:
    """None is closed; removed, the weekly hours count again."""
    app, backend = house()
    send(app, "dates", on="2030-12-24")
    assert last_asked(backend, SetDateHours).windows == []
    send(app, "dates", on="2030-12-24", do="remove")
    assert last_asked(backend, SetDateHours).windows is None
    assert "Choose a date." in send(app, "dates").text


def test_time_off_without_a_last_day_is_one_day() -> None:
    """Times are optional; a flaw of booking's stands beside its field."""
    app, backend = house()
    send(app, "time-off", first_on="2030-12-24", from_time="12")
    asked = last_asked(backend, AddTimeOff)
    assert (asked.first_on, asked.from_time, asked.until_time) == (asked.last_on, "12:00", None)
    flawed, _ = house(AddTimeOff=refuse(InvalidInput("", {"last_on": "must not be in the past"})))
    answer = send(flawed, "time-off", first_on="2020-12-24")
    assert answer.status_code == 422
    assert 'id="error-last_on"' in answer.text


def test_the_front_desk_reads_whose_calendar_it_is() -> None:
    """A practitioner's own needs no name."""
    assert "Availability of Miriam Adler" in fetch(house(DESK)[0], URL).text
    assert "Miriam Adler" not in fetch(house()[0], URL).text


def calendars(*ids: UUID) -> dict[str, Any]:
    return {"ListCalendars": lambda _: CalendarsView(practitioner_ids=list(ids))}


def test_one_calendar_opens_at_once_and_several_are_a_choice() -> None:
    """Whoever keeps none reads that the page is not theirs."""
    own = fetch(house(**calendars(views.PERSON))[0], "/availability")
    assert own.headers["location"] == URL
    several = fetch(house(DESK, **calendars(views.PERSON, uuid4()))[0], "/availability")
    assert f'href="{URL}"' in several.text
    assert fetch(house(DESK, **calendars())[0], "/availability").status_code == 403
