"""The reads of a booking as functions, whose plans a connection keeps (docs/adr/0024).

They run with the rights and under the policies of whoever calls them.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

# A schedule with what lies beside it, each as a JSON list of lists.
CALENDARS = """
CREATE FUNCTION booking.calendars(practices uuid[], people uuid[], since date)
RETURNS TABLE (schedule booking.schedules, hours jsonb, overrides jsonb, days_off jsonb,
    time_off jsonb, closures jsonb)
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN QUERY
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
END $$
"""

OFFERED = """
CREATE FUNCTION booking.offered(practice uuid, wanted uuid, since date)
RETURNS TABLE (offering booking.offerings, policy booking.policies, schedule booking.schedules,
    hours jsonb, overrides jsonb, days_off jsonb, time_off jsonb, closures jsonb)
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN QUERY
    SELECT o, p, c.*
    FROM booking.offerings o
    JOIN booking.policies p ON p.practice_id = o.practice_id AND p.id = o.policy_id
        AND p.version = o.policy_version
    CROSS JOIN LATERAL
        booking.calendars(ARRAY[o.practice_id], ARRAY[o.practitioner_id], since) c
    WHERE o.practice_id = practice AND o.id = wanted;
END $$
"""

# Kinds: 0 sessions, 1 busy times, 2 where the client is, 3 versions of the calendars; the last
# two where a client is named. A group's times are arrays in one order, in epoch seconds: a row
# for each session would cost the reader more than all of this. A session and each of its buffers
# last at most a day; starts are asked for, because && is no index condition under a policy.
TAKEN = """
CREATE FUNCTION booking.taken(practices uuid[], people uuid[], from_at timestamptz,
    until_at timestamptz, at timestamptz, moving_session uuid, client uuid, moving_booking uuid)
RETURNS TABLE (kind integer, person uuid, offering uuid,
    one bigint[], two bigint[], three bigint[], four bigint[])
LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN QUERY
    SELECT 0, s.practitioner_id, s.offering_id,
        array_agg(EXTRACT(epoch FROM s.starts_at)::bigint),
        array_agg(EXTRACT(epoch FROM lower(s.blocked))::bigint),
        array_agg(EXTRACT(epoch FROM upper(s.blocked))::bigint),
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
    SELECT 1, t.practitioner_id, NULL::uuid,
        array_agg(EXTRACT(epoch FROM t.starts_at)::bigint),
        array_agg(EXTRACT(epoch FROM t.ends_at)::bigint), NULL::bigint[], NULL::bigint[]
    FROM booking.busy_times t
    WHERE t.practice_id = ANY (practices) AND t.practitioner_id = ANY (people)
        AND t.ends_at > from_at AND t.starts_at < until_at
    GROUP BY t.practitioner_id;
    IF client IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT 2, p.client_id, NULL::uuid,
        array_agg(EXTRACT(epoch FROM p.starts_at)::bigint),
        array_agg(EXTRACT(epoch FROM p.ends_at)::bigint), NULL::bigint[], NULL::bigint[]
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

IN_THE_WAY = """
CREATE FUNCTION booking.in_the_way(practice uuid, practitioner uuid, client uuid, rooms uuid[],
    wanted tstzrange, at timestamptz, named uuid)
RETURNS SETOF booking.bookings
LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN QUERY
    SELECT b.* FROM booking.bookings b WHERE b.id = named
    UNION ALL
    SELECT b.* FROM booking.bookings b
    JOIN booking.sessions s ON s.practice_id = b.practice_id AND s.id = b.session_id
    WHERE b.practice_id = practice AND b.deadline_at <= at AND s.blocked && wanted
        AND (b.practitioner_id = practitioner OR b.client_id = client
            OR s.room_id = ANY (rooms));
END $$
"""


def upgrade() -> None:
    for function in (CALENDARS, OFFERED, TAKEN, IN_THE_WAY):
        op.execute(function)
