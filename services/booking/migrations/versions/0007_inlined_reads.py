"""Plan the reads of a booking in one piece where one needs another (docs/adr/0024, 0040).

A function of SQL is put in place of its call when its caller is planned; one of PL/pgSQL is begun,
asked and gathered by itself at each call. So the reads stand here as functions of SQL, once each,
and those that are called from outside keep the plans. What is found is what was found before.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

CALENDAR_ROWS = """
CREATE FUNCTION booking.calendar_rows(practices uuid[], people uuid[], since date)
RETURNS TABLE (schedule booking.schedules, hours jsonb, overrides jsonb, days_off jsonb,
    time_off jsonb, closures jsonb)
LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT s,
        (SELECT coalesce(jsonb_agg(jsonb_build_array(h.weekday, h.opens, h.closes)), '[]')
            FROM booking.schedule_hours h
            WHERE h.practice_id = s.practice_id AND h.practitioner_id = s.practitioner_id),
        (SELECT coalesce(jsonb_agg(jsonb_build_array(o.applies_on, o.windows)), '[]')
            FROM booking.schedule_overrides o
            WHERE o.practice_id = s.practice_id AND o.practitioner_id = s.practitioner_id
            AND o.applies_on >= since),
        (SELECT coalesce(jsonb_agg(jsonb_build_array(t.first_on, t.last_on)), '[]')
            FROM booking.time_off t
            WHERE t.practice_id = s.practice_id AND t.practitioner_id = s.practitioner_id
            AND t.last_on >= since),
        (SELECT coalesce(jsonb_agg(jsonb_build_array(
                EXTRACT(epoch FROM t.starts_at)::bigint, EXTRACT(epoch FROM t.ends_at)::bigint
            )), '[]')
            FROM booking.time_off t
            WHERE t.practice_id = s.practice_id AND t.practitioner_id = s.practitioner_id
            AND t.ends_at >= since),
        (SELECT coalesce(jsonb_agg(jsonb_build_array(c.first_on, c.last_on)), '[]')
            FROM booking.closures c
            WHERE c.practice_id = s.practice_id AND c.last_on >= since)
    FROM booking.schedules s
    WHERE s.practice_id = ANY (practices) AND s.practitioner_id = ANY (people);
END
"""

OFFERED_ROWS = """
CREATE FUNCTION booking.offered_rows(practice uuid, wanted uuid, since date)
RETURNS TABLE (offering booking.offerings, policy booking.policies, schedule booking.schedules,
    hours jsonb, overrides jsonb, days_off jsonb, time_off jsonb, closures jsonb)
LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT o, p, c.*
    FROM booking.offerings o
    JOIN booking.policies p ON p.practice_id = o.practice_id AND p.id = o.policy_id
        AND p.version = o.policy_version
    CROSS JOIN LATERAL
        booking.calendar_rows(ARRAY[o.practice_id], ARRAY[o.practitioner_id], since) c
    WHERE o.practice_id = practice AND o.id = wanted;
END
"""

# The kinds 0 and 1 of `taken`, as migration 0002 tells them. `date_part` and not EXTRACT, which
# divides decimal numbers: that was a tenth of the whole read.
TAKEN_ROWS = """
CREATE FUNCTION booking.taken_rows(practices uuid[], people uuid[], from_at timestamptz,
    until_at timestamptz, at timestamptz, moving_session uuid)
RETURNS TABLE (kind integer, person uuid, offering uuid,
    one bigint[], two bigint[], three bigint[], four bigint[])
LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT 0, s.practitioner_id, s.offering_id,
        array_agg(date_part('epoch', s.starts_at)::bigint),
        array_agg(date_part('epoch', lower(s.blocked))::bigint),
        array_agg(date_part('epoch', upper(s.blocked))::bigint),
        array_agg(CASE WHEN s.seats = 1 THEN 0 ELSE s.seats - (
            SELECT count(*) FROM booking.bookings b
            WHERE b.practice_id = s.practice_id AND b.session_id = s.id AND b.seat_no IS NOT NULL
            AND (b.deadline_at IS NULL OR b.deadline_at > at)) END)
    FROM booking.sessions s
    WHERE s.practice_id = ANY (practices) AND s.practitioner_id = ANY (people)
        AND s.starts_at > from_at - interval '2 days' AND s.starts_at < until_at + interval '2 days'
        AND s.id IS DISTINCT FROM moving_session
        AND s.is_live AND (s.held_until IS NULL OR s.held_until > at)
    GROUP BY s.practitioner_id, s.offering_id
    UNION ALL
    SELECT 1, t.practitioner_id, NULL,
        array_agg(date_part('epoch', t.starts_at)::bigint),
        array_agg(date_part('epoch', t.ends_at)::bigint), NULL, NULL
    FROM booking.busy_times t
    WHERE t.practice_id = ANY (practices) AND t.practitioner_id = ANY (people)
        AND t.ends_at > from_at AND t.starts_at < until_at
    GROUP BY t.practitioner_id;
END
"""

CALENDARS = """
CREATE OR REPLACE FUNCTION booking.calendars(practices uuid[], people uuid[], since date)
RETURNS TABLE (schedule booking.schedules, hours jsonb, overrides jsonb, days_off jsonb,
    time_off jsonb, closures jsonb)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$ BEGIN
    RETURN QUERY SELECT c.* FROM booking.calendar_rows(practices, people, since) c;
END $$
"""

OFFERED = """
CREATE OR REPLACE FUNCTION booking.offered(practice uuid, wanted uuid, since date)
RETURNS TABLE (offering booking.offerings, policy booking.policies, schedule booking.schedules,
    hours jsonb, overrides jsonb, days_off jsonb, time_off jsonb, closures jsonb)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$ BEGIN
    RETURN QUERY SELECT o.* FROM booking.offered_rows(practice, wanted, since) o;
END $$
"""

TAKEN = """
CREATE OR REPLACE FUNCTION booking.taken(practices uuid[], people uuid[], from_at timestamptz,
    until_at timestamptz, at timestamptz, moving_session uuid, client uuid, moving_booking uuid)
RETURNS TABLE (kind integer, person uuid, offering uuid,
    one bigint[], two bigint[], three bigint[], four bigint[])
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$ BEGIN
    RETURN QUERY SELECT t.* FROM booking.taken_rows(
        practices, people, from_at, until_at, at, moving_session) t;
    IF client IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT 2, p.client_id, NULL::uuid,
        array_agg(date_part('epoch', p.starts_at)::bigint),
        array_agg(date_part('epoch', p.ends_at)::bigint), NULL::bigint[], NULL::bigint[]
    FROM booking.participants p
    JOIN booking.bookings b ON b.practice_id = p.practice_id AND b.id = p.booking_id
    WHERE p.practice_id = ANY (practices) AND p.client_id = client AND p.is_live
        AND p.starts_at > from_at - interval '2 days' AND p.starts_at < until_at + interval '2 days'
        AND (b.deadline_at IS NULL OR b.deadline_at > at)
        AND p.booking_id IS DISTINCT FROM moving_booking
    GROUP BY p.client_id
    UNION ALL
    SELECT 3, s.practitioner_id, NULL::uuid, ARRAY[s.version]::bigint[],
        NULL::bigint[], NULL::bigint[], NULL::bigint[]
    FROM booking.schedules s
    WHERE s.practice_id = ANY (practices) AND s.practitioner_id = ANY (people);
END $$
"""

# As migration 0006 tells it: the offering in a row of kind 4, then what is taken.
OFFERED_AND_TAKEN = """
CREATE OR REPLACE FUNCTION booking.offered_and_taken(practice uuid, wanted uuid, since date,
    from_at timestamptz, window_from timestamptz, until_at timestamptz, at timestamptz,
    moving_session uuid)
RETURNS TABLE (kind integer, person uuid, offering uuid,
    one bigint[], two bigint[], three bigint[], four bigint[], words text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    days integer;
BEGIN
    SELECT 4, (o.offering).practitioner_id, wanted, (o.offering).window_days, row_to_json(o)::text
    INTO kind, person, offering, days, words
    FROM booking.offered_rows(practice, wanted, since) o;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN NEXT;
    RETURN QUERY SELECT t.*, NULL::text FROM booking.taken_rows(
        ARRAY[practice], ARRAY[person], from_at,
        coalesce(until_at, window_from + make_interval(hours => 24 * days)),
        at, moving_session) t;
END $$
"""

READS = (
    CALENDAR_ROWS, OFFERED_ROWS, TAKEN_ROWS, CALENDARS, OFFERED, TAKEN, OFFERED_AND_TAKEN,
)  # fmt: skip


def upgrade() -> None:
    for function in READS:
        op.execute(function)
