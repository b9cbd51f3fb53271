"""The same school with and without a case about the head: for the head, not one byte differs."""

from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import pytest
import time_machine
from flask import Flask

from incidents.database import across_schools
from incidents.matters.models import Why
from tests.cast import Cast
from tests.conftest import MORNING
from tests.databases import Snapshot, once_is_enough_on_postgresql, restore, take_snapshot
from tests.worlds import Stream, a_case_about_the_head, differences, drawing_from, everything, live_through

QUERIES = (
    "/annexes/{}",
    "/incidents?q={}",
    "/cases?q={}",
    "/people?q={}",
    "/people/find?q={}",
    "/incidents/{}",
    "/cases/{}",
    "/incidents/{}/triage",
)


@dataclass(frozen=True)
class World:
    """The rows that days at school left, what went out by mail, and what somebody was found to reach in it."""

    rows: Snapshot
    letters: dict[str, list[bytes]]
    reached: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def worlds(application: Flask, drawn_up: tuple[Cast, Snapshot]) -> tuple[Cast, World, World, set[str]]:
    """With the hidden case, without it, and the words that would betray it."""
    cast = drawn_up[0]
    with_it, found = lived(cast, drawn_up[1], a_case_about_the_head)
    without, _ = lived(cast, drawn_up[1], None)
    return cast, with_it, without, found


def lived(cast: Cast, rows: Snapshot, hide) -> tuple[World, set[str]]:
    put_back(cast, rows)
    letters(cast)  # what earlier tests left in the folder goes
    with time_machine.travel(MORNING, tick=False):
        found = live_through(cast, hide)
    with cast.app.app_context(), across_schools():
        return World(take_snapshot(), letters(cast)), found


def put_back(cast: Cast, rows: Snapshot) -> None:
    with cast.app.app_context(), across_schools():
        restore(rows)


def letters(cast: Cast) -> dict[str, list[bytes]]:
    """What went out, by whom it went to; the folder is emptied for the next world."""
    went: dict[str, list[bytes]] = {}
    for path in sorted((cast.app.config["SETTINGS"].data / "outbox").glob("*.eml")):
        message = message_from_bytes(path.read_bytes())
        went.setdefault(str(message["To"]).split("@")[0], []).append(path.read_bytes())
        path.unlink()
    return {who: sorted(several) for who, several in went.items()}


def reach(cast: Cast, world: World, who: str, words: set[str]):
    """Everything that `who` can reach in a world: by links, by search, by guessing addresses, by posting to them."""
    if who not in world.reached:
        world.reached[who] = _reach(cast, world, who, words)
    return world.reached[who]


def _reach(cast: Cast, world: World, who: str, words: set[str]):
    put_back(cast, world.rows)
    asked = [query.format(word) for query in QUERIES for word in sorted(words | {"Pettifer"})]
    with time_machine.travel(MORNING, tick=False), drawing_from(Stream("looking")):
        client = cast.client(who)
        seen = everything(client, asked)
        posts = {f"POST {path}": answer(client, path) for path in asked if "?" not in path}
    return seen | posts | {"outbox": (0, "", b"".join(world.letters.get(who, [])))}


def answer(client, path: str):
    sent = client.post(path, data={"answer": "met"})
    return sent.status_code, sent.headers.get("Content-Type", ""), sent.data


def compare(worlds, who: str) -> tuple[list[str], int]:
    cast, with_it, without, found = worlds
    one, other = reach(cast, with_it, who, found), reach(cast, without, who, found)
    return differences(one, other), len(one)


def test_a_case_about_the_head_leaves_no_trace_for_the_head(worlds):
    different, reached = compare(worlds, "head")
    assert different == []
    assert reached > 60, "the crawl reached too little to prove anything"


@pytest.mark.parametrize("who", ["governor", "administrator"])
def test_nor_for_those_who_read_figures_or_run_the_office(worlds, who):
    once_is_enough_on_postgresql(worlds[0].app, who == "administrator")
    assert compare(worlds, who)[0] == []


def test_the_manager_of_such_cases_does_see_it(worlds):
    assert "/today" in compare(worlds, "case_manager")[0]


def test_the_comparison_notices_a_leak(worlds):
    """The guard, broken on purpose: without its conflict and its sphere the case shows, and the worlds differ."""
    cast, with_it, without, found = worlds
    rows = {
        **with_it.rows,
        "conflict": [row for row in with_it.rows["conflict"] if row["why"] != Why.ALLEGED],
        "matter": [row | {"sphere": "adult"} if row["sphere"] == "head" else row for row in with_it.rows["matter"]],
    }
    leaky = reach(cast, World(rows, with_it.letters), "head", found)
    assert {"/incidents", "/cases"} <= set(differences(leaky, reach(cast, without, "head", found)))
