"""Citing a rule or a law in an incident, and withdrawing what was cited wrongly."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from incidents.access import Right
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.citations import queries
from incidents.citations.models import Citation, CitationWithdrawn
from incidents.citations.queries import CLAUSE, STATUTE
from incidents.citations.said import in_full, never_broken, not_in_force
from incidents.citations.suggesting import Happening, Judged, Rule, judged, meant_as
from incidents.citations.words import JudgedBy, MeantAs, What
from incidents.decisions.models import Decision
from incidents.errors import NotAllowed, NotFound, NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.visibility import standing
from incidents.matters.words import Direction
from incidents.recording.models import Incident

FIELD, WHY = "rules", "rules_why"
UNKNOWN = "Choose rules and laws from the list."


@dataclass(frozen=True)
class Weighed:
    """What a citation freezes, and the workflow that a breach of it starts."""

    what: What
    meant_as: MeantAs
    judged: Judged
    heading: str
    version: str
    wording: str
    clause_id: uuid.UUID | None = None
    statute_key: str = ""
    force: str = ""
    code: str = ""
    workflow: str = ""


def weigh(
    incident: Incident,
    keys: Sequence[str],
    *,
    by: Viewer,
    reason: str = "",
    as_: MeantAs | None = None,
    direction: Direction | None = None,
) -> list[Weighed]:
    """What these clauses (`clause:` and its id) and laws (`statute:` and its key) come to for this incident.

    Without `as_` a rule that binds the people on the record is said to be broken, and anything else is context. Raises
    `Refused` for what was not in force, for a law of another nation, for advice as a breach, and where a version that
    held on some of the days only is chosen without a reason. What is cited already is left out.
    """
    if not keys:
        return []
    _take(incident, by)
    happening = queries.happening_of(incident, by, direction)
    known = queries.keys_cited(incident)
    weighed = [
        _law(key, happening) if key.startswith(STATUTE) else _clause(key, happening, as_)
        for key in dict.fromkeys(keys)
        if key not in known
    ]
    if any(each.judged.by is JudgedBy.PART for each in weighed) and not reason.strip():
        raise Refused("What you ticked was in force on some of these days only. Say why you judge by it.", WHY)
    return weighed


def keep(
    incident: Incident,
    weighed: Iterable[Weighed],
    *,
    by: Viewer,
    at: datetime,
    reason: str = "",
    decision: Decision | None = None,
) -> list[Citation]:
    """Cite what was weighed, with its wording as it stands; in a triage, with the decision that it belongs to."""
    return [_keep(incident, each, reason.strip(), decision, by, at) for each in weighed]


def cite(
    incident: Incident,
    keys: Sequence[str],
    *,
    by: Viewer,
    at: datetime,
    reason: str = "",
    as_: MeantAs | None = None,
) -> list[Citation]:
    """Weigh and keep at once."""
    return keep(incident, weigh(incident, keys, by=by, reason=reason, as_=as_), by=by, at=at, reason=reason)


def workflow_started(weighed: Iterable[Weighed]) -> str:
    """The workflow that the first of the broken rules starts; empty where none names one."""
    return next((each.workflow for each in weighed if each.meant_as is MeantAs.BREACHED and each.workflow), "")


def withdraw(incident: Incident, citation_id: uuid.UUID, reason: str, *, by: Viewer, at: datetime) -> CitationWithdrawn:
    """Say that something was cited wrongly, and why. It stays to be read, marked."""
    _take(incident, by)
    held = queries.citation(incident, citation_id)
    if held.withdrawn:
        raise NotPossibleNow("Somebody withdrew this already.")
    if not reason.strip():
        raise Refused("Say why it is withdrawn.", "reason")
    row = CitationWithdrawn(
        school_id=incident.school_id, citation_id=held.citation.id, reason=reason.strip(), by=by.account_id, at=at
    )
    db.session.add(row)
    db.session.flush()
    record(
        "withdrew", row, by=by.account_id, at=at, matter=incident.id, field="reason", after=row.reason,
        citation=held.citation.id,
    )  # fmt: skip
    return row


def _take(incident: Incident, by: Viewer) -> None:
    """Take the incident for citing: one at a time, by somebody who decides it."""
    db.session.execute(select(Incident.id).where(Incident.id == incident.id).with_for_update())
    held = standing(by, incident.id)
    if held is None:
        raise NotFound
    if not held.may(Right.DECIDE):
        raise NotAllowed


def _clause(key: str, happening: Happening, as_: MeantAs | None) -> Weighed:
    try:
        rule = queries.rule_of(uuid.UUID(key.removeprefix(CLAUSE)))
    except ValueError:
        rule = None
    if rule is None:
        raise Refused(UNKNOWN, FIELD)
    when = judged(rule.starts, rule.ends, happening)
    if when is None:
        raise Refused(not_in_force(rule, happening, _in_its_place(rule, happening)), FIELD)
    fits = meant_as(rule, happening)
    if as_ is MeantAs.BREACHED and fits is not MeantAs.BREACHED:
        raise Refused(never_broken(rule, happening), FIELD)
    return Weighed(
        What.CLAUSE, MeantAs.CONTEXT if as_ is MeantAs.CONTEXT else fits, when, rule.title, str(rule.number),
        in_full(rule), clause_id=rule.clause_id, force=rule.force, code=rule.code, workflow=rule.workflow,
    )  # fmt: skip


def _in_its_place(rule: Rule, happening: Happening) -> list[Rule]:
    every = queries.rules_between(happening.first, happening.last)
    return [each for each in every if each.policy_id == rule.policy_id and each.code == rule.code]


def _law(key: str, happening: Happening) -> Weighed:
    """The wrong-law guard, whatever the form sent: the refusal names the law that could be cited."""
    statute = queries.statute_of(key.removeprefix(STATUTE))
    if statute is None:
        raise Refused(UNKNOWN, FIELD)
    why = queries.why_no_law(statute, happening)
    law = queries.law_of(statute, happening)
    if why or law is None:
        raise Refused(why or UNKNOWN, FIELD)
    return Weighed(
        What.STATUTE, MeantAs.RELEVANT, law.judged, statute.title, queries.laws_version(), statute.about,
        statute_key=statute.key,
    )  # fmt: skip


def _keep(
    incident: Incident, wording: Weighed, reason: str, decision: Decision | None, by: Viewer, at: datetime
) -> Citation:
    row = Citation(
        school_id=incident.school_id, matter_id=incident.id, what=wording.what, clause_id=wording.clause_id,
        statute_key=wording.statute_key, meant_as=wording.meant_as, force=wording.force, code=wording.code,
        heading=wording.heading, version=wording.version, wording=wording.wording, in_force_on=wording.judged.on,
        judged_by=wording.judged.by, reason=reason, decision_id=decision.id if decision else None,
        by=by.account_id, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        "cited", row, by=by.account_id, at=at, matter=incident.id, field="wording",
        after=f"{row.heading} {row.code} {row.wording} {row.reason}", what=row.what, meant_as=row.meant_as,
        which=str(row.clause_id or row.statute_key),
    )  # fmt: skip
    return row
