"""Reading what has happened in a case and in its incidents, each kind of entry in one statement."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, and_, select

from incidents.accounts.queries import names_of
from incidents.casework.chronology import GIVEN_WORDS, Entry, decided, in_order
from incidents.casework.findings import about_whom
from incidents.casework.models import Case, CaseIncident, DateMove, Note, Step
from incidents.casework.progress import moved
from incidents.casework.queries import incidents_of, plan_of, steps_of
from incidents.casework.words import Records, StepState
from incidents.citations.queries import cited_in
from incidents.citations.said import in_force, label, title
from incidents.database import question
from incidents.decisions.models import Decision
from incidents.decisions.queries import history, standing
from incidents.evidence.models import Evidence
from incidents.files.models import File, FileState
from incidents.files.origins import origin_of
from incidents.files.queries import provenances
from incidents.matters.models import Grant, Matter, NeedToKnow, Told
from incidents.people.models import Person
from incidents.recording.models import Incident, Search, Statement, StatementKind
from incidents.recording.searches import DID_LABELS, Did, searched_in
from incidents.schools.queries import calendar


def chronology(case: Case) -> list[Entry]:
    """All that happened in the case and its incidents, the newest first."""
    incidents = {incident.id: incident for incident in incidents_of(case)}
    matters = [case.id, *incidents]
    return in_order([
        *_said(incidents), *_done(case), *_decided(matters), *_told(matters), *_given(case), *_linked(case), *_moved(case),
        *_received(matters), *_searched(incidents), *_let_know(case), *_cited(incidents),
    ])  # fmt: skip


def _said(incidents: dict[uuid.UUID, Incident]) -> Iterable[Entry]:
    for row in _statements(incidents).scalars():
        reference = incidents[row.incident_id].reference
        if row.kind == StatementKind.ORIGINAL:
            yield Entry(row.at, row.by, f"Incident {reference} recorded.")
        else:
            yield Entry(row.at, row.by, row.words, f"Incident {reference}, {row.kind}.")


@question
def _statements(incident_ids: Any) -> Select[tuple[Statement]]:
    return select(Statement).where(Statement.incident_id.in_(incident_ids)).order_by(Statement.at)


def _let_know(case: Case) -> list[Entry]:
    rows = _need_to_know(case.id).scalars().all()
    names = names_of(row.account_id for row in rows)
    return [Entry(row.at, row.by, row.words, f"{names[row.account_id]} was given to know.") for row in rows]


@question
def _need_to_know(case_id: Any) -> Select[tuple[NeedToKnow]]:
    return select(NeedToKnow).where(NeedToKnow.matter_id == case_id)


def _done(case: Case) -> Iterable[Entry]:
    for step in steps_of(case):
        tells_itself = plan_of(case, step).records is not Records.NOTHING  # the decision it stands for is an entry
        if step.ended_at and not tells_itself:
            put_aside = " is not needed." if step.state == StepState.SKIPPED else "."
            yield Entry(step.ended_at, step.ended_by, step.words, step.title + put_aside)
    for note in _notes(case.id).scalars():
        yield Entry(note.at, note.by, note.words)


@question
def _notes(case_id: Any) -> Select[tuple[Note]]:
    return select(Note).where(Note.case_id == case_id).order_by(Note.at)


def _moved(case: Case) -> Iterable[Entry]:
    """Dates that the school's calendar moved."""
    dates = calendar()
    return [
        Entry(move.at, None, moved(move.was_due, move.now_due, move.because, dates), f"{title}.")
        for move, title in _moves(case.id)
    ]


@question
def _moves(case_id: Any) -> Select[tuple[DateMove, str]]:
    return (
        select(DateMove, Step.title)
        .join(Step, and_(Step.school_id == DateMove.school_id, Step.id == DateMove.step_id))
        .where(Step.case_id == case_id)
    )


def _decided(matters: Iterable[uuid.UUID]) -> Iterable[Entry]:
    """Each decision; the same finding about several people at once is one entry with all of their names."""
    rows = history(matters)
    people = {about_whom(row.question) for row in rows} - {None}
    names = {row.id: row.name for row in _people(people).scalars()} if people else {}
    alike: dict[tuple[object, ...], list[Decision]] = {}
    for row in rows:
        same = (row.matter_id, row.at, row.answer, row.words) if about_whom(row.question) else (row.id,)
        alike.setdefault(same, []).append(row)
    for several in alike.values():
        row = several[0]
        told = decided(row.question, row.answer, row.sentence, row.words)
        whom = ", ".join(sorted(names[person] for each in several if (person := about_whom(each.question))))
        if told:
            yield Entry(row.at, row.by, f"{whom}: {told[1]}" if whom else told[1], told[0], decision=True)


@question
def _people(person_ids: Any) -> Select[tuple[Person]]:
    return select(Person).where(Person.id.in_(person_ids))


def _told(matters: Collection[uuid.UUID]) -> Iterable[Entry]:
    return [
        Entry(told.at, told.by, told.words, f"{person.name} was told.") for told, person in _told_in(matters).tuples()
    ]


@question
def _told_in(matter_ids: Any) -> Select[tuple[Told, Person]]:
    return (
        select(Told, Person)
        .join(Person, and_(Person.school_id == Told.school_id, Person.id == Told.person_id))
        .where(Told.matter_id.in_(matter_ids))
    )


def _given(case: Case) -> Iterable[Entry]:
    rows = _grants(case.id).scalars().all()
    names = names_of(row.account_id for row in rows)
    return [
        Entry(row.starts, row.given_by, GIVEN_WORDS[row.capacity].format(who=names.get(row.account_id, "")))
        for row in rows
    ]


@question
def _grants(case_id: Any) -> Select[tuple[Grant]]:
    return select(Grant).where(Grant.matter_id == case_id, Grant.capacity.in_(GIVEN_WORDS))


def _linked(case: Case) -> Iterable[Entry]:
    for link, reference in _links(case.id).tuples():
        yield Entry(link.linked_at, link.linked_by, f"Incident {reference} put in this case.")
        if link.unlinked_at:
            yield Entry(link.unlinked_at, link.unlinked_by, f"Incident {reference} taken out of this case.")


@question
def _links(case_id: Any) -> Select[tuple[CaseIncident, str]]:
    return (
        select(CaseIncident, Matter.reference)
        .join(Matter, and_(Matter.school_id == CaseIncident.school_id, Matter.id == CaseIncident.incident_id))
        .where(CaseIncident.case_id == case_id)
    )


def _received(matters: Collection[uuid.UUID]) -> Iterable[Entry]:
    """Each piece of evidence, with where it comes from as it is said now. What was blanked is not told of any more."""
    rows = _evidence_in(matters).all()
    said = provenances([file.id for _, file, _ in rows])
    for evidence, file, reference in rows:
        brief = origin_of(said[file.id][0]).in_brief() if file.id in said else ""
        told = f"{brief[0].upper()}{brief[1:]}." if brief else ""
        yield Entry(evidence.at, evidence.by, told, f"Evidence {reference} E{evidence.number} came in.")


@question
def _evidence_in(matter_ids: Any) -> Select[tuple[Evidence, File, str]]:
    return (
        select(Evidence, File, Matter.reference)
        .join(File, and_(File.school_id == Evidence.school_id, File.id == Evidence.file_id))
        .join(Matter, and_(Matter.school_id == Evidence.school_id, Matter.id == Evidence.matter_id))
        .where(Evidence.matter_id.in_(matter_ids), File.state == FileState.SEALED)
    )


def _searched(incidents: dict[uuid.UUID, Incident]) -> Iterable[Entry]:
    rows = _searches(incidents).scalars().all()
    replaced = {row.supersedes for row in rows}
    for row in rows:
        if row.id not in replaced:
            told = ". ".join(words for what, words in searched_in(row).in_words() if what != "What was done")
            yield Entry(
                row.at,
                row.by,
                f"{told}.",
                f"Incident {incidents[row.incident_id].reference}. {DID_LABELS[Did(row.did)]}.",
            )


def _cited(incidents: dict[uuid.UUID, Incident]) -> Iterable[Entry]:
    """Each rule and law that was cited; what was withdrawn is told of twice, the second time with the reason."""
    for each in cited_in(incidents):
        row, gone, which = each.citation, each.withdrawn, f"Incident {incidents[each.citation.matter_id].reference}."
        because = f" Judged so because: {row.reason}" if row.reason else ""
        yield Entry(row.at, row.by, f"{label(row)}: {title(row)}, {in_force(row)}.{because}", f"{which} Cited.")
        if gone:
            yield Entry(gone.at, gone.by, f"{title(row)}. {gone.reason}", f"{which} Citation withdrawn.")


@question
def _searches(incident_ids: Any) -> Select[tuple[Search]]:
    return select(Search).where(Search.incident_id.in_(incident_ids)).order_by(Search.at)


def power_of(case: Case) -> Decision | None:
    """The sentence on which the school acts: the first that stands among the case's incidents."""
    incidents = [incident.id for incident in incidents_of(case)]
    rows = _powers(incidents).scalars().all()
    return min(rows, key=lambda row: incidents.index(row.matter_id), default=None)


@question
def _powers(incident_ids: Any) -> Select[tuple[Decision]]:
    return select(Decision).where(Decision.matter_id.in_(incident_ids), Decision.question == "power", standing())
