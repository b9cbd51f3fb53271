"""The same school with and without a case about the head: for the head, not one byte differs."""

import time_machine

from incidents.database import across_schools
from incidents.matters.models import Conflict, Why
from tests.conftest import MORNING
from tests.databases import restore
from tests.people import Cast
from tests.worlds import Stream, a_case_about_the_head, differences, drawing_from, everything, live_through

QUERIES = ("/incidents?q={}", "/cases?q={}", "/people/find?q={}", "/incidents/{}", "/cases/{}", "/incidents/{}/triage")


def both_worlds(cast: Cast, drawn_up, who: str, hide=a_case_about_the_head):
    """Everything `who` can reach in each world, and what was hidden."""
    with_it, found = one_world(cast, drawn_up, who, hide, set())
    without, _ = one_world(cast, drawn_up, who, None, found)
    return with_it, without, found


def one_world(cast: Cast, drawn_up, who: str, hide, guesses: set[str]):
    with cast.app.app_context(), across_schools():
        restore(drawn_up[1])
    with time_machine.travel(MORNING, tick=False):
        found = live_through(cast, hide)
        asked = [query.format(word) for query in QUERIES for word in sorted(found | guesses | {"Pettifer"})]
        with drawing_from(Stream("looking")):
            seen = everything(cast.client(who), asked)
        posts = {f"POST {path}": answer(cast.client(who), path) for path in asked if "?" not in path}
        outbox = {"outbox": letters(cast, who)}
    return seen | posts | outbox, found


def answer(client, path: str):
    sent = client.post(path, data={"answer": "met"})
    return sent.status_code, sent.headers.get("Content-Type", ""), sent.data


def letters(cast: Cast, who: str):
    """How many messages went to them, and what they said; the folder is emptied for the next world."""
    folder = cast.app.config["SETTINGS"].data / "outbox"
    mine = []
    for path in sorted(folder.glob("*.eml")) if folder.exists() else []:
        text = path.read_bytes()
        if f"{who}@".encode() in text:
            mine.append(text)
        path.unlink()
    return len(mine), "", b"".join(mine)


def test_a_case_about_the_head_leaves_no_trace_for_the_head(cast, drawn_up):
    with_it, without, found = both_worlds(cast, drawn_up, "head")
    assert len(with_it) > 40, "the crawl reached too little to prove anything"
    assert differences(with_it, without) == []
    asked_for = {word for path in with_it for word in found if word in path}
    assert asked_for >= {word for word in found if word != "Zanzibar"}


def test_the_manager_of_such_cases_does_see_it(cast, drawn_up):
    with_it, without, _ = both_worlds(cast, drawn_up, "case_manager")
    assert differences(with_it, without) != []


def test_the_comparison_notices_a_leak(cast, drawn_up):
    """The guard, broken on purpose: without its conflict the matter shows, and the worlds differ."""

    def hide_badly(cast: Cast) -> set[str]:
        from sqlalchemy import delete, update

        from incidents.database import writing
        from incidents.extensions import db
        from incidents.matters.models import Matter

        found = a_case_about_the_head(cast)
        with cast.here(), writing(audited=False):
            db.session.execute(delete(Conflict).where(Conflict.why == Why.ALLEGED))
            db.session.execute(update(Matter).where(Matter.sphere == "head").values(sphere="adult"))
        return found

    with_it, without, _ = both_worlds(cast, drawn_up, "head", hide_badly)
    assert "/today" in differences(with_it, without)


def test_governors_and_the_administrator_cannot_tell_either(cast, drawn_up):
    for who in ("governor", "clerk", "trust_lead", "administrator"):
        with_it, without, _ = both_worlds(cast, drawn_up, who)
        assert differences(with_it, without) == [], who
