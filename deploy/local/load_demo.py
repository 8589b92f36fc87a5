"""Fills a private database with the demo: `python -m deploy.local.load_demo`.

It goes through each service's own operations, in that service's runtime role, one transaction a
practice and service. Run again it changes nothing: the first run's day is the demo's day.
"""

import json
import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from deploy.local.demo import (
    DemoData,
    DemoOffering,
    DemoPractice,
    DemoPractitioner,
    DemoSession,
    demo_id,
    generate_sessions,
    load_demo,
)
from deploy.local.demo_charges import charge_upcoming
from services.billing import operations as billing
from services.billing.domain.facts import ChargeFacts
from services.booking.domain.schedule import WeeklyHours, Window
from services.booking.operations import history, setup
from services.common import runtime
from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.money import Money
from services.contracts.base import Format
from services.contracts.profiles import Profession, Role
from services.profiles import operations as profiles
from services.profiles.adapters.passwords import Passwords
from services.profiles.catalogue import load_catalogue
from services.profiles.domain.records import (
    AccountRecord,
    ClientRecord,
    CredentialRecord,
    MemberRecord,
    PracticeRecord,
    PractitionerRecord,
)
from services.profiles.models import Account

BECAUSE = "demo"


def main() -> None:
    """Load everything, then write down the four logins."""
    now = utc_now()
    data = load_demo(now.date())
    passwords = json.loads(os.environ["ATTUNE_DEMO_PASSWORDS"])
    if _is_loaded(data):
        print("the demo is loaded already")
    else:
        load(data, passwords, now)
    logins = [
        {"kind": login.kind, "email": login.email, "password": passwords[login.kind]}
        for login in data.logins
    ]
    Path(os.environ["ATTUNE_DEMO_LOGINS_FILE"]).write_text(json.dumps(logins))


def load(data: DemoData, passwords: dict[str, str], now: datetime) -> None:
    """Profiles come last: an account that is there says that the rest is there as well."""
    sessions = list(generate_sessions(data))
    for practice in data.practices:
        its = [session for session in sessions if session.practice == practice.slug]
        with runtime.of_process("booking").database.transaction(_setter(practice)) as tx:
            _load_booking(tx, data, practice, its, now)
        charges = charge_upcoming(practice, its, now)
        with runtime.of_process("billing").database.transaction(_setter(practice)) as tx:
            _load_billing(tx, data, practice, its, charges, now)
    _load_people(data, passwords, now)


def _is_loaded(data: DemoData) -> bool:
    with runtime.of_process("profiles").database.plumbing() as tx:
        known = select(Account.id).where(Account.id == data.logins[-1].account_id)
        return tx.scalar(known) is not None


def _setter(practice: DemoPractice) -> Actor:
    return service_actor("demo", practice.id, BECAUSE)


# --- booking -------------------------------------------------------------------------------


def _load_booking(
    tx: Session,
    data: DemoData,
    practice: DemoPractice,
    sessions: list[DemoSession],
    now: datetime,
) -> None:
    for person in data.practitioners_of(practice.slug):
        _load_schedule(tx, practice, person, now)
        for position, offering in enumerate(person.offerings):
            _load_offering(tx, practice, person, offering, position, now)
    for closure in practice.closures:
        day = setup.NewClosure(
            practice.id, demo_id("closure", f"{practice.slug}/{closure.on}"), closure.on, closure.on
        )
        setup.add_closure(tx, day, now=now)
    history.take_over_sessions(
        tx, practice.id, [_known(data, session) for session in sessions], now=now
    )


def _load_schedule(
    tx: Session, practice: DemoPractice, person: DemoPractitioner, now: datetime
) -> None:
    schedule = setup.NewSchedule(practice.id, person.id, practice.zone, person.account_id)
    setup.open_schedule(tx, schedule, now=now)
    hours = [WeeklyHours(one.weekday, _window(one.starts, one.ends)) for one in person.hours]
    setup.set_weekly_hours(tx, practice.id, person.id, hours, now=now)
    for away in person.time_off:
        off = setup.NewTimeOff(
            practice.id,
            demo_id("time_off", f"{person.slug}/{away.starts_on}"),
            person.id,
            away.starts_on,
            away.ends_on - timedelta(days=1),
        )
        setup.add_time_off(tx, off, now=now)


def _window(starts: time, ends: time) -> Window:
    """Midnight as an end is 24:00."""
    minutes = [at.hour * 60 + at.minute for at in (starts, ends)]
    return Window(minutes[0], minutes[1] or 24 * 60)


def _load_offering(
    tx: Session,
    practice: DemoPractice,
    person: DemoPractitioner,
    offering: DemoOffering,
    position: int,
    now: datetime,
) -> None:
    policy_id = demo_id("policy", f"{practice.slug}/{offering.policy}")
    tiers = tuple((tier.hours_before, tier.refund_percent) for tier in offering.cancellation)
    setup.add_policy(tx, setup.NewPolicy(practice.id, policy_id, tiers))
    new = setup.NewOffering(
        practice_id=practice.id,
        id=offering.id,
        practitioner_id=person.id,
        name=offering.name,
        minutes=offering.minutes,
        price_id=offering.price_id,
        policy_id=policy_id,
        formats=person.formats,
        position=position,
        before_minutes=offering.before_minutes,
        after_minutes=offering.after_minutes,
        notice_minutes=offering.notice_hours * 60,
        window_days=offering.window_days,
        increment_minutes=offering.increment_minutes,
    )
    setup.add_offering(tx, new, now=now)


def _known(data: DemoData, session: DemoSession) -> history.KnownSession:
    client = data.client(session.client)
    return history.KnownSession(
        id=session.id,
        booking_id=session.booking_id,
        offering_id=_offering(data, session).id,
        practitioner_id=data.practitioner(session.practitioner).id,
        client_id=client.id,
        starts_at=session.starts_at,
        format=session.format,
        state=session.state,
        booked_at=session.booked_at,
        account_id=client.account_id,
        cancelled_at=session.cancelled_at,
    )


def _offering(data: DemoData, session: DemoSession) -> DemoOffering:
    person = data.practitioner(session.practitioner)
    return next(one for one in person.offerings if one.slug == session.offering)


# --- billing -------------------------------------------------------------------------------


def _load_billing(
    tx: Session,
    data: DemoData,
    practice: DemoPractice,
    sessions: list[DemoSession],
    charges: dict[UUID, ChargeFacts],
    now: datetime,
) -> None:
    billing.connect_practice(
        tx, practice.id, practice.stripe_account, practice.commission_basis_points
    )
    for person in data.practitioners_of(practice.slug):
        for offering in person.offerings:
            money = Money(offering.price_minor, practice.currency)
            price = billing.NewPrice(
                offering.price_id, practice.id, offering.id, person.id, 1, money
            )
            billing.publish_price(tx, price, now=now)
    past = [_paid(data, practice, one, charges.get(one.payment_id)) for one in sessions]
    billing.import_past_payments(tx, practice.id, past)


def _paid(
    data: DemoData, practice: DemoPractice, session: DemoSession, charge: ChargeFacts | None
) -> billing.PastPayment:
    client = data.client(session.client)
    ended = None
    if session.cancelled_at is not None:
        percent = 100 * session.refund_minor // session.price_minor
        refund = Money(session.refund_minor, session.currency)
        ended = billing.PastRefund(refund, percent, session.cancelled_at)
    return billing.PastPayment(
        id=session.payment_id,
        booking_id=session.booking_id,
        client_id=client.id,
        account_id=client.account_id,
        price_id=_offering(data, session).price_id,
        money=Money(session.price_minor, session.currency),
        captured_at=session.booked_at,
        stripe_fee=_stripe_fee(session, charge),
        commission=session.price_minor * practice.commission_basis_points // 10_000,
        ended=ended,
        stripe_account_id=practice.stripe_account if charge else None,
        payment_intent_id=charge.payment_intent_id if charge else None,
    )


def _stripe_fee(session: DemoSession, charge: ChargeFacts | None) -> int:
    """What Stripe kept; for the past, what it would have kept at 1.5 % + 0.25."""
    if charge and charge.settlement:
        return charge.settlement.stripe_fee
    return session.price_minor * 15 // 1000 + 25


# --- profiles ------------------------------------------------------------------------------


def _load_people(data: DemoData, passwords: dict[str, str], now: datetime) -> None:
    database = runtime.of_process("profiles").database
    hasher = Passwords()
    hashes = {one.account_id: hasher.hash(passwords[one.kind]) for one in data.logins}
    with database.plumbing() as tx:
        profiles.store_catalogue(tx, load_catalogue())
        for account in _accounts(data, hashes):
            profiles.open_account(tx, account, now=now)
    for practice in data.practices:
        with database.transaction(_setter(practice)) as tx:
            _load_practice(tx, data, practice, now)
    operator = next(login for login in data.logins if login.kind == "operator")
    with database.plumbing() as tx:
        record = AccountRecord(
            operator.account_id, operator.email, operator.name, "UTC", hashes[operator.account_id]
        )
        profiles.open_account(tx, record, now=now)
        profiles.make_operator(tx, operator.account_id, now=now)


def _accounts(data: DemoData, hashes: dict[UUID, str]) -> list[AccountRecord]:
    """Everybody with a login; only the four that are printed can sign in."""
    clients = [
        (one.account_id, one.email, one.name, data.practice(one.practice).zone)
        for one in data.clients
        if one.account_id
    ]
    treating = [
        (one.account_id, one.email, one.name, data.practice(one.practice).zone)
        for one in data.practitioners
    ]
    members = [
        (member.account_id, member.email, member.name, practice.zone)
        for practice in data.practices
        for member in practice.members
    ]
    return [
        AccountRecord(id_, email, name, zone, hashes.get(id_))
        for id_, email, name, zone in (*clients, *treating, *members)
    ]


def _load_practice(tx: Session, data: DemoData, practice: DemoPractice, now: datetime) -> None:
    profiles.open_practice(
        tx,
        PracticeRecord(
            id=practice.id,
            name=practice.name,
            email=practice.email,
            address=f"{practice.street}, {practice.postal_code} {practice.city}",
            city=practice.city,
            time_zone=practice.zone,
            currency=practice.currency,
        ),
    )
    for person in data.practitioners_of(practice.slug):
        profiles.publish_practitioner(tx, _practitioner(practice, person, data.today))
        roles = frozenset({Role.PRACTITIONER})
        record = MemberRecord(practice.id, person.account_id, roles, person.id)
        profiles.add_member(tx, record, now=now)
    for member in practice.members:
        roles = frozenset({Role(member.role)})
        profiles.add_member(tx, MemberRecord(practice.id, member.account_id, roles), now=now)
    for client in data.clients_of(practice.slug):
        known = ClientRecord(
            client.id, practice.id, client.name, client.email, practice.zone, client.account_id
        )
        profiles.store_client(tx, known, now=now)


def _practitioner(
    practice: DemoPractice, person: DemoPractitioner, today: date
) -> PractitionerRecord:
    seen_on = datetime(today.year, 1, 15, tzinfo=UTC).date() if person.is_verified else None
    return PractitionerRecord(
        id=person.id,
        practice_id=practice.id,
        slug=person.slug,
        name=f"{person.title} {person.name}" if person.title else person.name,
        email=person.email,
        title=person.headline,
        pronouns=person.pronouns or "",
        profession=Profession(person.kind),
        verified_on=seen_on,
        credentials=tuple(
            CredentialRecord(one.name, one.issuer, one.number, one.since, seen_on)
            for one in person.credentials
        ),
        portrait_url=f"/static/portraits/{person.portrait}",
        about=tuple(person.bio.split("\n\n")),
        languages=person.languages,
        formats=tuple(Format(one) for one in person.formats),
        address=f"{practice.street}, {practice.postal_code} {practice.city}"
        + (f", {person.room}" if person.room else ""),
        city=practice.city,
        time_zone=practice.zone,
        topics=person.topics,
        approaches=person.approaches,
    )


if __name__ == "__main__":
    main()
