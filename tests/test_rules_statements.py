"""What the pages of the rules ask of the database does not grow with the rules, the signatures or the entries on them."""

import uuid
from datetime import date, timedelta

import pytest

from incidents import clock
from incidents.database import writing
from incidents.declarations import actions as declarations
from incidents.declarations import queries as signed
from incidents.declarations.actions import Entered
from incidents.declarations.on_record import signed_by
from incidents.declarations.words import Answer as Said
from incidents.people.kinds import PersonKind
from incidents.policies import actions as policies
from incidents.policies import queries
from incidents.policies.kinds import Audience
from incidents.registers.consent import Answer
from tests.cast import Cast
from tests.citations.rules import adopt
from tests.databases import once_is_enough_on_postgresql
from tests.declarations.asked import add_child, add_parent, ask
from tests.registers.entered import a_ban, an_account, answered
from tests.statements import asked, statements
from tests.triage.recorded import record

KINDS = ("social_media", "anti_bullying", "code_of_conduct")
CLAUSE = {"audiences": ["staff", "pupils", "parents"]}
TODAY = date(2026, 11, 23)


def a_policy(cast: Cast, kind: str, clauses: int, versions: int) -> uuid.UUID:
    """With a draft of the next version; staff and parents are asked to sign it, and the first child's parent has."""
    policy_id, _ = adopt(cast, *[CLAUSE] * clauses, kind=kind)
    for number in range(2, versions + 1):
        adopt(cast, *[CLAUSE] * clauses, kind=kind, policy_id=policy_id, number=number, since=date(2020 + number, 9, 1))
    version = queries.versions_of(policy_id)[0]
    with writing():
        policies.start_draft(queries.policy(policy_id), by=cast.viewer("head"), at=clock.now())
    for audience in (Audience.STAFF, Audience.PARENTS):
        ask(cast, version, audience)
    return policy_id


def all_sign(cast: Cast) -> None:
    for row in signed.every_asked():
        version, audience = signed.versions_asked(row, TODAY)[0], Audience(row.audience)
        keys = [line.key for line in signed.lines(version.id, audience, TODAY)]
        office = cast.viewer("administrator")
        with writing():
            declarations.take_in(
                version, audience, keys, Entered(Said.SIGNED, TODAY), TODAY, by=office, at=clock.now()
            )  # fmt: skip


def a_child(cast: Cast, number: int) -> None:
    key = f"child{number}"
    add_child(cast, key, "Ada", f"Number{number}", "3R")
    add_parent(cast, f"{key}'s mother", "Bea", f"Number{number}", key)
    answered(cast, key, Answer.PICTURE)


def an_entry(cast: Cast) -> None:
    a_ban(cast, an_account(cast))


PAGES = (
    ("head", "/rules"),
    ("head", "/policies"),
    ("head", "/policies/{policy}"),
    ("head", "/policies/{policy}/draft"),
    ("teacher", "/to-sign"),
    ("head", "/declarations"),
    ("head", "/declarations/{staff}"),
    ("head", "/declarations/{parents}"),
    ("head", "/declarations/{parents}/sheet?year=Year+3&form=3R"),
    ("head", "/registers"),
    ("head", "/registers/accounts"),
    ("head", "/registers/bans"),
    ("teacher", "/may-this-go-up?class=3R"),
    ("teacher", "/photo-consent?class=3R"),
    ("head", "/incidents/{incident}/rules"),
    ("head", "/incidents/{incident}/triage"),
    ("head", "/incidents/{incident}"),
)


@pytest.fixture
def place(cast: Cast) -> dict[str, uuid.UUID]:
    """Where the pages are, when there is one of each."""
    with cast.here():
        policy_id = a_policy(cast, KINDS[0], clauses=2, versions=2)
        a_child(cast, 0)
        all_sign(cast)
        an_entry(cast)
        incident = record(cast)
        rows = {row.audience: row.id for row in signed.every_asked()}
    cite(cast, incident.id)
    return {"policy": policy_id, "incident": incident.id, **rows}


def cite(cast: Cast, incident_id: uuid.UUID) -> None:
    """All that the page offers of the first policy."""
    with cast.here():
        version = queries.in_force(TODAY - timedelta(days=30))[0]
        keys = [f"clause:{each.id}" for each in queries.clauses_of([version.id])]
    answer = cast.client("head").post(
        f"/incidents/{incident_id}/rules", data={"rules": keys[:1], "meant_as": "context"}
    )
    assert answer.status_code == 303, answer.text


def grown(cast: Cast, place: dict[str, uuid.UUID]) -> None:
    with cast.here():
        for kind in KINDS[1:]:
            a_policy(cast, kind, clauses=6, versions=3)
        for number in range(2, 5):
            a_child(cast, number)
            an_entry(cast)
        all_sign(cast)


def test_a_page_of_the_rules_asks_the_same_whatever_is_on_it(cast: Cast, place: dict[str, uuid.UUID]) -> None:
    once_is_enough_on_postgresql(cast.app, repeats=True)
    few = {page: asked(cast, *_to(page, place)) for page in PAGES}
    grown(cast, place)
    many = {page: asked(cast, *_to(page, place)) for page in PAGES}
    more = {page[1]: (len(few[page]), len(many[page])) for page in PAGES if len(many[page]) > len(few[page])}
    assert not more, more


def _to(page: tuple[str, str], place: dict[str, uuid.UUID]) -> tuple[str, str]:
    return page[0], page[1].format(**place)


def test_who_had_signed_is_asked_at_once_for_everybody_in_an_incident(cast: Cast, place: dict[str, uuid.UUID]) -> None:
    few = [("child0", PersonKind.PUPIL), ("child0's mother", PersonKind.PARENT), ("teacher", PersonKind.STAFF)]
    many = [*few, ("child1", PersonKind.PUPIL), ("child1's mother", PersonKind.PARENT), ("dsl", PersonKind.STAFF)]
    with cast.here():
        a_child(cast, 1)
        counts = []
        for people in (few, few, many):  # the first time makes what lasts
            who = [(cast.persons[key], kind) for key, kind in people]
            with statements(cast.app) as sent:
                assert len(signed_by(who, TODAY, TODAY)) == len(people)
            counts.append(len(sent))
    assert counts[1] == counts[2]
