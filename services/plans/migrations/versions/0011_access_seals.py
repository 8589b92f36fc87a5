"""Who looked is sealed: batches of rows, each with the digest of the batch before."""

from alembic import op

from services.common.tenancy import protect

revision = "0011"
down_revision = "0010"

SEALS = [
    """
    CREATE TABLE plans.access_seals (
        practice_id UUID NOT NULL,
        number INTEGER NOT NULL,
        accesses INTEGER NOT NULL,
        digest BYTEA NOT NULL,
        sealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT access_seals_pkey PRIMARY KEY (practice_id, number),
        CONSTRAINT access_seals_number_positive CHECK (number >= 1),
        CONSTRAINT access_seals_cover_some CHECK (accesses >= 1),
        CONSTRAINT access_seals_digest_is_sha256 CHECK (octet_length(digest) = 32)
    )
    """,
    """
    ALTER TABLE plans.accesses
        ADD COLUMN seal_number INTEGER,
        ADD CONSTRAINT accesses_seal_fkey FOREIGN KEY (practice_id, seal_number)
            REFERENCES plans.access_seals (practice_id, number)
    """,
    # Writing down a look feeds the first of them alone, sealing it the other.
    """
    CREATE INDEX accesses_unsealed_idx ON plans.accesses (practice_id, id)
        WHERE seal_number IS NULL
    """,
    """
    CREATE INDEX accesses_of_seal_idx ON plans.accesses (practice_id, seal_number)
        WHERE seal_number IS NOT NULL
    """,
]
# The serving role says of a row which seal covers it, and changes nothing of what it says.
RIGHTS = [
    "REVOKE UPDATE, DELETE ON plans.access_seals FROM attune_plans",
    "GRANT UPDATE (seal_number) ON plans.accesses TO attune_plans",
]


def upgrade() -> None:
    for statement in [*SEALS, *protect("plans.access_seals"), *RIGHTS]:
        op.execute(statement)
