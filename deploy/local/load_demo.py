"""Fills a private database with the demo: `python -m deploy.local.load_demo`.

It goes through each service's own operations, in that service's runtime role, one transaction a
practice and service. Run again it changes nothing: the first run's day is the demo's day.
"""

import json
import os
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from deploy.local.demo import DemoData, generate_sessions, load_demo
from deploy.local.demo_calendars import load_calendars
from deploy.local.demo_charges import charge_upcoming
from deploy.local.demo_history import load_history
from deploy.local.demo_invoices import load_invoices
from deploy.local.demo_notes import load_notes
from deploy.local.demo_packages import load_packages
from deploy.local.demo_payments import load_payments
from deploy.local.demo_payouts import load_payouts, pay_out
from deploy.local.demo_people import load_people, setter
from deploy.local.demo_plans import load_plans
from deploy.local.run_directory import write_private
from services.common import runtime
from services.common.clock import utc_now
from services.profiles.models import Account


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
    write_private(Path(os.environ["ATTUNE_DEMO_LOGINS_FILE"]), json.dumps(logins))


def load(data: DemoData, passwords: dict[str, str], now: datetime) -> None:
    """Profiles come last: an account that is there says that the rest is there as well."""
    sessions = list(generate_sessions(data))
    for practice in data.practices:
        its = [session for session in sessions if session.practice == practice.slug]
        with runtime.of_process("booking").database.transaction(setter(practice)) as tx:
            load_calendars(tx, data, practice, its, now)
        charges, made = charge_upcoming(practice, its, now), pay_out(practice)
        with runtime.of_process("billing").database.transaction(setter(practice)) as tx:
            load_payments(tx, data, practice, its, charges, now)
            load_payouts(tx, practice, made)
        load_invoices(data, practice, its, now)
        load_packages(data, practice, now)
        load_history(data, practice, its, now)
        load_plans(data, practice, its, now)
        load_notes(data, practice, its, now)
    load_people(data, passwords, now)


def _is_loaded(data: DemoData) -> bool:
    with runtime.of_process("profiles").database.plumbing() as tx:
        known = select(Account.id).where(Account.id == data.logins[-1].account_id)
        return tx.scalar(known) is not None


if __name__ == "__main__":
    main()
