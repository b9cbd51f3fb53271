"""What the pages of a record show: gathered here, so that views only translate."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from incidents.access import Right
from incidents.accounts.models import Account
from incidents.accounts.queries import names_of, viewer_of
from incidents.accounts.viewer import Viewer
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.matters.visibility import standing
from incidents.people.queries import staff_named
from incidents.recording import queries, reach
from incidents.recording.answers import Answers
from incidents.recording.headline import PLATFORMS
from incidents.recording.hours import CONTROL_LABELS, TIME_LABELS, Control, control_of, time_of
from incidents.recording.lifecycle import INCIDENT, IncidentState
from incidents.recording.models import Draft, Incident, Particulars, Pictures, Search
from incidents.recording.progress import stages
from incidents.recording.searches import searched_in
from incidents.recording.spoken import WHERE_SAID, day_said, happened_said, moment_said, typed_again
from incidents.recording.words import (
    DANGER_LABELS,
    INTIMATE_LABELS,
    METHOD_LABELS,
    PART_LABELS,
    Danger,
    Intimate,
    Method,
    Part,
    PersonKind,
)
from incidents.registers import beside
from incidents.schools.queries import calendar, this_school

Row = dict[str, Any]
DID_IT = (Part.ALLEGED, Part.AUTHOR)


def uuid_or_none(typed: str) -> uuid.UUID | None:
    """An id out of an address or a button; what is none is nobody's."""
    try:
        return uuid.UUID(typed)
    except ValueError:
        return None


def intimate_answer(answers: Mapping[str, Any]) -> Intimate | None:
    """What was answered before the file picker, in a draft."""
    given = (answers.get("evidence") or {}).get("intimate") or [""]
    return Intimate(given[0]) if given[0] in set(Intimate) else None


def still_theirs(matter: Matter, viewer: Viewer) -> bool:
    """Whether, after a change of who is in it or who somebody is, this person may still see it in full."""
    held = standing(viewer_of(db.session.get_one(Account, viewer.account_id), viewer.at), matter.id)
    return held is not None and held.may(Right.SEE_IN_FULL)


def sheet(draft: Draft, answers: Answers, files: int) -> list[Row]:
    """Everything on one sheet, to be checked before it is sent. `page` is where each is changed."""
    people = [
        f"{each['shown']}, {each['as_was']}: {PART_LABELS[Part(each['part'])].lower()}"
        for each in draft.answers.get("people") or []
    ]
    where = ", ".join(
        filter(None, [answers.platform, f"“{answers.account_name}”" if answers.account_name else "", answers.url])
    )
    paper = _paper(answers.paper_by, answers.paper_on, answers.paper_at)
    return [
        *([{"key": "Written on paper first", "value": paper, "page": "paper"}] if paper else []),
        {"key": "In danger now?", "value": DANGER_LABELS[answers.danger], "page": "what"},
        {"key": "What happened", "words": answers.words, "page": "what"},
        {"key": "When", "value": happened_said(answers.happened), "page": "what"},
        {"key": "Where they were", "value": WHERE_SAID[answers.control], "page": "what"},
        {"key": "Where online", "value": where or "Not known", "page": "who"},
        {"key": "How", "value": METHOD_LABELS[answers.method], "page": "who"},
        {"key": "Who", "lines": people or ["Nobody is named yet"], "page": "who"},
        {"key": "Nude or intimate image?", "value": INTIMATE_LABELS[answers.intimate], "page": "evidence"},
        {"key": "Evidence", "lines": _evidence(answers, files), "page": "evidence"},
        {"key": "You have spoken to", "value": answers.spoken_to, "page": "told"},
    ]


def _evidence(answers: Answers, files: int) -> list[str]:
    if answers.intimate is not Intimate.NO:
        lines = [f"No pictures are taken. {answers.device}"]
    else:
        lines = [f"{files} {'file' if files == 1 else 'files'} stored and sealed" if files else "No files"]
        lines += [f"{what}: {words}" for what, words in answers.origin.in_words("you")] if files else []
    if answers.search:
        lines += [f"{what}: {words}" for what, words in answers.search.in_words()]
    return lines


def incident_rows(lines: Sequence[queries.Line]) -> list[Row]:
    """A list of incidents: what each is called, where it stands, and when it was recorded; no name, no picture."""
    timezone = this_school().timezone
    return [
        {
            "id": line.incident.id,
            "title": line.title,
            "reference": line.incident.reference,
            "recorded": moment_said(line.incident.recorded_at, timezone),
            "state": INCIDENT.states[line.incident.state],
            "waiting": line.incident.state == IncidentState.RECORDED,
            "danger": line.danger != Danger.NO,
        }
        for line in lines
    ]


def full_view(incident: Incident, viewer: Viewer) -> dict[str, Any]:
    """The whole record."""
    said = queries.statements(incident.id)
    history = queries.all_particulars(incident.id)
    held = history[0]
    people = queries.shown_people(incident.id)
    searches = _searches(incident)
    by = names_of(
        [
            incident.recorded_by,
            *(each.by for each in said),
            *(each.by for each in history),
            *(each["by"] for each in searches),
        ]
    )
    case = queries.case_of(incident)
    return {
        "title": queries.title_of(incident),
        "statements": said,
        "facts": facts(held),
        "held": held,
        "history": history[1:],
        "people": people,
        "part_labels": PART_LABELS,
        "by": by,
        "state": INCIDENT.states[incident.state],
        "recorded_now": incident.state == IncidentState.RECORDED,
        "case": case if case and standing(viewer, case.id) else None,
        "files": queries.files_in(incident),
        "searches": searches,
        "closed": incident.pictures == Pictures.CLOSED,
        "holders": reach.who_has_it(incident, viewer.seats),
        "looks": [(each, looks) for each in people if each.handle and each.involvement.person_id
                  for looks in [reach.looks_by(incident, each.involvement.person_id)] if looks],
        "nobody_in_danger": held.danger == Danger.NO,
        "danger_words": DANGER_LABELS[Danger(held.danger)],
        "registers": from_registers(incident, viewer, held, people),
    }  # fmt: skip


def from_registers(
    incident: Incident, viewer: Viewer, held: Particulars, people: Sequence[queries.Shown]
) -> list[beside.Said]:
    """What the registers said about those in it, on the day it happened, as far as this viewer may know."""
    known = [(each.part, each.involvement) for each in people if each.involvement.person_id]
    involved = beside.Involved(
        day=queries.day_of(incident, held, this_school()),
        person_ids={row.person_id for _, row in known if row.person_id},
        photographed={row.person_id for part, row in known if part is Part.PHOTOGRAPHED and row.person_id},
        account_name=held.account_name,
        platform=held.platform,
        by_staff=any(part in DID_IT and row.person_kind == PersonKind.STAFF for part, row in known),
    )
    return beside.on_the_registers(viewer, incident, involved)


def facts(held: Particulars) -> list[tuple[str, str]]:
    """When, where and how, each with what the calendar and the place say to it."""
    happened, control = queries.happened(held), Control(held.control)
    time = time_of(happened, calendar())
    rows = [
        ("When", f"{happened_said(happened)}. {TIME_LABELS[time.time]}: {time.because}"),
        ("Where they were", f"{CONTROL_LABELS[control]}. {control_of(control).because}"),
        ("Where online", held.platform or "Not known"),
        ("How", METHOD_LABELS[Method(held.method)]),
        ("Account or group", held.account_name),
        ("Address", held.url),
        ("Spoken to", held.spoken_to),
        ("Nude or intimate image?", INTIMATE_LABELS[Intimate(held.intimate)]),
        ("Where the device is", held.device),
        ("Written on paper first", _paper(held.paper_by, held.paper_on, held.paper_at)),
    ]
    return [(name, value) for name, value in rows if value]


def search_as_typed(held: Search) -> dict[str, str]:
    """A search or confiscation as the form to put it right takes it."""
    return {f"search_{name}": value for name, value in asdict(searched_in(held)).items()}


def _searches(incident: Incident) -> list[Row]:
    return [
        {"id": held.id, "facts": searched_in(held).in_words(), "by": held.by, "at": held.at, "reason": held.reason,
         "before": [searched_in(each).in_words() for each in earlier]}
        for held, earlier in queries.searches(incident.id)
    ]  # fmt: skip


def _paper(by: str, on: date | None, at: time | None) -> str:
    return f"by {by}, {day_said(on)}{f', {at:%H:%M}' if at else ''}" if on else ""


def own_view(incident: Incident, viewer: Viewer, alleged: bool) -> dict[str, Any]:
    """What its writer follows: their own words, how far it has got, and what was said to them. Nobody else's words.

    Where something is alleged of the writer: their own words and a neutral state, nothing more (domain 2).
    """
    track = [] if alleged else stages(queries.progress(incident))
    own = [each for each in queries.statements(incident.id) if each.by == viewer.account_id]
    told = [] if alleged else queries.told(incident, viewer.person_ids)
    return {
        "own": own,
        "stages": [{"text": words, "state": state, "when": _since(state)} for words, state in track],
        "files": 0 if alleged else queries.files_in(incident, by=viewer.account_id),
        "told": told,
        "by": names_of(each.by for each in told),
        "closed": incident.pictures == Pictures.CLOSED,
    }


def _since(state: str) -> str:
    return {"done": "done", "now": "now"}.get(state, "")


def as_typed(held: Particulars) -> dict[str, Any]:
    """Particulars as the form to put them right takes them."""
    known = held.platform in PLATFORMS
    return {
        "day": "unknown" if held.day_from is None else "other",
        "first": held.day_from,
        "last": held.day_until,
        "time": typed_again(queries.happened(held)),
        "control": held.control,
        "platform": held.platform if known else "other",
        "platform_other": "" if known else held.platform,
        "method": held.method,
        "account_name": held.account_name,
        "url": held.url,
        "danger": held.danger,
        "intimate": held.intimate,
    }


def may_mean_staff(draft: Draft, at: datetime) -> bool:
    """Whether somebody named by hand may be one of the staff: the sheet then says who it will not go to."""
    names = [
        f"{each['given_name']} {each['family_name']}"
        for each in draft.answers.get("people") or []
        if not each["person_id"]
    ]
    return any(staff_named(name, at.date()) for name in names)
