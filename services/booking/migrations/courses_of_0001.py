"""Courses, and which bookings are theirs, as the first migration adds them."""

COURSES = """
CREATE TABLE booking.courses (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    practitioner_id UUID NOT NULL,
    client_id UUID NOT NULL,
    follows_booking_id UUID NOT NULL,
    sessions SMALLINT NOT NULL,
    fingerprint TEXT NOT NULL,
    booked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT courses_pkey PRIMARY KEY (practice_id, id),
    CONSTRAINT courses_follows_fkey
        FOREIGN KEY (practice_id, follows_booking_id)
        REFERENCES booking.bookings (practice_id, id),
    CONSTRAINT courses_sessions_bounded CHECK (sessions BETWEEN 1 AND 60)
);
CREATE INDEX courses_follows_idx ON booking.courses (practice_id, follows_booking_id);
ALTER TABLE booking.bookings
    ADD COLUMN course_id UUID,
    ADD CONSTRAINT bookings_course_fkey
        FOREIGN KEY (practice_id, course_id) REFERENCES booking.courses (practice_id, id);
CREATE INDEX bookings_of_course_idx ON booking.bookings (practice_id, course_id)
    WHERE course_id IS NOT NULL;
"""
