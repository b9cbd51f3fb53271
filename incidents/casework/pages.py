"""What the pages of casework show: rows and sentences, made from what was read."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from incidents.casework.chronology import Entry, outcomes_of
from incidents.casework.closing import ClosingFacts
from incidents.casework.findings import SAID_TO_HAVE_DONE_IT, Subject
from incidents.casework.lifecycle import CASE
from incidents.casework.progress import (
    HowFar,
    StepNow,
    day_of,
    how_far,
    look_of,
    moment_of,
    next_id,
    next_step,
    outcomes_in_words,
    state_sentence,
    when_of,
)
from incidents.casework.words import FINDING_LABELS, CaseState
from incidents.casework.workflow import load
from incidents.people.kinds import PersonKind
from incidents.recording.words import PART_LABELS, Part
from incidents.schools.calendar import SchoolCalendar

Row = dict[str, object]


class Tellable(Protocol):
    """Somebody close to a pupil, as they stand on record."""

    @property
    def name(self) -> str: ...
    @property
    def relation(self) -> str: ...
    @property
    def parental_responsibility(self) -> bool: ...
    @property
    def do_not_tell(self) -> bool: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True)
class CasePage:
    """What a case's page says of it: `strong` and `rest` are the sentence it begins with."""

    kind: str
    opened: str
    strong: str
    rest: str
    next_title: str
    next_href: str
    next_meta: str
    next_late: str
    steps: list[Row]
    findings: list[tuple[str, str]]  # about whom, and what; one without a name where it is the same for all
    found: bool  # about everybody
    outcome: str


@dataclass(frozen=True)
class CaseShown:
    """What the pages need of a case's own row."""

    title: str
    reference: str
    state: CaseState
    workflow: str
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None


class CaseRow(Protocol):
    """A case as it is kept."""

    title: Any
    reference: Any
    state: Any
    workflow: Any
    recorded_at: Any
    closed_at: Any
    outcome: Any


def shown(case: CaseRow) -> CaseShown:
    """A case as the pages take it."""
    return CaseShown(
        case.title,
        case.reference,
        CaseState(case.state),
        case.workflow,
        case.recorded_at,
        case.closed_at,
        case.outcome,
    )


def case_page(
    facts: CaseShown,
    steps: Sequence[StepNow],
    dates: SchoolCalendar,
    href: Callable[[uuid.UUID], str],
    subjects: Sequence[Subject],
) -> CasePage:
    """A case, state first."""
    found = all(each.finding for each in subjects)
    pointed = next_id(steps) if facts.state is CaseState.OPEN else None
    first = next_step(steps) if pointed else None
    strong, rest = state_sentence(
        facts.state, how_far(steps), found=found, settled=bool(facts.outcome), closed=facts.closed_at,
        calendar=dates,
    )  # fmt: skip
    return CasePage(
        kind=load(facts.workflow).title.lower(),
        opened=day_of(facts.opened_at, dates),
        strong=strong,
        rest=rest,
        next_title=first.title if first else "",
        next_href=href(first.id) if first else "",
        next_meta=_next_meta(first, dates) if first else "",
        next_late=f"Overdue by {first.late}" if first and first.late else "",
        steps=[step_row(step, pointed, dates, href(step.id)) for step in steps],
        findings=findings_in_words(subjects),
        found=found,
        outcome=outcomes_in_words(outcomes_of(facts.outcome)),
    )


def findings_in_words(subjects: Sequence[Subject]) -> list[tuple[str, str]]:
    """What is established, and about whom where persons differ; nothing while nothing is."""
    if not any(each.finding for each in subjects):
        return []
    if len({each.finding for each in subjects}) == 1:
        return [("", _finding_words(subjects[0]))]
    return [(each.name, _finding_words(each)) for each in subjects]


def _finding_words(subject: Subject) -> str:
    return FINDING_LABELS[subject.finding] if subject.finding else "No finding yet"


def _next_meta(step: StepNow, dates: SchoolCalendar) -> str:
    who = f"{step.owner}. " if step.owner else "Nobody has it yet. "
    if step.due is None:
        return f"{who}{step.why_no_date}"
    return f"{who}{'It was due' if step.late else 'Due'} {moment_of(step.due, dates)}."


def step_row(step: StepNow, pointed: uuid.UUID | None, dates: SchoolCalendar, href: str) -> Row:
    """A step in the list of a case."""
    strong, when = when_of(step, dates)
    return {"title": step.title, "href": href, "who": step.owner or "Nobody yet", "strong": strong, "when": when,
            "state": look_of(step, pointed)}  # fmt: skip


def case_row(case: CaseShown, owner: str, far: HowFar, overdue: str, dates: SchoolCalendar, href: str) -> Row:
    """A case in the list of cases."""
    strong, rest = state_sentence(case.state, far, found=True, settled=True, closed=case.closed_at, calendar=dates)
    first = f"Case {case.reference} · {load(case.workflow).title.lower()} · opened {day_of(case.opened_at, dates)}"
    says = rest if case.state is CaseState.OPEN else f"{strong} {outcomes_in_words(outcomes_of(case.outcome))}."
    return {"title": case.title, "href": href, "meta": f"{first}{' · ' + owner if owner else ''}", "says": says,
            "late": f"Overdue by {overdue}" if overdue else ""}  # fmt: skip


def step_to_do(step: StepNow, meta: str, dates: SchoolCalendar, href: str) -> Row:
    """A step in the list of what waits for somebody."""
    strong, when = when_of(step, dates)
    return {"title": step.title, "href": href, "action": "Open", "hidden": step.title, "kind": "overdue" if step.late else "",
            "says": strong, "meta": f"{when}{' · ' + meta if meta else ''}"}  # fmt: skip


def step_lines(step: StepNow, dates: SchoolCalendar) -> list[tuple[str, str]]:
    """Who does a step and by when."""
    strong, when = when_of(step, dates)
    lines = [("Who", step.owner or "Nobody yet"), ("When", f"{strong}, {when}" if strong else when)]
    if step.safety:
        lines.append(("Its clock", "Runs through evenings, weekends and holidays"))
    return lines


class Person(Protocol):
    """Somebody in a case, by name, and what they were to the school."""

    @property
    def name(self) -> str: ...
    @property
    def as_was(self) -> str: ...
    @property
    def part(self) -> Part: ...


class WithContacts(Protocol):
    """Whom we may tell about somebody, and the incident they are in."""

    @property
    def contacts(self) -> Sequence[Tellable]: ...
    @property
    def incident_id(self) -> uuid.UUID: ...


class Involved(Protocol):
    """An involvement as it is kept."""

    person_id: Any
    handle_id: Any
    person_kind: Any


def person_row(held: WithContacts, who: Person, involvement: Involved, subjects: Iterable[Subject]) -> Row:
    """Somebody in the table of people: an unknown account has no one to tell yet."""
    did_it = who.part in SAID_TO_HAVE_DONE_IT
    finding = next((_finding_words(each) for each in subjects if did_it and each.about == involvement.person_id), "")
    pupil = involvement.person_kind == PersonKind.PUPIL and involvement.person_id is not None
    return {
        "name": who.name, "as_was": who.as_was, "part": PART_LABELS[who.part], "finding": finding,
        "tell": contacts_in_words(held.contacts) if pupil else [],
        "unknown": involvement.handle_id, "incident_id": held.incident_id,
    }  # fmt: skip


class SightGiven(Protocol):
    """Sight of a case for a purpose and a period."""

    @property
    def grant_id(self) -> uuid.UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def capacity(self) -> str: ...
    @property
    def ends(self) -> datetime | None: ...


SIGHT_WORDS: Mapping[str, str] = {
    "panel": "for a panel or an appeal",
    "investigator": "to look into it",
    "adviser": "to advise the school",
}


def given_row(given: SightGiven, dates: SchoolCalendar) -> Row:
    """Somebody who may read the case for a purpose and a period."""
    until = f", until {day_of(given.ends, dates)}" if given.ends else ""
    return {"id": given.grant_id, "name": given.name, "words": f"{SIGHT_WORDS[given.capacity]}{until}"}


def contacts_in_words(contacts: Sequence[Tellable]) -> list[tuple[str, str]]:
    """Whom we may tell about a pupil: the strong words, and the rest. Nobody on record: ask first."""
    if not contacts:
        return [("Ask first.", "Nobody is on record who may be told.")]
    lines = []
    for contact in contacts:
        if contact.do_not_tell:
            lines.append(("Do not tell", f"{contact.name} ({contact.relation}). {contact.note}".strip()))
        elif contact.parental_responsibility:
            lines.append(("", f"{contact.name} ({contact.relation}). {contact.note}".strip()))
    return lines or [("Ask first.", "Nobody on record has parental responsibility.")]


def entries(told: Iterable[Entry], names: Mapping[uuid.UUID, str], dates: SchoolCalendar) -> list[Row]:
    """The chronology as the page lists it."""
    return [
        {"when": moment_of(entry.at, dates), "who": names.get(entry.by, "") if entry.by else "", "text": entry.text,
         "strong": entry.strong, "decision": entry.decision}
        for entry in told
    ]  # fmt: skip


def choices(people: Iterable[tuple[uuid.UUID, str]]) -> list[tuple[str, str]]:
    """People as the answers of a list."""
    return [(str(key), name) for key, name in people]


def outcome_blocked(state: str, facts: ClosingFacts) -> tuple[str, ...]:
    """Why no outcome can be recorded yet, whatever is chosen."""
    if state != CaseState.OPEN:
        return (CASE.instead[state],)
    return () if facts.finding else ("There is no finding yet: say what is established first.",)


def unlink_blocked(state: str, how_many: int) -> tuple[str, ...]:
    """Why no incident can be taken out, whichever is chosen."""
    if state != CaseState.OPEN:
        return (CASE.instead[state],)
    return () if how_many > 1 else ("A case needs an incident. Close the case instead.",)


MEDIA_WORDS: Mapping[str, str] = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP",
                                  "image/gif": "GIF", "image/heic": "HEIC"}  # fmt: skip
KILOBYTE, MEGABYTE = 1024, 1024 * 1024


def size_in_words(size: int) -> str:
    """ "1.2 MB", or "84 KB" for what is small."""
    if size >= MEGABYTE // 10:
        return f"{size / MEGABYTE:.1f} MB"
    return f"{max(1, round(size / KILOBYTE))} KB"


def evidence_row(
    code: str,
    name: str,
    media_type: str,
    size: int,
    seal: str,
    *,
    sealed: bool,
    href: str,
    handed_in_with: str = "",
    origin: str = "",
) -> Row:
    """A file by its number, never by its picture; with the title of the step that it was handed in with."""
    kind = MEDIA_WORDS.get(media_type, media_type)
    meta = f"{kind} · {size_in_words(size)}" if sealed else "Blanked: nobody can look at it"
    meta += f" · {origin}" if origin and sealed else ""
    meta += f" · with “{handed_in_with}”" if handed_in_with else ""
    return {"code": code, "title": name if sealed else "", "meta": meta, "seal": seal if sealed else "",
            "href": href if sealed else "", "shape": "paper" if kind == "PDF" else "picture"}  # fmt: skip
