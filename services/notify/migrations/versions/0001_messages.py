"""Plumbing; messages, deliveries, due work, notices and links."""

from alembic import op

from services.common.plumbing import create_plumbing
from services.common.tenancy import protect

revision = "0001"
down_revision = None

TABLES = [
    """
    CREATE TABLE notify.messages (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        event_id UUID NOT NULL,
        template VARCHAR(20) NOT NULL,
        recipient VARCHAR(20) NOT NULL,
        booking_id UUID NOT NULL,
        client_id UUID,
        state VARCHAR(20) NOT NULL,
        due_at TIMESTAMP WITH TIME ZONE NOT NULL,
        starts_at TIMESTAMP WITH TIME ZONE,
        previous_starts_at TIMESTAMP WITH TIME ZONE,
        refund_percent INTEGER,
        amount BIGINT,
        currency VARCHAR(3),
        sequence INTEGER,
        tries INTEGER NOT NULL,
        occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        sent_at TIMESTAMP WITH TIME ZONE,
        request_id VARCHAR(64) NOT NULL,
        CONSTRAINT messages_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT messages_once_per_event
            UNIQUE (practice_id, event_id, template, recipient),
        CONSTRAINT messages_template_known CHECK (template IN ('confirmed', 'rescheduled',
            'cancelled', 'refunded', 'refused', 'reminder_day', 'reminder_hour')),
        CONSTRAINT messages_recipient_known CHECK (recipient IN ('client', 'practitioner')),
        CONSTRAINT messages_state_known CHECK (state IN ('pending', 'sending', 'sent',
            'failed', 'cancelled', 'parked')),
        CONSTRAINT messages_sent_has_time CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
        CONSTRAINT messages_tries_not_negative CHECK (tries >= 0),
        CONSTRAINT messages_percent_in_range CHECK (refund_percent BETWEEN 0 AND 100),
        CONSTRAINT messages_refund_has_amount
            CHECK ((template = 'refunded') = (amount IS NOT NULL)),
        CONSTRAINT messages_money_whole CHECK ((amount IS NULL) = (currency IS NULL)
            AND amount > 0 AND currency ~ '^[A-Z]{3}$')
    )
    """,
    "CREATE INDEX messages_booking_idx ON notify.messages (practice_id, booking_id)",
    """
    CREATE UNIQUE INDEX messages_one_live_reminder
        ON notify.messages (practice_id, booking_id, template, starts_at)
        WHERE template IN ('reminder_day', 'reminder_hour')
            AND state NOT IN ('cancelled', 'parked')
    """,
    """
    CREATE TABLE notify.deliveries (
        practice_id UUID NOT NULL,
        id UUID NOT NULL,
        message_id UUID NOT NULL,
        tried_at TIMESTAMP WITH TIME ZONE NOT NULL,
        outcome VARCHAR(40) NOT NULL,
        smtp_code INTEGER,
        CONSTRAINT deliveries_pkey PRIMARY KEY (practice_id, id),
        CONSTRAINT deliveries_of_a_message FOREIGN KEY (practice_id, message_id)
            REFERENCES notify.messages (practice_id, id)
    )
    """,
    "CREATE INDEX deliveries_message_idx ON notify.deliveries (practice_id, message_id)",
    """
    CREATE TABLE notify.due_messages (
        message_id UUID NOT NULL,
        practice_id UUID NOT NULL,
        due_at TIMESTAMP WITH TIME ZONE NOT NULL,
        lease UUID,
        parked_at TIMESTAMP WITH TIME ZONE,
        kind VARCHAR(20),
        error VARCHAR(40),
        CONSTRAINT due_messages_pkey PRIMARY KEY (message_id)
    )
    """,
    """
    CREATE INDEX due_messages_due_idx ON notify.due_messages (due_at)
        WHERE parked_at IS NULL
    """,
    """
    CREATE TABLE notify.notices (
        id UUID NOT NULL,
        account_id UUID NOT NULL,
        kind VARCHAR(20) NOT NULL,
        made_on DATE NOT NULL,
        due_at TIMESTAMP WITH TIME ZONE NOT NULL,
        lease UUID,
        tries INTEGER NOT NULL,
        sent_at TIMESTAMP WITH TIME ZONE,
        parked_at TIMESTAMP WITH TIME ZONE,
        request_id VARCHAR(64) NOT NULL,
        CONSTRAINT notices_pkey PRIMARY KEY (id),
        CONSTRAINT notices_once_a_day UNIQUE (account_id, kind, made_on),
        CONSTRAINT notices_kind_known CHECK (kind IN ('welcome', 'has_account')),
        CONSTRAINT notices_tries_not_negative CHECK (tries >= 0)
    )
    """,
    """
    CREATE INDEX notices_due_idx ON notify.notices (due_at)
        WHERE sent_at IS NULL AND parked_at IS NULL
    """,
    """
    CREATE TABLE notify.links (
        key VARCHAR(64) NOT NULL,
        booking_id UUID NOT NULL,
        practice_id UUID NOT NULL,
        client_id UUID NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT links_pkey PRIMARY KEY (key),
        CONSTRAINT links_key_is_a_hash CHECK (key ~ '^[0-9a-f]{64}$')
    )
    """,
    "CREATE INDEX links_booking_idx ON notify.links (practice_id, booking_id)",
    "CREATE INDEX links_expires_idx ON notify.links (expires_at)",
]


def upgrade() -> None:
    create_plumbing("notify")
    for statement in [*TABLES, *protect("notify.messages"), *protect("notify.deliveries")]:
        op.execute(statement)
