"""The same school in two worlds: a child with the flag and one without consent; somebody watched and nobody watched."""

import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from incidents import clock, mail
from incidents.database import across_schools, writing
from incidents.extensions import db
from incidents.people import actions as people
from incidents.people.models import Person
from incidents.recording.words import Part
from incidents.registers.consent import Answer
from incidents.registers.reminding import remind_of_registers
from tests.cast import SEPTEMBER, Cast
from tests.conftest import MORNING
from tests.databases import Snapshot, once_is_enough_on_postgresql, take_snapshot
from tests.registers.entered import a_ban, an_account, answered, flagged, watched
from tests.test_twin_worlds import letters, put_back
from tests.triage.recorded import record
from tests.worlds import Stream, _Links, differences, drawing_from

Hide = Callable[[Cast, dict[str, Any]], None]
WITHIN = ("/registers", "/photo-consent", "/may-this-go-up", "/contact-risk")
# Pages about one thing, of which others like it tell no more: each form, and each child but the two.
ONE_IS_ENOUGH = re.compile(r"/(new|sheet|approve|refuse|change|end)(\?|$)|class=(?!6R)")


@dataclass
class World:
    """The rows of one world, what was sent in it, and which pages somebody may ask for."""

    rows: Snapshot
    letters: dict[str, list[bytes]]
    asked: list[str]
    account: str
    reached: dict[str, Any] = field(default_factory=dict)


def flags(cast: Cast, made: dict[str, Any]) -> None:
    """One on a consent that was given, one where nobody answered, one that was lifted."""
    answered(cast, "isla", Answer.NAME_TOO, said_by="mother")
    for child in ("isla", "zara", "jay"):
        flagged(cast, child)
    flagged(cast, "jay", lifted=True)


def flag_on_what_was_answered(cast: Cast, made: dict[str, Any]) -> None:
    flagged(cast, "mason")


def somebody_else_says_no(cast: Cast, made: dict[str, Any]) -> None:
    answered(cast, "mason", Answer.NO, said_by="mason", by="dsl")


def a_flag_on_a_leads_own_child(cast: Cast, made: dict[str, Any]) -> None:
    answered(cast, "isla", Answer.PICTURE)
    flagged(cast, "isla")


def a_teacher_watched(cast: Cast, made: dict[str, Any]) -> None:
    watched(cast, "teacher", matter=made["incident"])


def the_head_watched(cast: Cast, made: dict[str, Any]) -> None:
    watched(cast, "head", "case_manager", made["hidden"])


def nothing(cast: Cast, made: dict[str, Any]) -> None:
    pass


PAIRS: dict[str, tuple[Hide, Hide]] = {
    "flags, and consents not given": (flags, nothing),
    "a flag on what somebody entered, and another who says no": (flag_on_what_was_answered, somebody_else_says_no),
    "a flag on the child of a safeguarding lead, and none": (a_flag_on_a_leads_own_child, nothing),
    "a teacher watched, and nobody watched": (a_teacher_watched, nothing),
    "the head watched, and nobody watched": (the_head_watched, nothing),
}
FLAGS, ENTERED, OWN_CHILD, A_TEACHER, THE_HEAD = PAIRS
# For whom the two worlds are the same to the last byte.
BLIND = [
    *((FLAGS, who) for who in ("head", "teacher")),
    (ENTERED, "administrator"),
    (OWN_CHILD, "deputy_dsl"),
    *((A_TEACHER, who) for who in ("teacher", "dsl", "clerk", "dpo", "case_manager")),
    (THE_HEAD, "head"),
]


def live(cast: Cast, rows: Snapshot, hide: Hide) -> World:
    """A morning at school; what hides draws its random bytes from elsewhere, so that it moves nothing."""
    put_back(cast, rows)
    letters(cast)
    made: dict[str, Any] = {}
    with time_machine.travel(MORNING, tick=False), cast.here():
        with drawing_from(Stream("common")):
            _common(cast, made)
        with drawing_from(Stream("hidden")):
            hide(cast, made)
        with drawing_from(Stream("later")), writing(audited=False):
            remind_of_registers(clock.now())
        with drawing_from(Stream("later still")):
            mail.deliver(clock.now())
        asked = [f"/photo-consent/{cast.persons[each]}" for each in ("isla", "mason")]
        asked += [f"/contact-risk/{cast.persons['isla']}", "/photo-consent?class=6R", "/registers/monitoring"]
        asked += [
            "/today",
            "/messages",
            f"/incidents/{made['incident'].id}",
        ]
        asked += [f"/incidents/{made['incident'].id}/triage"]
        asked += [f"/matters/{made['incident'].id}/registers", f"/who-saw-what?reference={made['incident'].reference}"]
        account = str(made["account"].id)
    with cast.app.app_context(), across_schools():
        return World(take_snapshot(), letters(cast), asked, account)


def _common(cast: Cast, made: dict[str, Any]) -> None:
    made["account"] = an_account(cast)
    a_ban(cast, made["account"])
    answered(cast, "mason", Answer.PICTURE)
    made["incident"] = record(
        cast, [(Part.PHOTOGRAPHED, "isla"), (Part.PHOTOGRAPHED, "mason"), (Part.WITNESS, "teacher")], by="dsl"
    )
    made["hidden"] = record(cast, [(Part.ALLEGED, "head"), (Part.TARGET, "mother")], by="dsl")
    for who, whom, relation in (("clerk", "teacher", "sister"), ("deputy_dsl", "isla", "father")):
        one, other = (db.session.get_one(Person, (cast.school_id, cast.persons[each])) for each in (who, whom))
        with writing():
            people.relate(
                one, other, relation, SEPTEMBER, by=None, at=clock.now(), parental_responsibility=whom == "isla"
            )


@pytest.fixture(scope="module")
def worlds(application: Flask, drawn_up: tuple[Cast, Snapshot]) -> Callable[[Hide], World]:
    """Each world, lived through once."""
    known: dict[Hide, World] = {}

    def lived(hide: Hide) -> World:
        if hide not in known:
            known[hide] = live(drawn_up[0], drawn_up[1], hide)
        return known[hide]

    return lived


def reach(cast: Cast, world: World, who: str) -> dict[str, tuple[int, str, bytes]]:
    """What somebody finds in a world: by links, by guesses, by asking whether something may go up."""
    if who not in world.reached:
        put_back(cast, world.rows)
        with time_machine.travel(MORNING, tick=False), drawing_from(Stream("looking")):
            client = cast.client(who)
            seen = crawl(client, world.asked) | questions(client, cast, world.account)
        world.reached[who] = seen | {"outbox": (0, "", b"".join(world.letters.get(who, [])))}
    found: dict[str, tuple[int, str, bytes]] = world.reached[who]
    return found


def crawl(client: FlaskClient, also: Iterable[str]) -> dict[str, tuple[int, str, bytes]]:
    seen: dict[str, tuple[int, str, bytes]] = {}
    waiting = deque(["/registers", "/may-this-go-up", "/today", *also])
    while waiting:
        address = waiting.popleft()
        if address in seen or not (
            address in also or (address.startswith(WITHIN) and not ONE_IS_ENOUGH.search(address))
        ):
            continue
        answer = client.get(address)
        seen[address] = (answer.status_code, str(sorted(answer.headers.items())), answer.data)
        links = _Links()
        links.feed(answer.text)
        waiting.extend(links.found)
    return seen


def questions(client: FlaskClient, cast: Cast, account: str) -> dict[str, tuple[int, str, bytes]]:
    seen = {}
    for children in (["isla"], ["mason", "zara", "jay"]):
        for then in ("with names", "without names"):
            data = {
                "account": account,
                "child": [str(cast.persons[each]) for each in children],
                "then": then,
                "class": "6R",
            }
            answer = client.post("/may-this-go-up", data=data)
            seen[f"{then}: {children}"] = (answer.status_code, str(sorted(answer.headers.items())), answer.data)
    return seen


def compare(drawn_up: tuple[Cast, Snapshot], worlds: Callable[[Hide], World], pair: str, who: str) -> list[str]:
    one, other = (reach(drawn_up[0], worlds(hide), who) for hide in PAIRS[pair])
    return differences(one, other)


@pytest.mark.parametrize(("pair", "who"), BLIND)
def test_the_two_worlds_are_the_same(application, drawn_up, worlds, pair, who):
    once_is_enough_on_postgresql(application, who not in ("head", "teacher"))
    assert compare(drawn_up, worlds, pair, who) == []


SEEING = [
    (FLAGS, "dsl", "/contact-risk/"),
    (OWN_CHILD, "dsl", "/contact-risk/"),
    (A_TEACHER, "head", "/registers/monitoring"),
    (THE_HEAD, "case_manager", "/registers/monitoring"),
]


@pytest.mark.parametrize(("pair", "who", "page"), SEEING)
def test_those_who_may_know_see_the_difference(application, drawn_up, worlds, pair, who, page):
    once_is_enough_on_postgresql(application, who != "dsl")
    assert any(path.startswith(page) for path in compare(drawn_up, worlds, pair, who))


def test_the_crawl_reaches_enough_to_prove_something(drawn_up, worlds):
    reached = reach(drawn_up[0], worlds(nothing), "head")
    assert len(reached) > 25
    assert sum(status == 200 for status, *_ in reached.values()) > 25
    assert any(re.search(r"Photo consent for .* on that day", body.decode()) for *_, body in reached.values())
