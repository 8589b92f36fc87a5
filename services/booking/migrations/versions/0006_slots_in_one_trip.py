"""All that decides the free slots of one offering in one read (docs/adr/0040).

It only puts two together: `offered` as JSON in a row of its own, of kind 4, then the rows of
`taken` for its practitioner. Without `until_at`, what is taken is read as far as the offering
can be booked: its window's days after `window_from`.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

OFFERED_AND_TAKEN = """
CREATE FUNCTION booking.offered_and_taken(practice uuid, wanted uuid, since date,
    from_at timestamptz, window_from timestamptz, until_at timestamptz, at timestamptz,
    moving_session uuid)
RETURNS TABLE (kind integer, person uuid, offering uuid,
    one bigint[], two bigint[], three bigint[], four bigint[], words text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    its record;
BEGIN
    SELECT * INTO its FROM booking.offered(practice, wanted, since);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT 4, (its.offering).practitioner_id, wanted,
        NULL::bigint[], NULL::bigint[], NULL::bigint[], NULL::bigint[], row_to_json(its)::text;
    RETURN QUERY SELECT t.*, NULL::text FROM booking.taken(
        ARRAY[practice], ARRAY[(its.offering).practitioner_id], from_at,
        coalesce(until_at, window_from + make_interval(hours => 24 * (its.offering).window_days)),
        at, moving_session, NULL, NULL) t;
END $$
"""


def upgrade() -> None:
    op.execute(OFFERED_AND_TAKEN)
