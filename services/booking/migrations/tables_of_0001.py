"""The tables as the first migration makes them; models may have moved on."""

TABLES = """
CREATE TABLE booking.closures (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    first_on DATE NOT NULL,
    last_on DATE NOT NULL,
    CONSTRAINT closures_pkey PRIMARY KEY (practice_id, id),
    CONSTRAINT closures_dates_in_order CHECK (first_on <= last_on)
);
CREATE INDEX closures_until_idx ON booking.closures (practice_id, last_on);
CREATE TABLE booking.holds_due (
    booking_id UUID NOT NULL,
    practice_id UUID NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT holds_due_pkey PRIMARY KEY (booking_id)
);
CREATE INDEX holds_due_at_idx ON booking.holds_due (due_at);
CREATE TABLE booking.openings_announced (
    practitioner_id UUID NOT NULL,
    practice_id UUID NOT NULL,
    openings JSONB NOT NULL,
    announced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT openings_announced_pkey PRIMARY KEY (practitioner_id)
);
CREATE TABLE booking.openings_due (
    practitioner_id UUID NOT NULL,
    practice_id UUID NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT openings_due_pkey PRIMARY KEY (practitioner_id)
);
CREATE INDEX openings_due_at_idx ON booking.openings_due (due_at);
CREATE TABLE booking.policies (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    tiers JSONB NOT NULL,
    late_percent INTEGER NOT NULL,
    no_show_percent INTEGER NOT NULL,
    reschedule_hours INTEGER NOT NULL,
    CONSTRAINT policies_pkey PRIMARY KEY (practice_id, id, version),
    CONSTRAINT policies_version_positive CHECK (version >= 1),
    CONSTRAINT policies_tiers_listed CHECK (jsonb_typeof(tiers) = 'array'),
    CONSTRAINT policies_percents_in_order
        CHECK (0 <= no_show_percent AND no_show_percent <= late_percent
        AND late_percent <= 100),
    CONSTRAINT policies_reschedule_hours_positive CHECK (reschedule_hours >= 0)
);
CREATE TABLE booking.rooms (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    CONSTRAINT rooms_pkey PRIMARY KEY (practice_id, id)
);
CREATE TABLE booking.schedules (
    practice_id UUID NOT NULL,
    practitioner_id UUID NOT NULL,
    account_id UUID,
    zone TEXT NOT NULL,
    max_per_day INTEGER,
    max_per_week INTEGER,
    video_url TEXT NOT NULL, version INTEGER NOT NULL,
    CONSTRAINT schedules_pkey PRIMARY KEY (practice_id, practitioner_id),
    CONSTRAINT schedules_one_per_practitioner UNIQUE (practitioner_id),
    CONSTRAINT schedules_max_per_day_positive CHECK (max_per_day > 0),
    CONSTRAINT schedules_max_per_week_positive CHECK (max_per_week > 0),
    CONSTRAINT schedules_video_url_secure CHECK (video_url LIKE 'https://%'),
    CONSTRAINT schedules_version_positive CHECK (version >= 1)
);
CREATE TABLE booking.busy_times (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    practitioner_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT busy_times_pkey PRIMARY KEY (practice_id, id),
    CONSTRAINT busy_times_schedule_fkey
        FOREIGN KEY (practice_id, practitioner_id)
        REFERENCES booking.schedules (practice_id, practitioner_id),
    CONSTRAINT busy_times_in_order CHECK (starts_at < ends_at)
);
CREATE INDEX busy_times_of_practitioner_idx
    ON booking.busy_times (practice_id, practitioner_id, ends_at);
CREATE TABLE booking.offerings (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    practitioner_id UUID NOT NULL,
    name TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    increment_minutes INTEGER NOT NULL,
    before_minutes INTEGER NOT NULL,
    after_minutes INTEGER NOT NULL,
    notice_minutes INTEGER NOT NULL,
    window_days INTEGER NOT NULL,
    max_per_day INTEGER,
    max_per_week INTEGER,
    formats TEXT[] NOT NULL,
    seats INTEGER NOT NULL,
    needs_room BOOLEAN NOT NULL,
    price_id UUID NOT NULL,
    price_version INTEGER NOT NULL,
    policy_id UUID NOT NULL, policy_version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    is_active BOOLEAN NOT NULL,
    CONSTRAINT offerings_pkey PRIMARY KEY (practice_id, id),
    CONSTRAINT offerings_id_unique UNIQUE (id),
    CONSTRAINT offerings_schedule_fkey
        FOREIGN KEY (practice_id, practitioner_id)
        REFERENCES booking.schedules (practice_id, practitioner_id),
    CONSTRAINT offerings_policy_fkey
        FOREIGN KEY (practice_id, policy_id, policy_version)
        REFERENCES booking.policies (practice_id, id, version),
    CONSTRAINT offerings_minutes_on_grid
        CHECK (minutes BETWEEN 5 AND 1440 AND minutes % 5 = 0),
    CONSTRAINT offerings_increment_on_grid
        CHECK (increment_minutes BETWEEN 5 AND 1440 AND increment_minutes % 5 = 0),
    CONSTRAINT offerings_before_on_grid
        CHECK (before_minutes BETWEEN 0 AND 1440 AND before_minutes % 5 = 0),
    CONSTRAINT offerings_after_on_grid
        CHECK (after_minutes BETWEEN 0 AND 1440 AND after_minutes % 5 = 0),
    CONSTRAINT offerings_notice_positive CHECK (notice_minutes >= 0),
    CONSTRAINT offerings_window_bounded CHECK (window_days BETWEEN 0 AND 730),
    CONSTRAINT offerings_seats_bounded CHECK (seats BETWEEN 1 AND 200),
    CONSTRAINT offerings_max_per_day_positive CHECK (max_per_day > 0),
    CONSTRAINT offerings_max_per_week_positive CHECK (max_per_week > 0),
    CONSTRAINT offerings_price_version_positive CHECK (price_version >= 1),
    CONSTRAINT offerings_formats_known
        CHECK (cardinality(formats) > 0 AND formats <@ ARRAY['online', 'in_person'])
);
CREATE INDEX offerings_of_practitioner_idx
    ON booking.offerings (practice_id, practitioner_id, position);
CREATE TABLE booking.schedule_hours (
    practice_id UUID NOT NULL,
    practitioner_id UUID NOT NULL,
    weekday SMALLINT NOT NULL,
    opens SMALLINT NOT NULL,
    closes SMALLINT NOT NULL,
    CONSTRAINT schedule_hours_pkey
        PRIMARY KEY (practice_id, practitioner_id, weekday, opens, closes),
    CONSTRAINT schedule_hours_schedule_fkey
        FOREIGN KEY (practice_id, practitioner_id)
        REFERENCES booking.schedules (practice_id, practitioner_id),
    CONSTRAINT schedule_hours_weekday_iso CHECK (weekday BETWEEN 1 AND 7),
    CONSTRAINT schedule_hours_window_within_day
        CHECK (0 <= opens AND opens < closes AND closes <= 1440),
    CONSTRAINT schedule_hours_window_on_grid CHECK (opens % 5 = 0 AND closes % 5 = 0)
);
CREATE TABLE booking.schedule_overrides (
    practice_id UUID NOT NULL,
    practitioner_id UUID NOT NULL,
    applies_on DATE NOT NULL, windows JSONB NOT NULL,
    CONSTRAINT schedule_overrides_pkey PRIMARY KEY (practice_id, practitioner_id, applies_on),
    CONSTRAINT schedule_overrides_schedule_fkey
        FOREIGN KEY (practice_id, practitioner_id)
        REFERENCES booking.schedules (practice_id, practitioner_id),
    CONSTRAINT schedule_overrides_windows_listed CHECK (jsonb_typeof(windows) = 'array')
);
CREATE TABLE booking.time_off (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    practitioner_id UUID NOT NULL,
    first_on DATE,
    last_on DATE,
    starts_at TIMESTAMP WITH TIME ZONE,
    ends_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT time_off_pkey PRIMARY KEY (practice_id, id),
    CONSTRAINT time_off_schedule_fkey
        FOREIGN KEY (practice_id, practitioner_id)
        REFERENCES booking.schedules (practice_id, practitioner_id),
    CONSTRAINT time_off_dates_or_instants
        CHECK ((first_on IS NULL) = (last_on IS NULL)
        AND (starts_at IS NULL) = (ends_at IS NULL)
        AND (first_on IS NULL) <> (starts_at IS NULL)),
    CONSTRAINT time_off_dates_in_order CHECK (first_on <= last_on),
    CONSTRAINT time_off_instants_in_order CHECK (starts_at < ends_at)
);
CREATE INDEX time_off_of_practitioner_idx ON booking.time_off (practice_id, practitioner_id);
CREATE TABLE booking.sessions (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    practitioner_id UUID NOT NULL,
    offering_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    blocked TSTZRANGE NOT NULL,
    room_id UUID,
    seats INTEGER NOT NULL,
    is_live BOOLEAN NOT NULL,
    is_override BOOLEAN NOT NULL,
    held_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT sessions_pkey PRIMARY KEY (practice_id, id),
    CONSTRAINT sessions_times_unique UNIQUE (practice_id, id, starts_at, ends_at, seats),
    CONSTRAINT sessions_offering_fkey
        FOREIGN KEY (practice_id, offering_id)
        REFERENCES booking.offerings (practice_id, id),
    CONSTRAINT sessions_room_fkey
        FOREIGN KEY (practice_id, room_id)
        REFERENCES booking.rooms (practice_id, id),
    CONSTRAINT sessions_in_order CHECK (starts_at < ends_at),
    CONSTRAINT sessions_start_on_grid CHECK (mod(extract(epoch FROM starts_at), 300) = 0),
    CONSTRAINT sessions_blocked_covers_session
        CHECK (blocked @> tstzrange(starts_at, ends_at)
        AND lower_inc(blocked) AND NOT upper_inc(blocked)),
    CONSTRAINT sessions_seats_bounded CHECK (seats BETWEEN 1 AND 200),
    CONSTRAINT sessions_no_overlap
        EXCLUDE USING gist (practitioner_id WITH =, blocked WITH &&)
        WHERE (is_live AND NOT is_override) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT sessions_no_room_overlap
        EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (is_live AND room_id IS NOT NULL) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX sessions_of_practitioner_idx
    ON booking.sessions (practice_id, practitioner_id, starts_at);
CREATE TABLE booking.bookings (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    session_id UUID NOT NULL,
    seat_no SMALLINT,
    seats INTEGER NOT NULL,
    practitioner_id UUID NOT NULL,
    offering_id UUID NOT NULL,
    offering_name TEXT NOT NULL,
    client_id UUID NOT NULL,
    account_id UUID,
    state TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    format TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    client_time_zone TEXT NOT NULL,
    price_id UUID NOT NULL,
    policy JSONB NOT NULL,
    deadline_at TIMESTAMP WITH TIME ZONE,
    is_hold_extended BOOLEAN NOT NULL, is_payment_extended BOOLEAN NOT NULL,
    sequence INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    booked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE, cancelled_at TIMESTAMP WITH TIME ZONE,
    refund_ceiling_percent SMALLINT,
    CONSTRAINT bookings_pkey PRIMARY KEY (practice_id, id),
    CONSTRAINT bookings_id_unique UNIQUE (id),
    CONSTRAINT bookings_seat_once UNIQUE (practice_id, session_id, seat_no),
    CONSTRAINT bookings_times_unique UNIQUE (practice_id, id, starts_at, ends_at),
    CONSTRAINT bookings_session_fkey
        FOREIGN KEY (practice_id, session_id, starts_at, ends_at, seats)
        REFERENCES booking.sessions (practice_id, id, starts_at, ends_at, seats) ON UPDATE CASCADE,
    CONSTRAINT bookings_state_known
        CHECK (state IN ('attended', 'awaiting_approval', 'awaiting_payment',
        'cancelled', 'confirmed', 'declined', 'expired', 'held', 'late_cancelled', 'no_show')),
    CONSTRAINT bookings_seat_within_seats CHECK (seat_no BETWEEN 1 AND seats),
    CONSTRAINT bookings_live_has_seat
        CHECK ((state IN ('attended', 'awaiting_approval', 'awaiting_payment', 'confirmed',
            'held', 'no_show'))
        = (seat_no IS NOT NULL)),
    CONSTRAINT bookings_hold_has_deadline
        CHECK ((state IN ('awaiting_payment', 'held')) = (deadline_at IS NOT NULL)),
    CONSTRAINT bookings_format_known CHECK (format IN ('online', 'in_person')),
    CONSTRAINT bookings_sequence_positive CHECK (sequence >= 0),
    CONSTRAINT bookings_refund_ceiling_is_percent CHECK (refund_ceiling_percent BETWEEN 0 AND 100)
);
CREATE INDEX bookings_deadline_idx ON booking.bookings (practice_id, deadline_at)
    WHERE deadline_at IS NOT NULL;
CREATE INDEX bookings_of_account_idx ON booking.bookings (account_id, starts_at, id);
CREATE INDEX bookings_of_practitioner_idx
    ON booking.bookings (practice_id, practitioner_id, starts_at);
CREATE TABLE booking.changes (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    booking_id UUID NOT NULL,
    kind TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    account_id UUID, made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT changes_pkey PRIMARY KEY (practice_id, booking_id, id),
    CONSTRAINT changes_booking_fkey
        FOREIGN KEY (practice_id, booking_id)
        REFERENCES booking.bookings (practice_id, id),
    CONSTRAINT changes_kind_known CHECK (
        kind IN ('attended', 'cancelled', 'no_show', 'rescheduled', 'unmarked'))
);
CREATE TABLE booking.participants (
    practice_id UUID NOT NULL,
    booking_id UUID NOT NULL,
    client_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    is_live BOOLEAN NOT NULL,
    CONSTRAINT participants_pkey PRIMARY KEY (practice_id, booking_id, client_id),
    CONSTRAINT participants_booking_fkey
        FOREIGN KEY (practice_id, booking_id, starts_at, ends_at)
        REFERENCES booking.bookings (practice_id, id, starts_at, ends_at) ON UPDATE CASCADE,
    CONSTRAINT participants_no_overlap
        EXCLUDE USING gist (
            practice_id WITH =, client_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (is_live) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX participants_of_client_idx
    ON booking.participants (practice_id, client_id, starts_at);
"""
