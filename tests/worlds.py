"""One school in two worlds: with a hidden case and without. Everything else is the same to the last byte."""

import hashlib
import os
import random
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from incidents import clock, mail
from incidents.casework import actions as casework
from incidents.casework.models import Case
from incidents.citations.actions import cite
from incidents.citations.queries import CLAUSE, STATUTE, happening_of, laws_for
from incidents.citations.words import MeantAs
from incidents.database import writing
from incidents.declarations import actions as declarations
from incidents.extensions import db
from incidents.governors import actions as governors
from incidents.policies.kinds import Audience, Force
from incidents.policies.models import Clause
from incidents.recording import actions as recording
from incidents.recording.answers import Named
from incidents.recording.hours import Control
from incidents.recording.models import Incident, StatementKind
from incidents.recording.words import Direction, Part
from incidents.schools.law_changes import edit_value
from incidents.schools.models import Term
from incidents.triage.actions import triage
from incidents.triage.answers import TriageAnswers
from incidents.triage.questions import QuestionName, YesNo
from tests.cast import Cast
from tests.declarations.asked import adopt, ask
from tests.registers.entered import flagged, watched
from tests.triage.recorded import LESSON, record

PLAIN = TriageAnswers(Direction.PUPIL_TO_PUPIL)
ABOUT_STAFF = TriageAnswers(Direction.STAFF_CONDUCT, single={QuestionName.HARM_THRESHOLD: YesNo.NO})

WHO_MANAGES = "head_cases.manager.who"
# The form for one value of the school's law; the others tell no more of anybody.
_MANY_ALIKE = re.compile(r"/school/law/change\?what=(?!head_cases)")
FURTHEST = 600  # pages; a crawl that finds more is caught in a loop


class Stream:
    """Random bytes from a seed. What hides draws from a stream of its own, so that it moves nothing in the common one."""

    def __init__(self, seed: str) -> None:
        self.seed, self.drawn = seed, 0

    def __call__(self, count: int) -> bytes:
        self.drawn += 1
        return hashlib.shake_256(f"{self.seed}:{self.drawn}".encode()).digest(count)


@contextmanager
def drawing_from(stream: Stream) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", stream)
        patch.setattr(random, "_urandom", stream)
        yield


def live_through(cast: Cast, hide: Callable[[Cast], set[str]] | None) -> set[str]:
    """Days at school; in one of the worlds with something that `hide` makes. Returns what must be found nowhere."""
    common, secret = Stream("common"), Stream("hidden")
    found: set[str] = set()
    with drawing_from(common):
        _a_policy_to_sign(cast)
        _a_plain_case(cast)
    if hide:
        with drawing_from(secret):
            found = hide(cast)
    with drawing_from(common):
        _a_parents_post(cast)
        _a_report(cast)
        with cast.app.app_context():
            mail.deliver(clock.now())
    return found


def decide(cast: Cast, incident: Incident, answers: TriageAnswers, who: str) -> Case:
    viewer = cast.viewer(who)
    with writing():
        return triage(incident, answers, by=viewer, at=clock.now())


def _a_policy_to_sign(cast: Cast) -> None:
    """Asked of staff and of parents; a teacher has signed. And the office says who manages a case about the head."""
    with cast.here():
        version, office, teacher = adopt(cast), cast.viewer("administrator"), cast.viewer("teacher")
        for audience in (Audience.STAFF, Audience.PARENTS):
            ask(cast, version, audience)
        with writing():
            declarations.sign_myself(
                version, Audience.STAFF, cast.persons["teacher"], clock.now().date(), by=teacher, at=clock.now()
            )
        with writing():
            edit_value(WHO_MANAGES, "vice-chair of governors", "Ours.", by=office.account_id, at=clock.now())


def _a_plain_case(cast: Cast) -> None:
    with cast.here():
        decide(cast, record(cast, control=Control.ON_SITE, happened=LESSON), PLAIN, "head")


def _a_parents_post(cast: Cast) -> None:
    with cast.here():
        record(cast, [(Part.TARGET, "other_teacher"), (Part.ALLEGED, "mother")])


def _a_report(cast: Cast) -> None:
    with cast.here():
        term = db.session.scalars(select(Term).where(Term.name == "Autumn term 2026")).one()
        head, at = cast.viewer("head"), clock.now()
        with writing():
            edition = governors.start_edition(term, by=head, at=at)
            governors.keep_words(edition, "A quiet term.", ["Note the report."], None, by=head, at=at)
        with writing():
            governors.publish(edition, by=head, at=at)


def a_case_about_the_head(cast: Cast) -> set[str]:
    """Recorded by the DSL, decided by the chair, worked, and a file in it; with what would betray it."""
    with cast.here():
        by = cast.viewer("dsl")
        incident = record(cast, [(Part.ALLEGED, "head"), (Part.TARGET, "mother")], by="dsl")
        with writing():
            recording.add_words(incident, StatementKind.ADDITION, "Zanzibar was named.", by=by, at=clock.now())
        with writing():
            named = Named(Part.WITNESS, given_name="Zebedee", family_name="Quillfeather")
            recording.involve(incident, named, by=by, at=clock.now())
        case = decide(cast, incident, ABOUT_STAFF, "case_manager")
        with writing():
            casework.add_note(case, "Zanzibar again.", by=cast.viewer("case_manager"), at=clock.now())
        watched(cast, "head", "case_manager", incident)
        _cited(cast, incident)
        flagged(cast, "isla")
        annex = _an_annex(cast)
        return {str(incident.id), str(case.id), incident.reference, case.reference, annex, "Zanzibar", "Quillfeather"}


def _cited(cast: Cast, incident: Incident) -> None:
    """A rule of the school that is said to be broken, and a law."""
    rule = db.session.scalars(select(Clause.id).where(Clause.force == Force.MUST)).one()
    manager = cast.viewer("case_manager")
    law = laws_for(happening_of(incident, manager))[0].statute.key
    with writing():
        made = cite(incident, [f"{CLAUSE}{rule}", f"{STATUTE}{law}"], by=manager, at=clock.now())
    assert [each.meant_as for each in made] == [MeantAs.BREACHED, MeantAs.RELEVANT]


def _an_annex(cast: Cast) -> str:
    """What its manager tells the chair about it, beside the report."""
    term = db.session.scalars(select(Term).where(Term.name == "Autumn term 2026")).one()
    manager, at = cast.viewer("case_manager"), clock.now()
    with writing():
        annex = governors.keep_annex(term, None, "Zanzibar once more.", by=manager, at=at)
        governors.publish_annex(annex, by=manager, at=at)
        return str(annex.id)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the interface
        for name, value in attrs:
            if name in ("href", "src", "action") and value and value.startswith("/") and not value.startswith("//"):
                self.found.append(value.split("#")[0])


def everything(client: FlaskClient, also: Iterable[str] = ()) -> dict[str, tuple[int, str, bytes]]:
    """Each address that can be reached by links, with its status, type and bytes."""
    seen: dict[str, tuple[int, str, bytes]] = {}
    waiting = deque(["/", *also])
    while waiting:
        address = waiting.popleft()
        if address in seen or address.startswith("/static") or address == "/sign-out" or _MANY_ALIKE.match(address):
            continue
        answer = client.get(address)
        seen[address] = (answer.status_code, answer.headers.get("Content-Type", ""), answer.data)
        assert len(seen) < FURTHEST
        if answer.location:
            waiting.append(re.sub(r"^https?://[^/]+", "", answer.location))
        if "html" in (answer.content_type or ""):
            links = _Links()
            links.feed(answer.text)
            waiting.extend(links.found)
    return seen


def differences(one: dict[str, tuple[int, str, bytes]], other: dict[str, tuple[int, str, bytes]]) -> list[str]:
    """The addresses at which the worlds differ."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
