"""The school that is measured: recorded and triaged by the product's own actions, then ready to be grown."""

import random
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import time_machine
from flask import Flask
from sqlalchemy import select, update

from incidents import clock
from incidents.accounts.models import Membership
from incidents.database import across_schools, writing
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.people import actions as people
from incidents.people.models import Person
from incidents.recording import actions as recording
from incidents.recording.answers import Answers, Named
from incidents.recording.hours import Control, Happened, WhenKind
from incidents.recording.words import Danger, Intimate, Method, Part
from incidents.rows import Row
from incidents.schools.models import Term
from incidents.triage.actions import no_further_action
from tests.bench.rules import Rules, rules_in
from tests.cast import SEPTEMBER, Cast, make_cast
from tests.databases import Snapshot, take_snapshot
from tests.worlds import PLAIN, decide

GIVEN = ("Amara", "Bruno", "Cerys", "Dylan", "Esme", "Faisal", "Greta", "Hamish", "Iona", "Jonas", "Keira", "Lewin")
SYLLABLES = (
    "bar",
    "cot",
    "den",
    "fal",
    "gor",
    "hal",
    "lin",
    "mar",
    "nor",
    "pen",
    "rad",
    "sel",
    "tar",
    "ven",
    "wick",
    "yar",
)
SAID = re.findall(
    r"\w+",
    "screenshots message group chat tonight picture pupil laughed shared account fake comment lesson parent asked home evening "
    "phone showed upset friend form corridor weekend answered deleted threat name blocked reported again before nobody teacher "
    "told mother brother video poll voted joined left sorry angry lunch bus game online",
)
WORDS_SAID = 60
PUPILS_EACH = 0.6  # new pupils for each incident: most are met more than once
UNTRIAGED = 0.4  # of what is live
IN_CASE = 3  # every third is put in a case
METHODS = (Method.GROUP_CHAT, Method.WEBSITE_COMMENT, Method.PHOTOS_OR_VIDEO, Method.FAKE_ACCOUNT)


@dataclass(frozen=True)
class Template:
    """A school with a few incidents that are still live, and the rows of a week long past, to be multiplied."""

    cast: Cast
    past: Snapshot
    live_case: uuid.UUID
    live_incident: uuid.UUID
    pupil: str  # somebody in it, as they would be looked for
    reference: str
    term: uuid.UUID
    rules: Rules


def family_name(number: int) -> str:
    """A name that nobody bears, another for each number."""
    said = ""
    while True:
        number, place = divmod(number, len(SYLLABLES))
        said = SYLLABLES[place] + said
        if not number:
            return f"Zu{said}"


def narrative(chance: random.Random) -> str:
    """What a teacher types."""
    return " ".join(chance.choices(SAID, k=WORDS_SAID)).capitalize() + "."


def school_with_a_past(app: Flask, live: int, past: int) -> Template:
    """One school made by the actions that people use: `past` decided incidents of last week, then `live` ones."""
    cast, chance = make_cast(app), random.Random(1)
    _as_if_it_were_term(app)
    with cast.here():
        rules = rules_in(cast)
    this_morning = clock.now()
    with app.app_context(), across_schools():
        before = take_snapshot()
    pupils = _pupils(cast, max(4, round(past * PUPILS_EACH)))
    for place in range(past):
        with time_machine.travel(this_morning - timedelta(days=7, minutes=97 * place % 10000), tick=False):
            _happens(cast, pupils, place, chance, rules, decided=True)
    with app.app_context(), across_schools():
        rows = _new_in(take_snapshot(), before)
    for place in range(live):
        with time_machine.travel(this_morning - timedelta(hours=5 * (live - place)), tick=False):
            _happens(cast, pupils, place, chance, rules, decided=place < live * (1 - UNTRIAGED))
    with cast.here():
        newest = select(Matter).order_by(Matter.recorded_at.desc())
        case, incident = (
            db.session.scalars(newest.where(Matter.kind == kind)).first() for kind in ("case", "incident")
        )
        term = db.session.scalars(select(Term).where(Term.name == "Autumn term 2026")).one()
        somebody = db.session.get_one(Person, (cast.school_id, pupils[0]))
        assert case
        assert incident
        return Template(cast, _closed(rows), case.id, incident.id, somebody.name, incident.reference, term.id, rules)


def _as_if_it_were_term(app: Flask) -> None:
    """The cast's autumn is made to be now, whenever this runs, and everybody has held their office since it began."""
    weeks = round((clock.now().date() - date(2026, 11, 23)).days / 7)
    with app.app_context(), across_schools(), writing(audited=False):
        for term in db.session.scalars(select(Term)).all():
            term.starts, term.ends = term.starts + timedelta(weeks=weeks), term.ends + timedelta(weeks=weeks)
        db.session.execute(update(Membership).values(starts=clock.now() - timedelta(days=400)))


def _pupils(cast: Cast, count: int) -> list[uuid.UUID]:
    with cast.here(), writing():
        found = []
        for number in range(count):
            person = people.add_person(GIVEN[number % len(GIVEN)], family_name(number), by=None, at=clock.now())
            people.enrol(person, f"Year {3 + number % 4}", "R", SEPTEMBER, by=None, at=clock.now())
            found.append(person.id)
        return found


def _happens(
    cast: Cast, pupils: Sequence[uuid.UUID], place: int, chance: random.Random, rules: Rules, *, decided: bool
) -> None:  # fmt: skip
    """One incident between two pupils: in a lesson (and then in a case), or in the evening."""
    in_case = place % IN_CASE == 0
    today = clock.now().date()
    school_day = today - timedelta(days=max(1, today.weekday() - 4 if today.weekday() else 3))
    happened = Happened(WhenKind.EXACT, school_day, None, time(11, 0) if in_case else time(19, 40))
    target, alleged = chance.sample(pupils, 2)
    answers = Answers(
        words=narrative(chance), danger=Danger.NO, happened=happened, platform="WhatsApp", method=chance.choice(METHODS),
        control=Control.ON_SITE if in_case else Control.OFF_SITE, spoken_to="the safeguarding lead", intimate=Intimate.NO,
        people=(Named(Part.TARGET, target), Named(Part.ALLEGED, alleged)),
    )  # fmt: skip
    with cast.here():
        teacher = cast.viewer("teacher")
        with writing():
            draft = recording.start_draft(by=teacher, at=clock.now())
            incident = recording.record_incident(draft, answers, by=teacher, at=clock.now())
        if decided and in_case:
            decide(cast, incident, replace(PLAIN, rules=(rules.clause,)), "head")
        elif decided:
            head = cast.viewer("head")
            with writing():
                no_further_action(incident, ["put_right"], "", by=head, at=clock.now(), direction=PLAIN.direction)


def _new_in(now: Snapshot, before: Snapshot) -> Snapshot:
    """The rows that came between; the log's heads move and are not rows of an act."""
    found: Snapshot = {}
    for table in Row.metadata.sorted_tables:
        keys = [column.name for column in table.primary_key]
        known = {tuple(row[key] for key in keys) for row in before[table.name]}
        found[table.name] = [row for row in now[table.name] if tuple(row[key] for key in keys) not in known]
    return found | {"audit_head": []}


def _closed(rows: Snapshot) -> Snapshot:
    """What is past is over: its steps are done, its cases closed, its messages read."""
    for step in rows["step"]:
        step |= {"state": "done", "ended_at": _later(step), "ended_by": step["owner_id"], "words": "Done."}
    opened = {row["id"]: row["recorded_at"] for row in rows["matter"]}
    for case in rows["case"]:
        case |= {"state": "closed", "outcome": "pupil_warned", "closed_at": opened[case["id"]] + timedelta(days=2)}
    for notice in rows["notice"]:
        notice |= {"sent_at": notice["made_at"], "seen_at": notice["made_at"]}
    return rows


def _later(step: dict[str, object]) -> datetime:
    began = step["started_at"] or step["due_at"] or clock.now()
    assert isinstance(began, datetime)
    return began + timedelta(days=1)
