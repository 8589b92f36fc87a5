"""The demo's packages: five sessions with the first of each practice's people, a tenth cheaper."""

from datetime import datetime

from deploy.local.demo import DemoData, DemoPractice, demo_id
from services.billing.operations.package_offers import save_package
from services.common import runtime
from services.common.auth import Actor
from services.common.money import Money
from services.contracts.billing.packages import RefundRule, SavePackage

SESSIONS, PERCENT = 5, 90


def load_packages(data: DemoData, practice: DemoPractice, now: datetime) -> None:
    """One package of one practice; its ids follow from the offering, so that a second run adds
    nothing."""
    person = next(iter(data.practitioners_of(practice.slug)))
    offering = person.offerings[0]
    whole = Money(offering.price_minor * SESSIONS, practice.currency)
    command = SavePackage(
        id=demo_id("package-version", offering.key),
        package_id=demo_id("package", offering.key),
        after_version=0,
        practitioner_id=person.id,
        offering_ids=[offering.id],
        name="Five sessions",
        sessions=SESSIONS,
        price=whole.share(PERCENT),
        valid_months=12,
        refund_rule=RefundRule.SINGLE_PRICE,
    )
    desk = Actor("person", practice.id, practice.id, frozenset({"owner"}), issuer="demo")
    with runtime.of_process("billing").database.transaction(desk) as tx:
        save_package(tx, command, actor=desk, now=now)
