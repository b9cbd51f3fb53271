"""What a phrase says is of one school: no row of another, and no table in it that is not tied to the school."""

import ast
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Boolean, Text, Uuid, event, func, select

import incidents
from incidents import clock, mail
from incidents.access import Right, Sphere
from incidents.accounts.viewer import Viewer
from incidents.casework import actions as casework
from incidents.casework.models import Case
from incidents.casework.queries import steps_of, takes_in
from incidents.database import across_schools, writing
from incidents.extensions import db
from incidents.matters import actions as matters
from incidents.matters.models import Capacity, Matter
from incidents.matters.visibility import asked_by, free_of, seen_with
from incidents.notifications.queries import new_for
from incidents.phrases import Phrase, value
from incidents.policies.kinds import Audience
from incidents.policies.models import PolicyDraft, PolicyVersion
from incidents.recording import finding
from incidents.recording.hours import Control
from incidents.recording.models import Incident
from incidents.recording.words import Part
from incidents.registers.models import RegisterEntry
from incidents.registers.queries import decides, readable
from incidents.rows import Moment, Row
from incidents.schools.models import School
from tests.cast import Cast
from tests.conftest import MORNING
from tests.databases import Snapshot, once_is_enough_on_postgresql, restore, take_snapshot
from tests.declarations.asked import adopt, ask
from tests.registers.entered import a_ban, an_account, watched
from tests.triage.recorded import LESSON, record
from tests.worlds import PLAIN, decide

OTHER = uuid.UUID(int=7)
OWNED = {table.name for table in Row.metadata.sorted_tables if "school_id" in table.primary_key.columns}
# What somebody's relation to a matter is read from: with these rows gone, nothing may come of another school's.
RELATIONS = ("conflict", "grant", "matter_year", "need_to_know", "register_link", "told")
Said = dict[tuple[str, str], Any]


def phrases(cast: Cast, who: str) -> dict[str, Any]:
    """All that is asked of the database for one viewer: the cover's numbers, and the conditions on rows, counted."""
    viewer = cast.viewer(who)
    tabs = [tab for tab in cast.app.extensions["tabs"] if viewer.may(tab.permission)]
    asked = {f"{tab.endpoint} {name}": getattr(tab, name)(viewer) for tab in tabs for name in ("count", "shown")}
    seen = {f"seen with {right.name}": seen_with(viewer, right) for right in Right} | {"free": free_of(viewer)}
    on_entries = {"decides": decides(viewer), "readable": readable(viewer)}
    into = takes_in(viewer, Incident(sphere=Sphere.PUPIL))
    return {
        "takes in": select(func.count(Case.id)).where(into).scalar_subquery(),
        **{name: select(func.count(Incident.id)).where(each).scalar_subquery() for name, each in listed(viewer).items()},
        **{name: each for name, each in asked.items() if not isinstance(each, int)},
        "bell": new_for(viewer),
        **{name: select(func.count(Matter.id)).where(each).scalar_subquery() for name, each in seen.items()},
        **{name: select(func.count(RegisterEntry.id)).where(each).scalar_subquery() for name, each in on_entries.items()},
    }  # fmt: skip


def listed(viewer: Viewer) -> dict[str, Phrase[bool]]:
    """The conditions under which an incident stands in a list or is found, with words that few have and that many have."""
    reference = (
        db.session.scalar(select(Matter.reference).where(Matter.kind == "incident").order_by(Matter.reference)) or ""
    )
    words = [value(each, Text()) for each in ("s", "t", "screenshots", "screenshots~")]
    place = [value(viewer.at + timedelta(hours=1), Moment()), value(OTHER, Uuid())]
    return {
        "any": asked_by(viewer, finding._any_seen, Right.SEE_IN_FULL),
        "own": asked_by(viewer, finding._own_seen),
        "called": finding._called(reference),
        "older": Phrase(finding._older, None, place, Boolean()),
        **{
            f"few {few}": Phrase(finding._with_words, few, [value(viewer.school_id, Uuid()), *words], Boolean())
            for few in (True, False)
        },
    }


def said(cast: Cast, rows: Snapshot) -> Said:
    """What each is told in a world."""
    with cast.app.app_context(), across_schools():
        restore(rows)
    found: Said = {}
    with cast.here():
        for who in cast.accounts:
            asked = phrases(cast, who)
            row = db.session.execute(
                select(*asked.values()).select_from(School).where(School.id == cast.school_id)
            ).one()
            found |= {(who, name): value for name, value in zip(asked, row, strict=True)}
    return found


def moved(rows: Snapshot, school_id: uuid.UUID) -> Snapshot:
    """The same rows in a school beside it, with the same ids: a key of ours begins with the school."""
    schools = [
        row | {"id": OTHER, "name": "Elmsworth Primary School"} for row in rows["school"] if row["id"] == school_id
    ]
    return {"school": schools} | {
        table: [row | {"school_id": OTHER} for row in several] for table, several in rows.items() if table in OWNED
    }


def beside(rows: Snapshot, other: Snapshot) -> Snapshot:
    return {table: [*several, *other.get(table, ())] for table, several in rows.items()}


def live(cast: Cast) -> None:
    """Something for every phrase: what waits, what is told, given, asked, approved by one, and sent."""
    at = clock.now()
    with cast.here():
        record(cast, [(Part.TARGET, "teacher"), (Part.ALLEGED, "mother")], by="other_teacher")
        case = decide(cast, record(cast, control=Control.ON_SITE, happened=LESSON), PLAIN, "head")
        about_head = record(cast, [(Part.ALLEGED, "head"), (Part.TARGET, "mother")], by="dsl")
        head = cast.viewer("head")
        with writing():
            casework.assign_step(steps_of(case)[0], cast.accounts["teacher"], by=head, at=at)
            matters.give(case, cast.accounts["external"], Capacity.ADVISER, by=head, at=at)
            casework.let_know(case, [cast.accounts["deputy_head"]], "Apart.", at + timedelta(days=9), by=head, at=at)
        a_ban(cast, an_account(cast))
        watched(cast, "teacher", "case_manager", about_head)
        version = adopt(cast)
        ask(cast, version, Audience.STAFF)
        _half_approved(cast, version)
        mail.deliver(at)


def _half_approved(cast: Cast, version: PolicyVersion) -> None:
    at = clock.now()
    with writing(audited=False):
        db.session.add(PolicyDraft(
            school_id=cast.school_id, policy_id=version.policy_id, content={}, edit=1, source="", source_says="",
            head_digest="x", chair_digest="", changed_by=cast.accounts["administrator"], changed_at=at,
            head_by=cast.accounts["head"], head_at=at,
        ))  # fmt: skip


@pytest.fixture(scope="module")
def lived(application: Flask, drawn_up: tuple[Cast, Snapshot]) -> Snapshot:
    """The school after a morning."""
    cast, plain = drawn_up
    with time_machine.travel(MORNING, tick=False):
        with application.app_context(), across_schools():
            restore(plain)
        live(cast)
        with application.app_context(), across_schools():
            return take_snapshot()


@pytest.fixture
def worlds(cast: Cast, lived: Snapshot, drawn_up: tuple[Cast, Snapshot]) -> tuple[Cast, Snapshot, Snapshot]:
    """A school where nothing has happened yet, and the same after a morning."""
    return cast, drawn_up[1], lived


def test_what_happens_in_another_school_changes_nothing_that_anybody_is_told(worlds):
    cast, plain, lived = worlds
    nothing, everything = said(cast, plain), said(cast, lived)
    other = moved(lived, cast.school_id)
    assert said(cast, beside(plain, other)) == nothing
    told = {name for (who, name), value in everything.items() if value != nothing.get((who, name))}
    assert {name for _, name in everything} - told == set(), "a phrase that this says nothing of"


def test_no_relation_of_another_school_opens_or_closes_a_matter_here(worlds):
    cast, _, lived = worlds
    stripped = lived | {table: [] for table in RELATIONS}
    alone = said(cast, stripped)
    assert said(cast, beside(stripped, moved(lived, cast.school_id))) == alone
    assert alone != said(cast, lived)


# --- how it is worded


def levels(statement: str) -> list[str]:
    """Each SELECT of a statement by itself, without those that stand within it."""
    found, text = [], " ".join(statement.split()).replace('"', "")
    while match := re.search(r"\(([^()]*)\)", text):
        inner = match[1]
        if inner.lstrip().startswith("SELECT"):
            found.append(inner)
            inner = "within"
        text = text[: match.start()] + f" <{inner}> " + text[match.end() :]
    return [*found, text]


def untied(level: str) -> set[str]:
    """The tables of schools in one SELECT that no equation ties to the school asked for, or to the SELECT around it."""
    froms = re.search(r"\bFROM\b(.*?)(?:\bWHERE\b|\bGROUP BY\b|\bORDER BY\b|$)", level)
    names = re.findall(r"(?:^|,|JOIN|<)\s*(\w+)(?: AS (\w+))?", froms[1]) if froms else []
    here = {alias or table for table, alias in names if table in OWNED}
    tied = {name: {name} for name in here}
    for one, other in re.findall(r"(\w+)\.school_id = (?:(\w+)\.school_id|\?)", level):
        group = tied.get(one, {"outside"}) | tied.get(other, {"outside"})
        tied |= dict.fromkeys(group & here, group)
    changed = True
    while changed:
        merged = {name: set().union(*(tied[each] for each in group & here)) | group for name, group in tied.items()}
        changed, tied = merged != tied, merged
    return {name for name, group in tied.items() if "outside" not in group}


def test_every_table_in_a_phrase_is_tied_to_the_school(worlds):
    cast, _, lived = worlds
    once_is_enough_on_postgresql(cast.app, repeats=True)
    statements: list[str] = []

    def keep(connection, cursor, statement, *rest):
        statements.append(statement)

    with cast.app.app_context():
        event.listen(db.engine, "before_cursor_execute", keep)
        try:
            said(cast, lived)
        finally:
            event.remove(db.engine, "before_cursor_execute", keep)
    wide = [each for each in statements if "FROM school" in each and each.count("SELECT") > 20]
    assert len(wide) == len(cast.accounts)
    found = {(name, level) for each in wide for level in levels(each) for name in untied(level)}
    assert {each for each in found if not each[1].endswith("WHERE 0 = 1")} == set()


def test_the_check_of_the_wording_notices_what_is_not_tied():
    assert untied("SELECT count(*) FROM step JOIN grant ON grant.school_id = step.school_id") == {"step", "grant"}
    assert untied("SELECT * FROM grant WHERE grant.school_id = matter.school_id") == set()
    assert untied("SELECT * FROM grant AS g, told WHERE g.school_id = ? AND told.school_id = g.school_id") == set()
    assert levels("SELECT (SELECT 1 FROM told WHERE a IN (1, 2)) AS x FROM school") != []


# --- none is left out


def worded() -> set[str]:
    """Every wording that the product's modules hand to a phrase."""
    found = set()
    for path in Path(incidents.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in ("asked_by", "Phrase")
            ):
                argument = call.args[1 if call.func.id == "asked_by" else 0]
                found |= {argument.id} if isinstance(argument, ast.Name) else set()
    return found


def test_every_phrase_of_the_product_is_gone_through(worlds, monkeypatch):
    cast, _, lived = worlds
    seen: set[str] = set()
    begun: Callable[..., None] = Phrase.__init__

    def noted(self, worded, form, values, kind):
        seen.update({worded.__name__, *([form[0].__name__] if isinstance(form, tuple) and callable(form[0]) else ())})
        begun(self, worded, form, values, kind)

    monkeypatch.setattr(Phrase, "__init__", noted)
    said(cast, lived)
    assert worded() - {"worded", "_bases"} <= seen
