"""A practice's packages: what it offers, made and changed in versions, and retired."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.common.errors import DifferentContent, InvalidInput, NotFound
from services.common.money import Money
from services.contracts.billing.packages import (
    ListPackages,
    PackageChanged,
    PackagesView,
    PackageView,
    RefundRule,
    SavePackage,
    SetPackageActive,
)
from services.contracts.booking.billed import (
    ListPracticeOfferings,
    PracticeOffering,
    PracticeOfferingsView,
)
from services.contracts.profiles.clients import ClientsView, ListClients
from services.contracts.profiles.practices import PracticeView
from services.gateway.forms.packages import CHOSEN, PackageForm, StateForm, package_of
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import labels
from services.gateway.web import package_words as words
from services.gateway.web.ids import kept_form_id, new_form_id
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page, redirect

router = APIRouter(prefix="/practices/{practice_id}/money/packages")
Context = dict[str, Any]
SECTION = "packages"
SAVED = "Saved. It is on offer from now on; what is sold already stays as it was bought."
OFFERED = "The package is on offer again."
RETIRED = "The package is not on offer any more. What is sold of it can still be used."
MIXED = "A package is of sessions with one person. Please choose offerings of one of them."
CHANGED = "Somebody changed this package meanwhile. This is how it is now: please look again."
FIRST = {"sessions": "5", "valid_months": "12", "refund_rule": RefundRule.PACKAGE_PRICE.value}
RULES = [{"value": one.value, "label": words.RULES[one]} for one in RefundRule]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a practice has: its packages, its offerings, and who treats there."""

    practice: PracticeView
    packages: list[PackageView]
    offerings: list[PracticeOffering]
    names: Mapping[UUID, str]

    def package(self, package_id: UUID) -> PackageView:
        """One of them; raises NotFound."""
        found = next((one for one in self.packages if one.id == package_id), None)
        if found is None:
            raise NotFound("There is no such package.")
        return found

    def owner(self, offering_ids: list[UUID]) -> UUID:
        """Whose sessions they are; raises Flawed where they are of several, or not offered."""
        whose = {one.id: one.practitioner_id for one in self.offerings}
        owners = {whose.get(id_) for id_ in offering_ids}
        owner = next(iter(owners))
        if len(owners) != 1 or owner is None:
            raise Flawed({"offerings": MIXED})
        return owner


@router.get("")
async def packages_page(desk: AtMoney) -> Response:
    """What is offered, and what was."""
    shelf = await _shelf(desk)
    names = {one.id: one.name for one in shelf.offerings}
    context = {
        "desk": desk.frame(SECTION),
        "tabs": tabs(desk, ""),
        "new_url": desk.url(f"{SECTION}/new"),
        "packages": [_line(desk, one, names, shelf.names) for one in shelf.packages],
    }
    return await page(desk.request, "money_packages.html", context, active="money")


@router.get("/new")
async def new_page(desk: AtMoney) -> Response:
    """An empty form."""
    return await _form(desk, await _shelf(desk), FIRST, {})


@router.post("")
async def save(sent: Sent, desk: AtMoney) -> Response:
    """Publish the version; what is wrong is said at its field, and what was typed stays."""
    shelf = await _shelf(desk)
    try:
        form = package_of(sent)
        command = _command(form, shelf)
        await desk.backend.ask(desk.actor, command, PackageView)
    except Flawed as flawed:
        return await _form(desk, shelf, sent, flawed.errors, 422)
    except InvalidInput as flaws:
        return await _form(desk, shelf, sent, _named(flaws), 422)
    except (PackageChanged, DifferentContent):
        return await _changed(desk, sent)
    return redirect(desk.request, desk.url(SECTION), notice=SAVED)


@router.get("/{package_id}")
async def package_page(desk: AtMoney, package_id: UUID) -> Response:
    """The package as it is offered now, to be changed."""
    shelf = await _shelf(desk)
    kept = shelf.package(package_id)
    return await _form(desk, shelf, _values(kept), {})


@router.post("/{package_id}/state")
async def set_state(sent: Sent, desk: AtMoney, package_id: UUID) -> Response:
    """Offer it again, or retire it."""
    try:
        is_active = parsed(StateForm, sent).act == "offer"
    except Flawed as flawed:
        raise InvalidInput("This page is out of date.", flawed.errors) from None
    command = SetPackageActive(package_id=package_id, is_active=is_active)
    await desk.backend.ask(desk.actor, command, PackageView)
    notice = OFFERED if is_active else RETIRED
    return redirect(desk.request, desk.url(SECTION), notice=notice)


def tabs(desk: MoneyDesk, open_key: str) -> list[Context]:
    """What is offered, what was sold."""
    named = {"": "Offered", "/sales": "Sold"}
    return [
        {"label": label, "url": desk.url(SECTION + key), "is_selected": key == open_key}
        for key, label in named.items()
    ]


async def _shelf(desk: MoneyDesk) -> Shelf:
    people = ListClients(client_ids=[], is_with_practitioners=True)
    practice, told, offered, named = await asyncio.gather(
        desk.practice(),
        desk.backend.ask(desk.actor, ListPackages(), PackagesView),
        desk.backend.ask(desk.actor, ListPracticeOfferings(), PracticeOfferingsView),
        desk.backend.ask(desk.actor, people, ClientsView),
    )
    names = {one.id: one.name for one in named.practitioners}
    return Shelf(practice, told.packages, offered.offerings, names)


def _line(
    desk: MoneyDesk, package: PackageView, names: Mapping[UUID, str], people: Mapping[UUID, str]
) -> Context:
    return {
        "name": package.name,
        "url": desk.url(f"{SECTION}/{package.id}"),
        "whom": people.get(package.practitioner_id, ""),
        "offerings_label": words.offerings_label(package.offering_ids, names),
        "sessions_label": words.sessions_label(package.sessions),
        "price": labels.money_label(package.price),
        "singly": words.singly_label(package),
        "valid_label": words.months_label(package.valid_months),
        "rule": words.RULES[package.refund_rule],
        "is_active": package.is_active,
    }


def _command(form: PackageForm, shelf: Shelf) -> SavePackage:
    return SavePackage(
        id=form.form_id,
        package_id=form.package,
        after_version=form.after_version,
        practitioner_id=shelf.owner(form.offerings),
        offering_ids=form.offerings,
        name=form.name,
        sessions=form.sessions,
        price=form.money(shelf.practice.currency),
        valid_months=form.valid_months,
        refund_rule=form.refund_rule,
    )


def _named(flaws: InvalidInput) -> dict[str, str]:
    """A refusal of billing's, at its field."""
    told = {"offerings": MIXED, "price": f"This price {flaws.detail.get('price', '')}."}
    return {name: told.get(name, flaws.message) for name in flaws.detail}


async def _changed(desk: MoneyDesk, sent: Mapping[str, str]) -> Response:
    """The package as it is by now; one that was made meanwhile stands in the list."""
    shelf = await _shelf(desk)
    for one in shelf.packages:
        if str(one.id) == sent.get("package"):
            return await _form(desk, shelf, _values(one), {"form": CHANGED}, 409)
    return redirect(desk.request, desk.url(SECTION), notice=CHANGED, kind="warn")


def _values(kept: PackageView) -> dict[str, str]:
    """What the fields hold for a package that there is."""
    return {
        "package": str(kept.id),
        "after_version": str(kept.version),
        "name": kept.name,
        "sessions": str(kept.sessions),
        "price": _plain(kept.price),
        "valid_months": str(kept.valid_months),
        "refund_rule": kept.refund_rule.value,
        **{f"{CHOSEN}{id_}": "yes" for id_ in kept.offering_ids},
    }


def _plain(money: Money) -> str:
    major = money.major()
    return str(int(major)) if major == major.to_integral_value() else str(major)


async def _form(
    desk: MoneyDesk,
    shelf: Shelf,
    values: Mapping[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    kept = next((one for one in shelf.packages if str(one.id) == values.get("package")), None)
    is_shown = not errors or "form" in errors
    context = {
        "desk": desk.frame(SECTION),
        "back_url": desk.url(SECTION),
        "action": desk.url(SECTION),
        "form_id": new_form_id() if is_shown else kept_form_id(values.get("form_id", "")),
        "package_id": str(kept.id) if kept else kept_form_id(values.get("package", "")),
        "after_version": values.get("after_version", "0"),
        "kept": _kept(desk, kept) if kept else None,
        "currency": shelf.practice.currency,
        "offerings": [_choice(one, shelf.names, values) for one in _sorted(shelf)],
        "rules": RULES,
        "values": dict(values),
        "errors": errors,
    }
    template = "money_package.html"
    return await page(desk.request, template, context, status=status, active="money")


def _kept(desk: MoneyDesk, kept: PackageView) -> Context:
    return {
        "name": kept.name,
        "is_active": kept.is_active,
        "price": labels.money_label(kept.price),
        "singly": words.singly_label(kept),
        "state_action": desk.url(f"{SECTION}/{kept.id}/state"),
    }


def _sorted(shelf: Shelf) -> list[PracticeOffering]:
    def place(one: PracticeOffering) -> tuple[str, str, int]:
        return shelf.names.get(one.practitioner_id, ""), one.name, one.minutes

    return sorted(shelf.offerings, key=place)


def _choice(
    one: PracticeOffering, people: Mapping[UUID, str], values: Mapping[str, str]
) -> Context:
    name, whose = f"{CHOSEN}{one.id}", people.get(one.practitioner_id, "")
    told = f"{one.name}, {labels.minutes_label(one.minutes)}"
    return {
        "name": name,
        "label": f"{whose}: {told}" if whose else told,
        "is_chosen": bool(values.get(name)),
    }
