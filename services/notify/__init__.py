"""notify owns templates, messages, reminders, preferences, delivery and the links in mails.

Consumes booking_confirmed, booking_cancelled, booking_rescheduled, booking_refused (booking),
refund_made, package_bought and package_ended (billing), registration_mail_asked (profiles),
alert_raised, dates_proposed and plan_proposed (plans); emits nothing. At delivery it asks booking
how a booking stands, billing how a package does, profiles whom to reach, and plans what is asked of
a client.
"""
