"""Accounts, practices and the people in them."""

from alembic import op

from services.common.plumbing import create_plumbing
from services.common.tenancy import protect

revision = "0001"
down_revision = None

TABLES = [
    """
    CREATE TABLE profiles.accounts (
        id UUID NOT NULL,
        email VARCHAR(320) NOT NULL,
        name VARCHAR(200) NOT NULL,
        time_zone VARCHAR(64) NOT NULL,
        password_hash VARCHAR(200),
        is_operator BOOLEAN DEFAULT false NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT accounts_pkey PRIMARY KEY (id),
        CONSTRAINT accounts_email_is_an_address CHECK (email ~ '^[^@ ]+@[^@ ]+$'),
        CONSTRAINT accounts_name_not_empty CHECK (length(name) > 0),
        CONSTRAINT accounts_password_is_hashed CHECK (password_hash LIKE '$argon2id$%')
    )
    """,
    """
    CREATE UNIQUE INDEX accounts_email_unique ON profiles.accounts (lower(email))
    """,
    """
    CREATE TABLE profiles.revocations (
        account_id UUID NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT revocations_pkey PRIMARY KEY (account_id)
    )
    """,
    """
    CREATE TABLE profiles.practices (
        id UUID NOT NULL,
        name VARCHAR(200) NOT NULL,
        email VARCHAR(320) NOT NULL,
        address VARCHAR NOT NULL,
        city VARCHAR(200) NOT NULL,
        time_zone VARCHAR(64) NOT NULL,
        currency CHAR(3) NOT NULL,
        CONSTRAINT practices_pkey PRIMARY KEY (id),
        CONSTRAINT practices_currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
        CONSTRAINT practices_name_not_empty CHECK (length(name) > 0)
    )
    """,
    """
    CREATE TABLE profiles.practitioners (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        name VARCHAR(200) NOT NULL,
        email VARCHAR(320) NOT NULL,
        CONSTRAINT practitioners_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT practitioners_name_not_empty CHECK (length(name) > 0),
        CONSTRAINT practitioners_practice_id_fkey FOREIGN KEY(practice_id) REFERENCES
            profiles.practices (id)
    )
    """,
    """
    CREATE TABLE profiles.credentials (
        practice_id UUID NOT NULL,
        practitioner_id UUID NOT NULL,
        position INTEGER NOT NULL,
        name VARCHAR(200) NOT NULL,
        issuer VARCHAR(200) NOT NULL,
        number VARCHAR(200) NOT NULL,
        since INTEGER NOT NULL,
        verified_on DATE,
        CONSTRAINT credentials_pkey PRIMARY KEY (practice_id, practitioner_id, position),
        CONSTRAINT credentials_of_a_practitioner FOREIGN KEY(practice_id, practitioner_id)
            REFERENCES profiles.practitioners (practice_id, id),
        CONSTRAINT credentials_since_is_a_year CHECK (since BETWEEN 1950 AND 2100)
    )
    """,
    """
    CREATE TABLE profiles.members (
        practice_id UUID NOT NULL,
        account_id UUID NOT NULL,
        roles TEXT[] NOT NULL,
        practitioner_id UUID,
        CONSTRAINT members_pkey PRIMARY KEY (practice_id, account_id),
        CONSTRAINT members_treat_in_their_practice FOREIGN KEY(practice_id,
            practitioner_id) REFERENCES profiles.practitioners (practice_id, id),
        CONSTRAINT members_one_account_per_practitioner UNIQUE (practice_id, practitioner_id),
        CONSTRAINT members_roles_known CHECK (roles <@ ARRAY['owner', 'admin', 'billing',
            'front_desk', 'practitioner', 'supervisor']::text[] AND cardinality(roles) > 0),
        CONSTRAINT members_practice_id_fkey FOREIGN KEY(practice_id) REFERENCES
            profiles.practices (id),
        CONSTRAINT members_account_id_fkey FOREIGN KEY(account_id) REFERENCES
            profiles.accounts (id)
    )
    """,
    """
    CREATE INDEX members_account_idx ON profiles.members (account_id)
    """,
    """
    CREATE TABLE profiles.clients (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        account_id UUID,
        name VARCHAR(200) NOT NULL,
        email VARCHAR(320) NOT NULL,
        phone VARCHAR(40),
        time_zone VARCHAR(64) NOT NULL,
        agreed_to VARCHAR(80),
        agreed_at TIMESTAMP WITH TIME ZONE,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT clients_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT clients_email_is_an_address CHECK (email ~ '^[^@ ]+@[^@ ]+$'),
        CONSTRAINT clients_name_not_empty CHECK (length(name) > 0),
        CONSTRAINT clients_agreed_at_a_moment CHECK ((agreed_to IS NULL) = (agreed_at IS NULL)),
        CONSTRAINT clients_practice_id_fkey FOREIGN KEY(practice_id) REFERENCES
            profiles.practices (id),
        CONSTRAINT clients_account_id_fkey FOREIGN KEY(account_id) REFERENCES
            profiles.accounts (id)
    )
    """,
    """
    CREATE UNIQUE INDEX clients_one_per_account ON profiles.clients (practice_id,
            account_id) WHERE account_id IS NOT NULL
    """,
]


def upgrade() -> None:
    create_plumbing("profiles")
    policies = [
        *protect("profiles.practitioners"),
        *protect("profiles.credentials"),
        *protect("profiles.members", account_column="account_id"),
        *protect("profiles.clients", account_column="account_id"),
    ]
    for statement in [*TABLES, *policies]:
        op.execute(statement)
