"""What was cited in a matter. Never altered: what was cited wrongly is withdrawn beside it, with the reason."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incidents.citations.words import JudgedBy, MeantAs, What
from incidents.extensions import Model
from incidents.policies.kinds import BREACHABLE
from incidents.rows import Owned, Salted, one_of, within

_CAN_BE_BROKEN = ", ".join(f"'{force}'" for force in sorted(BREACHABLE))


class Citation(Owned, Salted, Model):
    """A clause or a law in an incident, with its wording as it stood then: a later version changes nothing of it."""

    matter_id: Mapped[uuid.UUID]
    what: Mapped[str]
    clause_id: Mapped[uuid.UUID | None]
    statute_key: Mapped[str]
    meant_as: Mapped[str]
    force: Mapped[str]  # of a clause; empty for a law
    code: Mapped[str]
    heading: Mapped[str]  # the policy's title, or the Act and its section
    version: Mapped[str]  # of the policy, or of the list of laws
    wording: Mapped[str]
    in_force_on: Mapped[date]  # the first day, of those on which it may have happened, on which it was in force
    judged_by: Mapped[str]
    reason: Mapped[str]
    decision_id: Mapped[uuid.UUID | None]  # the decision that it was cited with
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    __table_args__ = (
        within("matter"),
        within("clause"),
        within("decision"),
        one_of("what", What),
        one_of("meant_as", MeantAs),
        one_of("judged_by", JudgedBy),
        CheckConstraint("(what = 'clause') = (clause_id IS NOT NULL)", name="which_clause"),
        CheckConstraint("(what = 'statute') = (statute_key <> '')", name="which_statute"),
        CheckConstraint("(what = 'statute') = (meant_as = 'relevant')", name="a_law_is_never_broken"),
        CheckConstraint(f"meant_as <> 'breached' OR force IN ({_CAN_BE_BROKEN})", name="advice_is_never_broken"),
        CheckConstraint("judged_by <> 'part' OR reason <> ''", name="chosen_with_a_reason"),
        Index("ix_citation_matter", "school_id", "matter_id"),
    )


class CitationWithdrawn(Owned, Salted, Model):
    """It was cited wrongly, and why. The citation itself stays to be read."""

    citation_id: Mapped[uuid.UUID]
    reason: Mapped[str]
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    __table_args__ = (
        within("citation"),
        UniqueConstraint("school_id", "citation_id"),  # withdrawn once
        CheckConstraint("reason <> ''", name="with_a_reason"),
    )
