"""Which messages a fact about a package leads to."""

from datetime import datetime, timedelta

from services.contracts.billing.package_mails import PackageBought, PackageEnded
from services.notify.domain.drafts import Draft
from services.notify.domain.kinds import PackageMail, Recipient

PackageFact = PackageBought | PackageEnded
LAPSE_NOTICE = timedelta(days=30)


def drafts_of_package(fact: PackageFact, *, now: datetime) -> list[Draft]:
    """The messages that it leads to. That a package lapses is told 30 days before, and not of one
    that was bought with less than that left."""
    if isinstance(fact, PackageEnded):
        return [_draft(PackageMail.ENDED, fact, now)]
    drafts = [_draft(PackageMail.BOUGHT, fact, now)]
    lapses_soon_at = fact.expires_at - LAPSE_NOTICE
    if lapses_soon_at > fact.occurred_at:
        drafts.append(_draft(PackageMail.LAPSES, fact, lapses_soon_at))
    return drafts


def _draft(template: PackageMail, fact: PackageFact, due_at: datetime) -> Draft:
    return Draft(template, Recipient.CLIENT, fact.sale_id, due_at, fact.client_id)
