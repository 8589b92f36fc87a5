"""Publishing a practitioner: the practice's own record, the credentials, the public copy."""

import json
from dataclasses import asdict

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common.database import constraint_of
from services.common.errors import InvalidInput
from services.profiles.domain.records import CredentialRecord, PractitionerRecord
from services.profiles.models import Credential, Practitioner, PublishedPractitioner
from services.profiles.operations.directory import list_anew
from services.profiles.operations.storing import store
from services.profiles.queries import catalogue, directory


def publish_practitioner(tx: Session, record: PractitionerRecord) -> None:
    """Store a practitioner and publish the page; listed as soon as a price and a time are known.

    Raises InvalidInput, naming the field, for a slug that is taken and for unknown topics or
    approaches.
    """
    _check_slugs(tx, record)
    own = {"practice_id": record.practice_id, "id": record.id}
    known = own | {"name": record.name, "email": record.email}
    store(tx, Practitioner, known, keys=("practice_id", "id"))
    _store_credentials(tx, record)
    directory.lock_listing(tx, record.id)
    try:
        store(tx, PublishedPractitioner, _public_copy(record) | {"card": _card(tx, record)})
    except IntegrityError as broken:
        if constraint_of(broken) != "published_practitioners_slug_unique":
            raise
        raise InvalidInput("This address is taken.", {"slug": "is taken"}) from None
    list_anew(tx, record.id)


def _card(tx: Session, record: PractitionerRecord) -> str:
    """A `PractitionerCard` without what changes by the hour: price and next free time."""
    topics = catalogue.topic_references(tx, list(record.topics))
    card = {
        "practitioner_id": str(record.id),
        "practice_id": str(record.practice_id),
        "slug": record.slug,
        "name": record.name,
        "title": record.title,
        "profession": str(record.profession),
        "is_verified": record.verified_on is not None,
        "portrait_url": record.portrait_url,
        "languages": list(record.languages),
        "formats": [str(one) for one in record.formats],
        "topics": [topic.model_dump(exclude={"summary"}) for topic in topics],
        "time_zone": record.time_zone,
        "city": record.city,
    }
    return json.dumps(card)


def _check_slugs(tx: Session, record: PractitionerRecord) -> None:
    unknown = {
        "topics": set(record.topics) - catalogue.known_topics(tx),
        "approaches": set(record.approaches) - catalogue.known_approaches(tx),
    }
    told = {
        name: f"unknown: {', '.join(sorted(slugs))}" for name, slugs in unknown.items() if slugs
    }
    if told:
        raise InvalidInput("The catalogue does not know all of these.", told)


def _store_credentials(tx: Session, record: PractitionerRecord) -> None:
    tx.execute(
        delete(Credential).where(
            Credential.practice_id == record.practice_id,
            Credential.practitioner_id == record.id,
            Credential.position >= len(record.credentials),
        )
    )
    own = {"practice_id": record.practice_id, "practitioner_id": record.id}
    for position, credential in enumerate(record.credentials):
        values = own | {"position": position} | asdict(credential)
        store(tx, Credential, values, keys=("practice_id", "practitioner_id", "position"))


def _public_copy(record: PractitionerRecord) -> dict[str, object]:
    """What everybody may read: no address of the person, no register numbers."""
    values = asdict(record)
    del values["email"]
    lists = ("about", "languages", "topics", "approaches")
    return (
        values
        | {name: list(values[name]) for name in lists}
        | {
            "profession": str(record.profession),
            "formats": [str(one) for one in record.formats],
            "is_verified": record.verified_on is not None,
            "credentials": [_public(credential) for credential in record.credentials],
        }
    )


def _public(credential: CredentialRecord) -> str:
    return f"{credential.name}, {credential.issuer}, since {credential.since}"
