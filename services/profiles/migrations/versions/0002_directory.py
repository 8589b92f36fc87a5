"""The catalogue and the published directory."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = [
    """
    CREATE TABLE profiles.topics (
        slug VARCHAR NOT NULL,
        position INTEGER NOT NULL,
        name VARCHAR(200) NOT NULL,
        summary VARCHAR(200) NOT NULL,
        texts JSONB NOT NULL,
        approaches TEXT[] NOT NULL,
        last_reviewed_on DATE NOT NULL,
        CONSTRAINT topics_pkey PRIMARY KEY (slug),
        CONSTRAINT topics_position_unique UNIQUE (position) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    """
    CREATE TABLE profiles.approaches (
        slug VARCHAR NOT NULL,
        position INTEGER NOT NULL,
        name VARCHAR(200) NOT NULL,
        summary VARCHAR(200) NOT NULL,
        texts JSONB NOT NULL,
        last_reviewed_on DATE NOT NULL,
        CONSTRAINT approaches_pkey PRIMARY KEY (slug),
        CONSTRAINT approaches_position_unique UNIQUE (position) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    """
    CREATE TABLE profiles.published_practitioners (
        id UUID NOT NULL,
        practice_id UUID NOT NULL,
        slug VARCHAR(80) NOT NULL,
        name VARCHAR(200) NOT NULL,
        title VARCHAR(200) NOT NULL,
        pronouns VARCHAR(200) NOT NULL,
        profession VARCHAR(20) NOT NULL,
        is_verified BOOLEAN NOT NULL,
        verified_on DATE,
        credentials TEXT[] NOT NULL,
        portrait_url VARCHAR NOT NULL,
        about TEXT[] NOT NULL,
        languages TEXT[] NOT NULL,
        formats TEXT[] NOT NULL,
        address VARCHAR NOT NULL,
        city VARCHAR(200) NOT NULL,
        time_zone VARCHAR(64) NOT NULL,
        topics TEXT[] NOT NULL,
        approaches TEXT[] NOT NULL,
        card TEXT NOT NULL,
        CONSTRAINT published_practitioners_pkey PRIMARY KEY (id),
        CONSTRAINT published_practitioners_slug_unique UNIQUE (slug),
        CONSTRAINT published_practitioners_profession_known CHECK (profession IN
            ('therapist', 'coach')),
        CONSTRAINT published_practitioners_verified_on_a_day CHECK (NOT is_verified OR
            verified_on IS NOT NULL),
        CONSTRAINT published_practitioners_formats_known CHECK (formats <@ ARRAY['online',
            'in_person']::text[] AND cardinality(formats) > 0),
        CONSTRAINT published_practitioners_speak_a_language CHECK (cardinality(languages)
            > 0),
        CONSTRAINT published_practitioners_practice_id_fkey FOREIGN KEY(practice_id)
            REFERENCES profiles.practices (id)
    )
    """,
    """
    CREATE TABLE profiles.told_openings (
        practitioner_id UUID NOT NULL,
        computed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        openings JSONB NOT NULL,
        CONSTRAINT told_openings_pkey PRIMARY KEY (practitioner_id)
    )
    """,
    """
    CREATE TABLE profiles.asking_prices (
        practitioner_id UUID NOT NULL,
        offering_id UUID NOT NULL,
        version INTEGER NOT NULL,
        amount BIGINT NOT NULL,
        currency CHAR(3) NOT NULL,
        CONSTRAINT asking_prices_pkey PRIMARY KEY (practitioner_id, offering_id),
        CONSTRAINT asking_prices_amount_not_negative CHECK (amount >= 0),
        CONSTRAINT asking_prices_currency_is_iso CHECK (currency ~ '^[A-Z]{3}$')
    )
    """,
    """
    CREATE TABLE profiles.directory_openings (
        practitioner_id UUID NOT NULL,
        subject VARCHAR(100) NOT NULL,
        part_of_day VARCHAR(10) NOT NULL,
        next_free_at TIMESTAMP WITH TIME ZONE NOT NULL,
        is_soonest BOOLEAN NOT NULL,
        formats SMALLINT NOT NULL,
        profession VARCHAR(20) NOT NULL,
        price_amount BIGINT NOT NULL,
        price_currency CHAR(3) NOT NULL,
        languages TEXT[] NOT NULL,
        approach_marks BIGINT NOT NULL,
        CONSTRAINT directory_openings_pkey PRIMARY KEY (practitioner_id, subject,
            part_of_day, next_free_at),
        CONSTRAINT directory_openings_part_known CHECK (part_of_day IN ('any', 'morning',
            'afternoon', 'evening')),
        CONSTRAINT directory_openings_formats_known CHECK (formats BETWEEN 1 AND 3),
        CONSTRAINT directory_openings_price_not_negative CHECK (price_amount >= 0),
        CONSTRAINT directory_openings_practitioner_id_fkey FOREIGN KEY(practitioner_id)
            REFERENCES profiles.published_practitioners (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX directory_openings_search_idx ON profiles.directory_openings (subject,
            part_of_day, next_free_at, practitioner_id) INCLUDE (is_soonest, formats, profession,
            price_amount, price_currency, languages, approach_marks)
    """,
]

# Rows of the index come and go all day: vacuum early, so that searches stay within the index.
VACUUM_EARLY = """
    ALTER TABLE profiles.directory_openings SET (
        autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05
    )
"""


def upgrade() -> None:
    for statement in [*TABLES, VACUUM_EARLY]:
        op.execute(statement)
