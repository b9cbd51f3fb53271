"""Reading what has happened in a case and in its incidents, most of it in one statement."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, cast, literal, null, select, union_all

from incidents.accounts.models import Account
from incidents.accounts.queries import also_read
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
from incidents.decisions.queries import history, still_standing
from incidents.evidence.models import Evidence
from incidents.files.models import File, FileState
from incidents.files.origins import origin_of
from incidents.files.queries import provenances
from incidents.matters.models import Grant, Matter, NeedToKnow, Told
from incidents.people.models import Person
from incidents.recording.models import Incident, Search, Statement, StatementKind
from incidents.recording.searches import DID_LABELS, Did, searched_in
from incidents.rows import Moment
from incidents.schools.queries import calendar


class What(StrEnum):
    """What happened, as the one statement tells its rows apart."""

    SAID = "said"
    NOTED = "noted"
    TOLD = "told"
    GIVEN = "given"
    PUT_IN = "put in"
    TAKEN_OUT = "taken out"
    MOVED = "moved"
    CAME_IN = "came in"
    SEARCHED = "searched"
    LET_KNOW = "let know"


def chronology(case: Case) -> list[Entry]:
    """All that happened in the case and its incidents, the newest first."""
    incidents = {incident.id: incident for incident in incidents_of(case)}
    matters = [case.id, *incidents]
    rows: dict[str, list[Any]] = {what: [] for what in What}
    for row in _happened(case.id, matters):
        rows[row.what].append(row)
    also_read({row.by: row.by_name for several in rows.values() for row in several if row.by})
    return in_order([
        *_told_of(rows, What.SAID), *_done(case), *_told_of(rows, What.NOTED), *_decided(matters),
        *_told_of(rows, What.TOLD, What.GIVEN, What.PUT_IN, What.TAKEN_OUT), *_moved(rows[What.MOVED]),
        *_received(rows[What.CAME_IN]), *_searched(incidents if rows[What.SEARCHED] else {}),
        *_told_of(rows, What.LET_KNOW), *_cited(incidents),
    ])  # fmt: skip


_NOTHING: Final = literal("")
_NOBODY, _NEVER = cast(null(), Uuid()), cast(null(), Moment())


def _part(
    what: What,
    at: Any,
    by: Any,
    *,
    words: Any = _NOTHING,
    first: Any = _NOTHING,
    second: Any = _NOTHING,
    file_id: Any = _NOBODY,
    was_due: Any = _NEVER,
    now_due: Any = _NEVER,
) -> Select[Any]:
    """Rows of one kind in the form that all have. What `first` and `second` are each kind knows for itself."""
    columns: dict[str, ColumnElement[Any]] = {
        "what": literal(what.value), "at": at, "by": by, "words": words, "first": first, "second": second,
        "file_id": file_id, "was_due": was_due, "now_due": now_due,
    }  # fmt: skip
    return select(*(column.label(name) for name, column in columns.items()))


@question
def _happened(case_id: Any, matter_ids: Any) -> Select[Any]:
    """A row for all but decisions, citations and steps; of a search only that there is one."""
    parts = union_all(
        _part(What.SAID, Statement.at, Statement.by, words=Statement.words, first=Statement.kind, second=Matter.reference)
        .join(Matter, _same(Matter, Statement.school_id, Statement.incident_id))
        .where(Statement.incident_id.in_(matter_ids)),
        _part(What.NOTED, Note.at, Note.by, words=Note.words).where(Note.case_id == case_id),
        _part(What.TOLD, Told.at, Told.by, words=Told.words, first=Person.given_name, second=Person.family_name)
        .join(Person, _same(Person, Told.school_id, Told.person_id))
        .where(Told.matter_id.in_(matter_ids)),
        _part(What.GIVEN, Grant.starts, Grant.given_by, first=Grant.capacity, second=Account.name)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.matter_id == case_id, Grant.capacity.in_(GIVEN_WORDS)),
        _part(What.PUT_IN, CaseIncident.linked_at, CaseIncident.linked_by, first=Matter.reference)
        .join(Matter, _same(Matter, CaseIncident.school_id, CaseIncident.incident_id))
        .where(CaseIncident.case_id == case_id),
        _part(What.TAKEN_OUT, CaseIncident.unlinked_at, CaseIncident.unlinked_by, first=Matter.reference)
        .join(Matter, _same(Matter, CaseIncident.school_id, CaseIncident.incident_id))
        .where(CaseIncident.case_id == case_id, CaseIncident.unlinked_at.is_not(None)),
        _part(What.MOVED, DateMove.at, _NOBODY, words=DateMove.because, first=Step.title,
              was_due=DateMove.was_due, now_due=DateMove.now_due)
        .join(Step, _same(Step, DateMove.school_id, DateMove.step_id))
        .where(Step.case_id == case_id),
        _part(What.CAME_IN, Evidence.at, Evidence.by, first=Matter.reference, second=cast(Evidence.number, Text()),
              file_id=Evidence.file_id)
        .join(File, _same(File, Evidence.school_id, Evidence.file_id))
        .join(Matter, _same(Matter, Evidence.school_id, Evidence.matter_id))
        .where(Evidence.matter_id.in_(matter_ids), File.state == FileState.SEALED),
        _part(What.SEARCHED, Search.at, Search.by).where(Search.incident_id.in_(matter_ids)),
        _part(What.LET_KNOW, NeedToKnow.at, NeedToKnow.by, words=NeedToKnow.words, first=Account.name)
        .join(Account, Account.id == NeedToKnow.account_id)
        .where(NeedToKnow.matter_id == case_id),
    )  # fmt: skip
    rows = parts.subquery()
    return select(rows, Account.name.label("by_name")).outerjoin(Account, Account.id == rows.c.by)


def _same(other: Any, school_id: Any, its_id: Any) -> ColumnElement[bool]:
    return and_(other.school_id == school_id, other.id == its_id)


def _told_of(rows: Mapping[str, Sequence[Any]], *kinds: What) -> Iterable[Entry]:
    return [Entry(row.at, row.by, *_IN_WORDS[what](row)) for what in kinds for row in rows[what]]


def _said(row: Any) -> tuple[str, str]:
    if row.first == StatementKind.ORIGINAL:
        return f"Incident {row.second} recorded.", ""
    return row.words, f"Incident {row.second}, {row.first}."


# The words and the strong words of what a row alone tells.
_IN_WORDS: Final[Mapping[What, Callable[[Any], tuple[str, str]]]] = {
    What.SAID: _said,
    What.NOTED: lambda row: (row.words, ""),
    What.TOLD: lambda row: (row.words, f"{f'{row.first} {row.second}'.strip()} was told."),
    What.GIVEN: lambda row: (GIVEN_WORDS[row.first].format(who=row.second), ""),
    What.PUT_IN: lambda row: (f"Incident {row.first} put in this case.", ""),
    What.TAKEN_OUT: lambda row: (f"Incident {row.first} taken out of this case.", ""),
    What.LET_KNOW: lambda row: (row.words, f"{row.first} was given to know."),
}


def _done(case: Case) -> Iterable[Entry]:
    for step in steps_of(case):
        tells_itself = plan_of(case, step).records is not Records.NOTHING  # the decision it stands for is an entry
        if step.ended_at and not tells_itself:
            put_aside = " is not needed." if step.state == StepState.SKIPPED else "."
            yield Entry(step.ended_at, step.ended_by, step.words, step.title + put_aside)


def _moved(rows: Iterable[Any]) -> Iterable[Entry]:
    """Dates that the school's calendar moved."""
    dates = calendar()
    return [Entry(row.at, None, moved(row.was_due, row.now_due, row.words, dates), f"{row.first}.") for row in rows]


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


def _received(rows: Sequence[Any]) -> Iterable[Entry]:
    """Each piece of evidence, with where it comes from as it is said now. What was blanked is not told of any more."""
    said = provenances([row.file_id for row in rows])
    for row in rows:
        brief = origin_of(said[row.file_id][0]).in_brief() if row.file_id in said else ""
        told = f"{brief[0].upper()}{brief[1:]}." if brief else ""
        yield Entry(row.at, row.by, told, f"Evidence {row.first} E{row.second} came in.")


def _searched(incidents: dict[uuid.UUID, Incident]) -> Iterable[Entry]:
    rows = _searches(incidents).scalars().all() if incidents else []
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


@question
def _searches(incident_ids: Any) -> Select[tuple[Search]]:
    return select(Search).where(Search.incident_id.in_(incident_ids)).order_by(Search.at)


def _cited(incidents: dict[uuid.UUID, Incident]) -> Iterable[Entry]:
    """Each rule and law that was cited; what was withdrawn is told of twice, the second time with the reason."""
    for each in cited_in(incidents):
        row, gone, which = each.citation, each.withdrawn, f"Incident {incidents[each.citation.matter_id].reference}."
        because = f" Judged so because: {row.reason}" if row.reason else ""
        yield Entry(row.at, row.by, f"{label(row)}: {title(row)}, {in_force(row)}.{because}", f"{which} Cited.")
        if gone:
            yield Entry(gone.at, gone.by, f"{title(row)}. {gone.reason}", f"{which} Citation withdrawn.")


def power_of(case: Case) -> Decision | None:
    """The sentence on which the school acts: the first that stands among the case's incidents."""
    incidents = [incident.id for incident in incidents_of(case)]
    rows = [row for row in still_standing(history(incidents)) if row.question == "power"]
    return min(rows, key=lambda row: incidents.index(row.matter_id), default=None)
