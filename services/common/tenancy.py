"""The three kinds of table and the row-level policies that keep tenants apart.

tenant: `practice_id` on every row, forced row-level security; platform: shared by all;
plumbing: ids and times only. Every table says its kind in `info`, and a test walks the catalogue.
"""

from typing import Any

TENANT: dict[str, Any] = {"kind": "tenant"}
PLATFORM: dict[str, Any] = {"kind": "platform"}
PLUMBING: dict[str, Any] = {"kind": "plumbing"}
MAIL = PLUMBING | {"may_be_dropped": True}  # nothing but a mail hangs on its rows

# After a pooled transaction a custom setting reads as '' and not as NULL, hence NULLIF.
_PRACTICE = "NULLIF(current_setting('attune.practice_id', true), '')::uuid"
_ACCOUNT = "NULLIF(current_setting('attune.account_id', true), '')::uuid"


def protect(table: str, *, account_column: str | None = None) -> list[str]:
    """The statements that put a tenant table under its policies.

    With `account_column` the person named there may read their own rows in every practice.
    """
    is_own = f"(practice_id = {_PRACTICE})"
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} USING {is_own} WITH CHECK {is_own}",
    ]
    if account_column:
        statements.append(
            f"CREATE POLICY own_rows ON {table} FOR SELECT USING ({account_column} = {_ACCOUNT})"
        )
    return statements
