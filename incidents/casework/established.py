"""Reading what is established: about whom a finding is asked in each case, and the one that stands."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from incidents.casework.chronology import FINDING
from incidents.casework.findings import FOREMOST, SAID_TO_HAVE_DONE_IT, about_whom, as_read, counting, is_finding
from incidents.casework.models import Case, CaseIncident
from incidents.casework.words import Finding
from incidents.database import question
from incidents.decisions.models import Decision
from incidents.decisions.queries import history, standing, still_standing
from incidents.extensions import db
from incidents.people.models import Person
from incidents.recording.models import Involvement

Cases = Select[tuple[uuid.UUID]]
NOBODY: dict[uuid.UUID | None, None] = {None: None}  # nobody is named: the finding is about what was done
Findings = dict[uuid.UUID | None, Decision | None]  # about whom one is asked, and the one that stands


def findings_in(case: Case) -> Findings:
    """Everybody who is said to have done it in a case, with the finding about them that stands.

    An account that nobody knows, and a case in which nobody is named, have one without a person.
    """
    return findings_about(case, _named_in(case.id).scalars())


def findings_about(case: Case, persons: Iterable[uuid.UUID | None]) -> Findings:
    """The same where those who are said to have done it are read already, in the order in which they were named."""
    standing_now = still_standing(history([case.id]))
    said = {about_whom(row.question): row for row in standing_now if is_finding(row.question)}
    return {person: said.get(person) for person in dict.fromkeys(persons) or NOBODY}


@question
def _named_in(case_id: Any) -> Select[tuple[uuid.UUID | None]]:
    return _who_did_it(Involvement.person_id).where(CaseIncident.case_id == case_id)


def findings_counted(cases: Select[tuple[uuid.UUID]]) -> dict[uuid.UUID, Finding]:
    """For each of these cases that has one the finding that counts: see `findings.counting`. For the report to governors."""
    said = db.session.execute(
        select(Decision.matter_id, Decision.question, Decision.answer).where(_stands(cases))
    ).all()
    about = _said_to_have_done_it(cases) if said else {}
    found: dict[uuid.UUID, list[Finding]] = {}
    for case_id, asked, answer in said:
        if about_whom(asked) in about.get(case_id, NOBODY):
            found.setdefault(case_id, []).append(Finding(answer))
    return {case_id: sorted(several, key=FOREMOST.index)[0] for case_id, several in found.items()}


def _stands(cases: Cases) -> ColumnElement[bool]:
    about_one = Decision.question.startswith(f"{FINDING}:")
    return and_(Decision.matter_id.in_(cases), or_(Decision.question == FINDING, about_one), standing())


def _said_to_have_done_it(cases: Cases) -> dict[uuid.UUID, dict[uuid.UUID | None, None]]:
    """For each case those who are said to have done it, once each, in the order in which they were named."""
    found: dict[uuid.UUID, dict[uuid.UUID | None, None]] = {}
    for case_id, person_id in db.session.execute(
        _who_did_it(CaseIncident.case_id, Involvement.person_id).where(CaseIncident.case_id.in_(cases))
    ):
        found.setdefault(case_id, {})[person_id] = None
    return found


def _who_did_it(*columns: Any) -> Select[Any]:
    here = and_(Involvement.school_id == CaseIncident.school_id, Involvement.incident_id == CaseIncident.incident_id)
    return (
        select(*columns)
        .select_from(CaseIncident)
        .join(Involvement, here)
        .where(
            CaseIncident.unlinked_at.is_(None),
            Involvement.part.in_(SAID_TO_HAVE_DONE_IT),
            Involvement.ended_at.is_(None),
        )
        .order_by(Involvement.at, Involvement.id)
    )


def finding_counted(findings: Findings) -> Finding | None:
    """The finding that counts for the case: see `findings.counting`."""
    return counting(Finding(row.answer) for row in findings.values() if row)


def finding_of(case: Case) -> Finding | None:
    """What is established; of several findings the one that counts for the case."""
    return finding_counted(findings_in(case))


def read_of(case: Case) -> str:
    """What somebody has before them who now says what is established: see `findings.as_read`."""
    return as_read({about: row.id if row else None for about, row in findings_in(case).items()})


def without_finding(findings: Findings) -> tuple[str, ...]:
    """Those about whom there is none yet, by name."""
    missing = [about for about, row in findings.items() if row is None]
    names = {row.id: row.name for row in db.session.scalars(select(Person).where(Person.id.in_(missing)))}
    return tuple(names.get(about, "") if about else "the account that nobody knows" for about in missing)
