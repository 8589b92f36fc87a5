"""Packages as a practice offers them: published in versions, listed, retired."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.models import Package, PackageVersion, Price
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.taken_ids import unknown_if_taken
from services.billing.queries import packages
from services.common.auth import Actor
from services.common.errors import DifferentContent, InvalidInput, NotFound
from services.common.money import Money
from services.contracts.billing.packages import (
    ListPackageOffers,
    ListPackages,
    PackageChanged,
    PackagesView,
    PackageView,
    RefundRule,
    SavePackage,
    SetPackageActive,
)

Found = Row[*tuple[Any, ...]]
CHANGED = "Somebody changed this package meanwhile. Please look at it once more."


def list_packages(tx: Session, _command: ListPackages, *, actor: Actor) -> PackagesView:
    """All of the practice's; raises Forbidden."""
    return _views(tx, packages.of_practice(tx, practice_of_keeper(actor)))


def list_package_offers(tx: Session, command: ListPackageOffers) -> PackagesView:
    """What can be bought of a practitioner, for everybody."""
    return _views(tx, packages.on_offer(tx, command.practitioner_id))


def save_package(tx: Session, command: SavePackage, *, actor: Actor, now: datetime) -> PackageView:
    """Publish the next version; the same again changes nothing.

    Raises Forbidden, NotFound, InvalidInput, PackageChanged, DifferentContent.
    """
    practice_id = practice_of_keeper(actor)
    _check_offerings(tx, command, practice_id)
    earlier = packages.version(tx, command.id)
    if earlier is not None:
        _check_same(earlier, command, practice_id)
    else:
        _publish(tx, command, practice_id, now)
    return _one(tx, practice_id, command.package_id)


def set_package_active(tx: Session, command: SetPackageActive, *, actor: Actor) -> PackageView:
    """Offer it or retire it. Raises Forbidden, NotFound."""
    practice_id = practice_of_keeper(actor)
    package = packages.lock_package(tx, practice_id, command.package_id)
    if package is None:
        raise _unknown()
    package.is_active = command.is_active
    tx.flush()
    return _one(tx, practice_id, package.id)


def _check_offerings(tx: Session, command: SavePackage, practice_id: UUID) -> None:
    """All of them the practitioner's own, and paid singly in the package's currency."""
    found = packages.latest_prices(tx, command.offering_ids)
    for id_ in command.offering_ids:
        price = found.get(id_)
        owner = (price.practice_id, price.practitioner_id) if price else None
        if price is None or owner != (practice_id, command.practitioner_id):
            raise InvalidInput(
                "Please choose offerings of one practitioner.",
                {"offerings": "must be of one practitioner"},
            )
        if price.currency != command.price.currency:
            raise InvalidInput(
                "Prices of one package have one currency.",
                {"price": f"must be in {price.currency}"},
            )
    if command.price.amount < command.sessions:
        raise InvalidInput("A package has a price.", {"price": "must be above zero"})


def _publish(tx: Session, command: SavePackage, practice_id: UUID, now: datetime) -> None:
    first = insert(Package).values(
        id=command.package_id,
        practice_id=practice_id,
        practitioner_id=command.practitioner_id,
        version=1,
        is_active=True,
    )
    is_new = command.after_version == 0
    if is_new and tx.execute(first.on_conflict_do_nothing()).rowcount == 0:  # type: ignore[attr-defined]
        raise PackageChanged(CHANGED)
    package = packages.lock_package(tx, practice_id, command.package_id)
    if package is None:
        raise _unknown()
    if not is_new and package.version != command.after_version:
        raise PackageChanged(CHANGED)
    if package.practitioner_id != command.practitioner_id:
        raise InvalidInput(
            "A package stays with its practitioner.", {"offerings": "must be of one practitioner"}
        )
    package.version = command.after_version + 1
    tx.flush()
    _write_version(tx, command, package, now)


def _write_version(tx: Session, command: SavePackage, package: Package, now: datetime) -> None:
    price = Price(
        id=command.id,
        practice_id=package.practice_id,
        offering_id=package.id,
        practitioner_id=package.practitioner_id,
        version=package.version,
        amount=command.price.amount,
        currency=command.price.currency,
        published_at=now,
    )
    with unknown_if_taken("prices_pkey"):
        tx.add(price)
        tx.flush()
    tx.add(
        PackageVersion(
            id=command.id,
            practice_id=package.practice_id,
            package_id=package.id,
            version=package.version,
            name=command.name,
            offering_ids=sorted(set(command.offering_ids)),
            sessions=command.sessions,
            valid_months=command.valid_months,
            refund_rule=command.refund_rule,
        )
    )
    tx.flush()


def _check_same(earlier: Found, command: SavePackage, practice_id: UUID) -> None:
    package, version, price = earlier
    if package.practice_id != practice_id:
        raise _unknown()
    said = (version.package_id, version.name, version.sessions, version.valid_months)
    asked = (command.package_id, command.name, command.sessions, command.valid_months)
    more = (price.money, version.refund_rule, set(version.offering_ids))
    if said != asked or more != (command.price, command.refund_rule, set(command.offering_ids)):
        raise DifferentContent("This id was used for another version.")


def _one(tx: Session, practice_id: UUID, package_id: UUID) -> PackageView:
    found = packages.one(tx, practice_id, package_id)
    if found is None:
        raise _unknown()
    return _views(tx, [found]).packages[0]


def _views(tx: Session, found: Sequence[Found]) -> PackagesView:
    every = {id_ for _, version, _ in found for id_ in version.offering_ids}
    singles = packages.latest_prices(tx, sorted(every))
    return PackagesView(packages=[_view(row, singles) for row in found])


def _view(row: Found, singles: dict[UUID, Price]) -> PackageView:
    package, version, price = row
    each = _amounts(version.offering_ids, singles, price)
    return PackageView(
        id=package.id,
        version_id=version.id,
        version=version.version,
        practice_id=package.practice_id,
        practitioner_id=package.practitioner_id,
        offering_ids=version.offering_ids,
        name=version.name,
        sessions=version.sessions,
        price=price.money,
        singles_from=Money(min(each) * version.sessions, price.currency),
        singles_to=Money(max(each) * version.sessions, price.currency),
        valid_months=version.valid_months,
        refund_rule=RefundRule(version.refund_rule),
        is_active=package.is_active,
    )


def _amounts(offering_ids: Iterable[UUID], singles: dict[UUID, Price], price: Price) -> list[int]:
    """What each offering costs singly; one in another currency by now cannot be compared."""
    found = [singles[id_] for id_ in offering_ids if id_ in singles]
    return [one.amount for one in found if one.currency == price.currency] or [0]


def _unknown() -> NotFound:
    return NotFound("There is no such package.")
