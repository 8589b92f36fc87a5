"""Asking profiles how to reach people; the answer is used for one mail and kept nowhere."""

from dataclasses import dataclass
from uuid import UUID

from services.common.auth import Actor
from services.common.rpc.client import Caller
from services.contracts.profiles.accounts import AccountAddressView, GetAccountAddress
from services.contracts.profiles.clients import ContactView, GetContact
from services.contracts.profiles.registering import IssuedMailView, IssueRegistrationMail


@dataclass(frozen=True, slots=True)
class Contacts:
    """profiles, as notify sees it."""

    caller: Caller

    def get(
        self,
        client_id: UUID,
        practitioner_id: UUID,
        actor: Actor,
        *,
        is_for_practitioner: bool = False,
    ) -> ContactView:
        """Addresses and names, without the client's for who treats them.

        Raises NotFound for who is not there, ServiceUnavailable, Fault.
        """
        command = GetContact(
            client_id=client_id,
            practitioner_id=practitioner_id,
            is_for_practitioner=is_for_practitioner,
        )
        return self.caller.call("profiles", "get_contact", command, actor, ContactView)

    def address_of(self, account_id: UUID, actor: Actor) -> str:
        """An account's mail address; raises as `get` does."""
        command = GetAccountAddress(account_id=account_id)
        told = self.caller.call(
            "profiles", "get_account_address", command, actor, AccountAddressView
        )
        return told.email

    def issue_registration_mail(self, mail_id: UUID, link_key: str, actor: Actor) -> IssuedMailView:
        """Whom a mail of registering goes to and what it says; raises as `get` does."""
        command = IssueRegistrationMail(mail_id=mail_id, link_key=link_key)
        return self.caller.call(
            "profiles", "issue_registration_mail", command, actor, IssuedMailView
        )
