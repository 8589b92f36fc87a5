"""What must never be false of booking, as counts of violations for `make doctor`.

Each of CHECKS runs within one practice, ACROSS in all of them. The constraints forbid most of it;
these look at what is there.
"""

PRACTICES = "SELECT DISTINCT practice_id FROM booking.openings_announced"

#: A practitioner's time is theirs in whatever practice, as the constraint has it.
ACROSS = {
    "no two live sessions of a practitioner overlap": """
        SELECT count(*) FROM booking.sessions a JOIN booking.sessions b
          ON b.practitioner_id = a.practitioner_id AND b.id > a.id AND b.blocked && a.blocked
        WHERE a.is_live AND b.is_live AND NOT a.is_override AND NOT b.is_override
          AND (a.held_until IS NULL OR a.held_until > now())
          AND (b.held_until IS NULL OR b.held_until > now())""",
    "no time that the directory was told is taken": """
        SELECT count(*) FROM booking.openings_announced o
        CROSS JOIN LATERAL (
          SELECT (told ->> 'next_free_at')::timestamptz AS at
          FROM jsonb_array_elements(o.openings) AS told) AS free
        JOIN booking.sessions s ON s.practitioner_id = o.practitioner_id
          AND s.starts_at <= free.at AND free.at < s.ends_at
        WHERE s.is_live AND s.seats = 1 AND (s.held_until IS NULL OR s.held_until > now())
          AND NOT EXISTS (SELECT FROM booking.openings_due d
            WHERE d.practitioner_id = o.practitioner_id
              AND d.due_at < now() + interval '1 second')""",
    "free times are worked out within five minutes of falling due": """
        SELECT count(*) FROM booking.openings_due WHERE due_at < now() - interval '5 minutes'""",
}

CHECKS = {
    "no two live sessions share a room": """
        SELECT count(*) FROM booking.sessions a JOIN booking.sessions b
          ON b.practice_id = a.practice_id AND b.room_id = a.room_id
         AND b.id > a.id AND b.starts_at < a.ends_at AND a.starts_at < b.ends_at
        WHERE a.is_live AND b.is_live""",
    "no client is in two places": """
        SELECT count(*) FROM booking.participants a JOIN booking.participants b
          ON b.practice_id = a.practice_id AND b.client_id = a.client_id
         AND b.booking_id > a.booking_id AND b.starts_at < a.ends_at AND a.starts_at < b.ends_at
        WHERE a.is_live AND b.is_live""",
    "no session holds more bookings than seats": """
        SELECT count(*) FROM (
          SELECT 1 FROM booking.bookings b JOIN booking.sessions s
            ON s.practice_id = b.practice_id AND s.id = b.session_id
          WHERE b.seat_no IS NOT NULL
          GROUP BY s.id, s.seats HAVING count(*) > s.seats) AS crowded""",
    "every course has all of its bookings": """
        SELECT count(*) FROM booking.courses c
        WHERE c.sessions <> (SELECT count(*) FROM booking.bookings b
          WHERE b.practice_id = c.practice_id AND b.course_id = c.id)""",
    "no hold outlives its deadline by five minutes": """
        SELECT count(*) FROM booking.bookings
        WHERE state IN ('held', 'awaiting_payment')
          AND deadline_at < now() - interval '5 minutes'""",
}
