"""The nameko class of profiles."""

from functools import cache
from typing import Any, TypeVar

from eventlet import tpool
from nameko.extensions import DependencyProvider
from nameko.timer import timer
from sqlalchemy.orm import Session

from services.common.clock import utc_now
from services.common.errors import Busy, NotFound
from services.common.events import handles
from services.common.logging import get_logger
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.common.service import Service
from services.contracts.billing import PricePublished
from services.contracts.booking.events import OpeningsChanged
from services.contracts.profiles.accounts import (
    AccountAddressView,
    AccountView,
    GetAccount,
    GetAccountAddress,
    LoginsEnded,
    LoginView,
    RegisterAccount,
    RevokeLogins,
    SignIn,
    SignOut,
)
from services.contracts.profiles.catalogue import (
    ApproachesView,
    ApproachView,
    GetApproach,
    GetTopic,
    ListApproaches,
    ListTopics,
    TopicsView,
    TopicView,
)
from services.contracts.profiles.clients import (
    ClientsView,
    ClientView,
    ContactView,
    EnsureClient,
    GetClient,
    GetContact,
    GetOwnClient,
    ListClients,
    OwnClientView,
)
from services.contracts.profiles.directory import (
    GetPractitioner,
    ListPractitioners,
    PractitionersView,
    PractitionerView,
    SearchDirectory,
)
from services.contracts.profiles.members import ListMembers, MembersView
from services.contracts.profiles.practices import (
    GetPractice,
    GetStaffing,
    PracticeView,
    StaffingView,
)
from services.contracts.profiles.records import (
    ClientLinesPage,
    ClientRecordView,
    GetClientRecord,
    SearchClients,
)
from services.contracts.profiles.registering import (
    ConfirmRegistration,
    GetRegistration,
    IssuedMailView,
    IssueRegistrationMail,
    RegistrationMailView,
    RegistrationView,
    SendRegistrationMail,
)
from services.profiles import operations
from services.profiles.catalogue import load_catalogue
from services.profiles.config import ProfilesConfig
from services.profiles.operations import Entrance
from services.profiles.queries import catalogue, directory

log = get_logger(__name__)
BY_GATEWAY = {"gateway"}
View = TypeVar("View")
read_catalogue = cache(load_catalogue)


class EntranceProvider(DependencyProvider):  # type: ignore[misc]
    """Hands hashing (in threads, off the event loop) and Redis to the workers."""

    def setup(self) -> None:
        settings: ProfilesConfig = self.container.config["settings"]
        limits = operations.limits(
            sign_in=(settings.sign_in_tries, settings.sign_in_tries_everywhere),
            register=(settings.register_tries, settings.register_tries_everywhere),
            mails=(settings.registration_mails, settings.registration_mails_everywhere),
            address=settings.address_tries,
            seconds=settings.tries_window_seconds,
        )
        database = self.container.config["runtime"].database
        self.entrance = operations.entrance(database, settings.redis_url, limits, tpool.execute)

    def get_dependency(self, worker_ctx: Any) -> Entrance:
        return self.entrance


class ProfilesService(Service):
    """Accounts and logins, the catalogue, the directory, clients."""

    name = "profiles"
    door = EntranceProvider()

    # --- accounts and logins

    @rpc(by=BY_GATEWAY)
    def register_account(self, call: Call, command: RegisterAccount) -> AccountView:
        return operations.register_account(self.door, command, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def send_registration_mail(
        self, call: Call, command: SendRegistrationMail
    ) -> RegistrationMailView:
        return operations.send_registration_mail(self.door, command, now=utc_now())

    @rpc(by={"notify"})
    def issue_registration_mail(self, call: Call, command: IssueRegistrationMail) -> IssuedMailView:
        with self.db.transaction(call.actor) as tx:
            return operations.issue_registration_mail(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_registration(self, call: Call, command: GetRegistration) -> RegistrationView:
        with self.db.plumbing() as tx:
            return operations.get_registration(tx, command, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def confirm_registration(self, call: Call, command: ConfirmRegistration) -> LoginView:
        return operations.confirm_registration(self.door, command, now=utc_now())

    @timer(interval=600)  # type: ignore[untyped-decorator]
    def forget_registrations(self) -> None:
        """What nobody confirmed goes."""
        try:
            with self.db.plumbing() as tx:
                operations.forget_registrations(tx, now=utc_now())
        except Busy:
            log.warning("forgetting registrations waits for the database")

    @rpc(by=BY_GATEWAY)
    def sign_in(self, call: Call, command: SignIn) -> LoginView:
        return operations.sign_in(self.door, command, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def sign_out(self, call: Call, command: SignOut) -> LoginsEnded:
        return operations.sign_out(self.door, command)

    @rpc(by=BY_GATEWAY)
    def revoke_logins(self, call: Call, command: RevokeLogins) -> LoginsEnded:
        return operations.revoke_logins(self.door, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_account(self, call: Call, command: GetAccount) -> AccountView:
        with self.db.reading(call.actor) as tx:
            return operations.get_account(tx, actor=call.actor)

    @rpc(by={"notify"})
    def get_account_address(self, call: Call, command: GetAccountAddress) -> AccountAddressView:
        with self.db.reading(call.actor) as tx:
            return operations.get_account_address(tx, command, actor=call.actor)

    @timer(interval=1)  # type: ignore[untyped-decorator]
    def end_revoked_logins(self) -> None:
        """End logins whose account changed what it may do."""
        try:
            operations.carry_out_revocations(self.door, now=utc_now())
        except Busy:
            log.warning("ending logins waits for the database or for Redis")

    # --- the catalogue

    @timer(interval=300, eager=True)  # type: ignore[untyped-decorator]
    def keep_catalogue(self) -> None:
        """Bring topics and approaches to what the files of this version say."""
        try:
            with self.db.plumbing() as tx:
                operations.store_catalogue(tx, read_catalogue())
        except Busy:
            log.warning("the catalogue waits for the database")

    @rpc(by=BY_GATEWAY)
    def list_topics(self, call: Call, command: ListTopics) -> TopicsView:
        with self.db.plumbing() as tx:
            return TopicsView(topics=catalogue.topics(tx))

    @rpc(by=BY_GATEWAY)
    def get_topic(self, call: Call, command: GetTopic) -> TopicView:
        with self.db.plumbing() as tx:
            return _known(catalogue.topic(tx, command.slug, utc_now()), "topic")

    @rpc(by=BY_GATEWAY)
    def list_approaches(self, call: Call, command: ListApproaches) -> ApproachesView:
        with self.db.plumbing() as tx:
            return ApproachesView(approaches=catalogue.approaches(tx))

    @rpc(by=BY_GATEWAY)
    def get_approach(self, call: Call, command: GetApproach) -> ApproachView:
        with self.db.plumbing() as tx:
            return _known(catalogue.approach(tx, command.slug, utc_now()), "approach")

    # --- the directory

    @rpc(by=BY_GATEWAY)
    def search_directory(self, call: Call, command: SearchDirectory) -> dict[str, Any]:
        return operations.search_directory(self.db, command, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_practitioner(self, call: Call, command: GetPractitioner) -> PractitionerView:
        with self.db.plumbing() as tx:
            return _known(directory.practitioner_page(tx, command.slug), "practitioner")

    @rpc(by={"gateway", "notify"})
    def list_practitioners(self, call: Call, command: ListPractitioners) -> PractitionersView:
        with self.db.plumbing() as tx:
            named = directory.practitioner_names(tx, command.practitioner_ids)
            return PractitionersView(practitioners=named)

    @handles(OpeningsChanged)
    def on_openings_changed(self, tx: Session, event: OpeningsChanged) -> None:
        operations.note_openings(tx, event)

    @handles(PricePublished)
    def on_price_published(self, tx: Session, event: PricePublished) -> None:
        operations.note_price(tx, event)

    # --- clients

    @rpc(by=BY_GATEWAY)
    def ensure_client(self, call: Call, command: EnsureClient) -> ClientView:
        with self.db.transaction(call.actor.within(command.practice_id)) as tx:
            return operations.ensure_client(tx, command, actor=call.actor, now=utc_now())

    @rpc(by={"gateway", "plans"})
    def get_own_client(self, call: Call, command: GetOwnClient) -> OwnClientView:
        with self.db.reading(call.actor) as tx:
            return operations.get_own_client(tx, command, actor=call.actor)

    @rpc(by={"plans"})
    def get_client(self, call: Call, command: GetClient) -> ClientView:
        with self.db.transaction(call.actor) as tx:
            return operations.get_client(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_practice(self, call: Call, command: GetPractice) -> PracticeView:
        with self.db.reading(call.actor) as tx:
            return operations.get_practice(tx, command, actor=call.actor)

    @rpc(by={"plans"})
    def get_staffing(self, call: Call, command: GetStaffing) -> StaffingView:
        with self.db.reading(call.actor) as tx:
            return operations.get_staffing(tx, command, actor=call.actor)

    @rpc(by={"notify"})
    def get_contact(self, call: Call, command: GetContact) -> ContactView:
        with self.db.reading(call.actor) as tx:
            return operations.get_contact(tx, command, actor=call.actor)

    @rpc(by={"gateway", "billing"})
    def list_clients(self, call: Call, command: ListClients) -> ClientsView:
        with self.db.reading(call.actor) as tx:
            return operations.list_clients(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def list_members(self, call: Call, command: ListMembers) -> MembersView:
        with self.db.reading(call.actor) as tx:
            return operations.list_members(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def search_clients(self, call: Call, command: SearchClients) -> ClientLinesPage:
        with self.db.reading(call.actor) as tx:
            return operations.search_clients(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_client_record(self, call: Call, command: GetClientRecord) -> ClientRecordView:
        with self.db.reading(call.actor) as tx:
            return operations.get_client_record(tx, command, actor=call.actor)


def _known(view: View | None, what: str) -> View:
    if view is None:
        raise NotFound(f"There is no such {what}.")
    return view
