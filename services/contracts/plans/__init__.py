"""What plans offers: therapy plans, agreed between practitioner and client, and who looked.

Who knows any of it can read its refusals.
"""

from services.contracts.plans import refusals as refusals
