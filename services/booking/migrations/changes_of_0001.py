"""What staff changed of calendars, as the first migration makes the table."""

SCHEDULE_CHANGES = """
CREATE TABLE booking.schedule_changes (
    practice_id UUID NOT NULL,
    practitioner_id UUID NOT NULL,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    subject TEXT NOT NULL,
    before JSONB,
    after JSONB,
    fingerprint TEXT NOT NULL,
    account_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT schedule_changes_pkey PRIMARY KEY (practice_id, practitioner_id, version),
    CONSTRAINT schedule_changes_id_once UNIQUE (practice_id, practitioner_id, id),
    CONSTRAINT schedule_changes_schedule_fkey
        FOREIGN KEY (practice_id, practitioner_id)
        REFERENCES booking.schedules (practice_id, practitioner_id),
    CONSTRAINT schedule_changes_version_follows CHECK (version >= 2)
);
"""
