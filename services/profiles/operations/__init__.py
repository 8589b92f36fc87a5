"""The use cases of profiles, one function each.

The functions that store practices and people (`open_account`, `open_practice`, `add_member`,
`publish_practitioner`, `store_client`, `make_operator`, `store_catalogue`) take ids from the
caller and may be repeated. The transaction must be that of the practice, as the runtime role.
"""

from services.profiles.operations.accounts import get_account, get_account_address
from services.profiles.operations.catalogue import store_catalogue
from services.profiles.operations.clients import (
    ensure_client,
    get_client,
    get_contact,
    get_own_client,
    list_clients,
    store_client,
)
from services.profiles.operations.confirming import confirm_registration, get_registration
from services.profiles.operations.directory import note_openings, note_price, search_directory
from services.profiles.operations.entrance import Entrance, entrance, limits
from services.profiles.operations.logins import (
    carry_out_revocations,
    revoke_logins,
    sign_in,
    sign_out,
)
from services.profiles.operations.members import list_members
from services.profiles.operations.practices import (
    add_member,
    get_practice,
    get_staffing,
    make_operator,
    open_account,
    open_practice,
)
from services.profiles.operations.publishing import publish_practitioner
from services.profiles.operations.records import get_client_record, search_clients
from services.profiles.operations.registering import (
    forget_registrations,
    issue_registration_mail,
    register_account,
    send_registration_mail,
)

__all__ = [
    "Entrance",
    "add_member",
    "carry_out_revocations",
    "confirm_registration",
    "ensure_client",
    "entrance",
    "forget_registrations",
    "get_account",
    "get_account_address",
    "get_client",
    "get_client_record",
    "get_contact",
    "get_own_client",
    "get_practice",
    "get_registration",
    "get_staffing",
    "issue_registration_mail",
    "limits",
    "list_clients",
    "list_members",
    "make_operator",
    "note_openings",
    "note_price",
    "open_account",
    "open_practice",
    "publish_practitioner",
    "register_account",
    "revoke_logins",
    "search_clients",
    "search_directory",
    "send_registration_mail",
    "sign_in",
    "sign_out",
    "store_catalogue",
    "store_client",
]
