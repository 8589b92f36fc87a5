"""A stateful stand-in for Stripe that the unmodified `stripe` SDK talks to over HTTP.

It keeps accounts, Checkout Sessions, payments, refunds, fees and events on disk, shows a page
to pay on, delivers signed webhooks, and has switches for the faults a payment system meets.
Run it with `python -m deploy.local.stripe_twin`; every setting is a variable of the
environment, listed in `config.py`. It is for one machine: bind it to loopback only.
"""
