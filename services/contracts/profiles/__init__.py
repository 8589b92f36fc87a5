"""What profiles offers: accounts and logins, the catalogue, the directory, clients.

Who knows any of it can read its refusals.
"""

from services.contracts.profiles import accounts as accounts
from services.contracts.profiles import registering as registering
