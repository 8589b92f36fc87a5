"""What a clinic asks before a first session, and what was signed of it."""

from uuid import UUID

from uuid_utils.compat import uuid7

from deploy.local.product import Product
from services.booking.queries import bookings
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import Database
from services.contracts.booking.bookings import BookingState
from services.contracts.plans.intake import SignConsents
from services.contracts.plans.intake_setup import PublishConsentText, PublishIntakeForm
from services.contracts.plans.questionnaire import ConsentKind
from services.plans.adapters.appointments import Appointment
from services.plans.operations import consents, intake_setup
from services.plans.operations.sealing import KeyRing
from tests.factories.clinic import Clinic


def ask_before_sessions(product: Product, clinic: Clinic) -> dict[ConsentKind, UUID]:
    """Publish the form that every practice starts from, and two texts. Their ids."""
    texts = {kind: UUID(str(uuid7())) for kind in (ConsentKind.TREATMENT, ConsentKind.PRIVACY)}
    owner = Actor(kind="person", practice_id=clinic.id, roles=frozenset({"owner"}))
    database, now = Database(product.environment["PLANS_DATABASE_URL"], pool_size=1), utc_now()
    with database.transaction(owner) as tx:
        intake_setup.get_setup(tx, clinic.id, now=now)
        intake_setup.publish_form(tx, PublishIntakeForm(revision=1), clinic.id, now=now)
        for kind, id_ in texts.items():
            text = PublishConsentText(id=id_, kind=kind, title="A text", body="In our words.")
            intake_setup.publish_text(tx, text, clinic.id, now=now)
    database.engine.dispose()
    return texts


def sign(product: Product, ring: KeyRing, clinic: Clinic, booking: UUID, text_id: UUID) -> None:
    """Who comes to a booking signs one of the texts, by the booking's link."""
    url = product.environment["BOOKING_DATABASE_URL"]
    link = Actor(kind="link", booking_id=booking, practice_id=clinic.id)
    who = _appointment(Database(url, pool_size=1), link, booking)
    database = Database(product.environment["PLANS_DATABASE_URL"], pool_size=1)
    with database.transaction(link) as tx:
        command = SignConsents(booking_id=who.booking_id, text_ids=[text_id])
        consents.sign_consents(tx, ring, command, who, now=utc_now())
    database.engine.dispose()


def _appointment(database: Database, link: Actor, booking_id: UUID) -> Appointment:
    with database.transaction(link) as tx:
        found = bookings.booking(tx, booking_id)
        assert found is not None
        made = Appointment(
            booking_id=found.id,
            practice_id=found.practice_id,
            practitioner_id=found.practitioner_id,
            client_id=found.client_id,
            account_id=found.account_id,
            starts_at=found.starts_at,
            state=BookingState(found.state),
            is_link=True,
        )
    database.engine.dispose()
    return made
