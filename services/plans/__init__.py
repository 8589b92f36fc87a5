"""plans owns charts, the units of encryption, therapy plans with their versions, phases, goals,
exercises, measures and reviews, notes, and intake: practices' forms and texts, clients' answers and
consents. It asks booking whom a practitioner treats, who comes to a booking and which sessions were
attended, and profiles who a client is. It emits alert_raised, dates_proposed where dates wait for a
client, plan_proposed where a version without dates does, plan_agreed for dates that both agreed to,
plan_stopped, and course_ran_short where a plan without an end needs further ones; it hears whether
their course was booked (course_booked, course_refused) or given back in the calendar
(course_cancelled), and of sessions (booking_confirmed, booking_rescheduled, booking_cancelled,
attendance_recorded), which plans go by and measures and reviews are counted by; and that a guest
has an account (guest_joined), who can read and sign from then on."""
