"""Who registered, until the mailbox is proven. Accounts that are there count as proven."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = [
    """
    CREATE TABLE profiles.registrations (
        id UUID NOT NULL,
        email VARCHAR(320) NOT NULL,
        name VARCHAR(200) NOT NULL,
        time_zone VARCHAR(64) NOT NULL,
        password_hash VARCHAR(200) NOT NULL,
        browser_key VARCHAR(64),
        guest_of JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT registrations_pkey PRIMARY KEY (id),
        CONSTRAINT registrations_email_is_an_address CHECK (email ~ '^[^@ ]+@[^@ ]+$'),
        CONSTRAINT registrations_name_not_empty CHECK (length(name) > 0),
        CONSTRAINT registrations_password_hashed CHECK (password_hash LIKE '$argon2id$%'),
        CONSTRAINT registrations_browser_is_a_hash CHECK (browser_key ~ '^[0-9a-f]{64}$')
    )
    """,
    """
    CREATE INDEX registrations_email_idx ON profiles.registrations (lower(email), created_at)
    """,
    "CREATE INDEX registrations_browser_idx ON profiles.registrations (browser_key)",
    "CREATE INDEX registrations_created_idx ON profiles.registrations (created_at)",
    """
    CREATE TABLE profiles.registration_mails (
        id UUID NOT NULL,
        email VARCHAR(320) NOT NULL,
        link_key VARCHAR(64),
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT registration_mails_pkey PRIMARY KEY (id),
        CONSTRAINT registration_mails_email_is_an_address CHECK (email ~ '^[^@ ]+@[^@ ]+$'),
        CONSTRAINT registration_mails_link_is_a_hash CHECK (link_key ~ '^[0-9a-f]{64}$')
    )
    """,
    "CREATE INDEX registration_mails_email_idx ON profiles.registration_mails (lower(email))",
    """
    CREATE UNIQUE INDEX registration_mails_link_unique ON profiles.registration_mails (link_key)
    """,
    "CREATE INDEX registration_mails_created_idx ON profiles.registration_mails (created_at)",
]


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
