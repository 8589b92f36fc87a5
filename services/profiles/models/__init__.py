"""The tables of profiles."""

from services.profiles.models.accounts import Account, Revocation
from services.profiles.models.base import Base, metadata, plumbing
from services.profiles.models.catalogue import Approach, Topic
from services.profiles.models.directory import (
    AskingPrice,
    DirectoryOpening,
    PublishedPractitioner,
    ToldOpenings,
)
from services.profiles.models.practices import Client, Credential, Member, Practice, Practitioner
from services.profiles.models.registrations import Registration, RegistrationMail

__all__ = [
    "Account",
    "Approach",
    "AskingPrice",
    "Base",
    "Client",
    "Credential",
    "DirectoryOpening",
    "Member",
    "Practice",
    "Practitioner",
    "PublishedPractitioner",
    "Registration",
    "RegistrationMail",
    "Revocation",
    "ToldOpenings",
    "Topic",
    "metadata",
    "plumbing",
]
