"""What the migrated database says of itself is what the models promise."""

import pytest
from sqlalchemy import Connection, text

from deploy.local.names import SERVICES
from tests.integration.tenancy.catalogue import (
    BOOKKEEPING,
    Column,
    columns,
    indexes,
    is_walled,
    model_kinds,
    policies,
    service_of,
    tables,
    tables_of_kind,
)

TENANT, PLATFORM, PLUMBING = (tables_of_kind(k) for k in ("tenant", "platform", "plumbing"))
PRACTICE_SETTING = "NULLIF(current_setting('attune.practice_id'::text, true), ''::text))::uuid"
ACCOUNT_SETTING = "NULLIF(current_setting('attune.account_id'::text, true), ''::text))::uuid"

SEVERAL_SETTING = "NULLIF(current_setting('attune.practice_ids'::text, true), ''::text)"
BOOKING_SETTING = "NULLIF(current_setting('attune.booking_id'::text, true), ''::text))::uuid"
#: Reading beyond the practice, by policy name: what it may say, and on which tables.
READING_BEYOND = {
    # a person's own rows in every practice
    "own_rows": (
        f"(account_id = ({ACCOUNT_SETTING})",
        {
            *("booking.bookings", "billing.payments", "profiles.clients", "profiles.members"),
            *("plans.charts", "plans.accesses", "plans.plans", "plans.versions"),
            *("plans.entries", "plans.dues", "plans.fillings", "plans.reviews"),
            *("plans.courses", "billing.invoices", "billing.package_sales", "billing.credit_uses"),
        },
    ),
    # the calendars of several practices at once, for directory cards
    "several": (
        f"(practice_id = ANY ((string_to_array({SEVERAL_SETTING}, ','::text))::uuid[]))",
        {
            *("booking.bookings", "booking.busy_times", "booking.closures", "booking.offerings"),
            *("booking.policies", "booking.rooms", "booking.schedule_hours", "booking.schedules"),
            *("booking.schedule_overrides", "booking.sessions", "booking.time_off"),
        },
    ),
    # the one booking whose door is knocked at, before a practice is known
    "door": (f"(id = ({BOOKING_SETTING})", {"booking.bookings"}),
}

#: Indexes of tenant tables that begin with something else, and why they must.
OTHERWISE_SORTED = {
    "bookings_id_unique": "a caller's id is unique in the house, not in a practice",
    "offerings_id_unique": "a caller's id is unique in the house, not in a practice",
    "payments_pkey": "an id of the house; refunds and postings refer to it",
    "receivables_pkey": "an id of the house; postings refer to it",
    "refunds_pkey": "an id of the house",
    "refunds_one_per_key": "Stripe's idempotency keys are unique in the house",
    "ledger_transactions_pkey": "an id of the house; postings refer to it",
    "invoices_pkey": "an id of the house; lines, files and credit notes refer to it",
    "disputes_pkey": "an id of the house; answers refer to it",
    "dispute_answers_pkey": "an id of the house",
    "payouts_pkey": "an id of the house; postings and movements refer to it",
    "balance_transactions_pkey": "an id of the house",
    "reconciliation_runs_pkey": "an id of the house; what was found refers to it",
    "reconciliation_differences_pkey": "an id of the house; postings and decisions refer to it",
    "reconciliation_decisions_pkey": "an id of the house",
    "invoices_account_idx": "a person's invoices in all practices (second policy)",
    "package_sales_pkey": "an id of the house; a payment refers to it",
    "package_sales_account_idx": "a person's packages in all practices (second policy)",
    "credit_uses_pkey": "an id of the house; postings refer to it",
    "payments_captured_idx": "a person's payments in all practices (second policy)",
    "bookings_of_account_idx": "a person's bookings in all practices (second policy)",
    "plans_id_unique": "a caller's id is unique in the house, not in a practice",
    "plans_of_account_idx": "a person's plans in all practices (second policy)",
    "members_account_idx": "a person's practices (second policy)",
    "schedules_one_per_practitioner": "a practitioner of the house has one schedule",
    "sessions_no_overlap": "a practitioner cannot be in two practices at a time",
    "sessions_no_room_overlap": "a room's id is unique in the house",
}

#: Texts that plumbing may hold: codes, ids of the house or of Stripe, hashes, exception types.
CODES = {
    "type",
    "handler",
    "kind",
    "outcome",
    "error",
    "request_id",
    "key",
    "id",
    "account",
    "object_id",
    "parent_id",
    "version_num",
    "fingerprint",
}
#: Structured plumbing, each with what keeps people out of it.
STRUCTURED = {
    "outbox.body": "events, whose contracts have no field for a text",
    "failed_events.body": "events, whose contracts have no field for a text",
    "failed_events.raw": "bytes that are no event, kept for a person to look at",
    "openings_announced.openings": "the contract's Opening: times and formats",
}
NUMBERS_AND_TIMES = ("uuid", "timestamp with time zone", "date", "integer", "bigint", "smallint")

PERSONAL = ("name", "email", "phone", "address", "birth", "note", "text", "password", "title")
#: Platform columns that name somebody: the account's own, what somebody typed who wants one until
#: their mail is opened, and what practices publish.
PUBLISHED = {
    "billing.package_versions": {"name"},
    "profiles.accounts": {"name", "email", "password_hash"},
    "profiles.registrations": {"name", "email", "password_hash"},
    "profiles.registration_mails": {"email"},
    "profiles.practices": {"name", "email", "address"},
    "profiles.published_practitioners": {"name", "title", "address"},
    "profiles.topics": {"name", "texts"},
    "profiles.approaches": {"name", "texts"},
}


@pytest.fixture
def catalogue(scratch: Connection) -> Connection:
    """The catalogue, to be read."""
    return scratch


def personal(found: list[Column]) -> set[str]:
    """Columns that sound like a person."""
    return {column.name for column in found if any(word in column.name for word in PERSONAL)}


def unfit_for_plumbing(table: str, found: list[Column]) -> set[str]:
    """Columns that are neither ids, times, numbers nor short codes."""
    return {
        column.name
        for column in found
        if column.type not in (*NUMBERS_AND_TIMES, "boolean")
        and not (column.type.startswith("character") and column.name in CODES)
        and f"{table.split('.')[1]}.{column.name}" not in STRUCTURED
    }


def test_the_database_has_the_tables_of_the_models_and_no_others(catalogue: Connection) -> None:
    """Each with a kind; no view could look past a policy."""
    bookkeeping = {f"{service}.{BOOKKEEPING}" for service in SERVICES}
    assert tables(catalogue) == model_kinds().keys() | bookkeeping


@pytest.mark.parametrize("table", TENANT)
def test_a_tenant_table_is_walled_even_against_its_owner(catalogue: Connection, table: str) -> None:
    """ENABLE and FORCE."""
    assert is_walled(catalogue, table) == (True, True)


@pytest.mark.parametrize("table", TENANT)
def test_a_tenant_table_shows_and_takes_rows_of_the_set_practice_only(
    catalogue: Connection, table: str
) -> None:
    """One policy for every command, for reading and for writing."""
    tenant = policies(catalogue, table)["tenant"]
    assert (tenant.command, tenant.is_permissive) == ("*", True)
    for rule in (tenant.shows, tenant.lets_in):
        assert rule == f"(practice_id = ({PRACTICE_SETTING})"


@pytest.mark.parametrize("table", TENANT)
def test_a_tenant_table_is_opened_further_for_reading_only_and_where_it_is_listed(
    catalogue: Connection, table: str
) -> None:
    """Policies are added with OR, so each further one opens what the first one keeps."""
    others = {name: one for name, one in policies(catalogue, table).items() if name != "tenant"}
    listed = {name for name, (_, its) in READING_BEYOND.items() if table in its}
    assert others.keys() == listed
    for name, policy in others.items():
        assert (policy.command, policy.shows) == ("r", READING_BEYOND[name][0])


@pytest.mark.parametrize("table", TENANT)
def test_every_row_of_a_tenant_table_names_its_practice(catalogue: Connection, table: str) -> None:
    """NULL would belong to nobody."""
    assert Column("practice_id", "uuid", is_nullable=False) in columns(catalogue, table)


@pytest.mark.parametrize("table", TENANT)
def test_the_indexes_of_a_tenant_table_begin_with_the_practice(
    catalogue: Connection, table: str
) -> None:
    """So that a policy is an index condition; others have their reason above."""
    found = indexes(catalogue, table)
    assert {
        name
        for name, first in found.items()
        if first != "practice_id" and name not in OTHERWISE_SORTED
    } == set()


def test_every_exception_of_an_index_is_still_one(catalogue: Connection) -> None:
    """A reason without its index is taken off the list."""
    found = {
        name
        for table in TENANT
        for name, first in indexes(catalogue, table).items()
        if first != "practice_id"
    }
    assert OTHERWISE_SORTED.keys() == found


@pytest.mark.parametrize("table", [*PLATFORM, *PLUMBING])
def test_what_all_share_has_no_policies(catalogue: Connection, table: str) -> None:
    """A policy there would be a sign that the table's kind is wrong."""
    assert (is_walled(catalogue, table), policies(catalogue, table)) == ((False, False), {})


@pytest.mark.parametrize("table", PLUMBING)
def test_plumbing_holds_ids_times_numbers_and_codes(catalogue: Connection, table: str) -> None:
    """It has no tenant, so it may hold nothing of anybody."""
    found = columns(catalogue, table)
    assert unfit_for_plumbing(table, found) == set()
    assert personal(found) == set()


def test_a_text_in_plumbing_is_found() -> None:
    """The twin: a text of any length, and a code under an unknown name."""
    text_, code = Column("subject", "text", True), Column("city", "character varying(40)", True)
    assert unfit_for_plumbing("a.due_work", [text_, code]) == {"subject", "city"}


@pytest.mark.parametrize("table", PLATFORM)
def test_a_platform_table_names_people_only_where_they_chose_to(
    catalogue: Connection, table: str
) -> None:
    """An account's own entries, and what practices publish."""
    assert personal(columns(catalogue, table)) <= PUBLISHED.get(table, set())


@pytest.mark.parametrize("service", SERVICES)
def test_the_runtime_role_is_bound_by_every_policy(catalogue: Connection, service: str) -> None:
    """Neither superuser nor BYPASSRLS, and it can make nobody that is."""
    asked = text(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = :role"
    )
    assert tuple(catalogue.execute(asked, {"role": f"attune_{service}"}).one()) == (False,) * 5


@pytest.mark.parametrize("service", SERVICES)
def test_the_runtime_role_owns_nothing_and_is_nobody_else(
    catalogue: Connection, service: str
) -> None:
    """An owner could take the policies off, and so could a member of the owner."""
    role = {"role": f"attune_{service}"}
    owned = text("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = :role")
    member = text(
        "SELECT r.rolname FROM pg_roles r WHERE r.rolname <> :role"
        " AND pg_has_role(:role, r.oid, 'MEMBER')"
    )
    assert catalogue.scalars(owned, role).all() == []
    assert catalogue.scalars(member, role).all() == []


@pytest.mark.parametrize("service", SERVICES)
def test_the_runtime_role_reaches_its_own_schema_only(catalogue: Connection, service: str) -> None:
    """No usage of another schema, no right on any table there, and no new tables at home."""
    role = f"attune_{service}"
    for schema in SERVICES:
        asked = text("SELECT has_schema_privilege(:role, :schema, :right)")
        for right, expected in (("USAGE", schema == service), ("CREATE", False)):
            told = catalogue.scalar(asked, {"role": role, "schema": schema, "right": right})
            assert told is expected, f"{right} on {schema}"
    readable = text("SELECT has_table_privilege(:role, :table, 'SELECT')")
    for table in tables(catalogue):
        if service_of(table) != service:
            assert catalogue.scalar(readable, {"role": role, "table": table}) is False


@pytest.mark.parametrize("table", TENANT)
def test_the_runtime_role_has_no_right_that_policies_do_not_bind(
    catalogue: Connection, table: str
) -> None:
    """TRUNCATE, REFERENCES and TRIGGER pass row-level security by."""
    asked = text("SELECT has_table_privilege(:role, :table, :right)")
    for right in ("TRUNCATE", "REFERENCES", "TRIGGER"):
        told = {"role": f"attune_{service_of(table)}", "table": table, "right": right}
        assert catalogue.scalar(asked, told) is False, right


def test_no_routine_works_with_its_owners_rights(catalogue: Connection) -> None:
    """SECURITY DEFINER would be a door through every policy."""
    asked = text(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = ANY(:schemas) AND p.prosecdef"
    )
    assert catalogue.scalars(asked, {"schemas": list(SERVICES)}).all() == []
