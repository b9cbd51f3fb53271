"""Relation to a matter × every surface: page, list, search, count, file, message, error. One case, everybody at once."""

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from incidents import clock, mail
from incidents.casework import actions as casework
from incidents.casework.queries import steps_of
from incidents.citations.actions import cite
from incidents.citations.models import Citation
from incidents.citations.queries import STATUTE, happening_of, laws_for
from incidents.database import writing
from incidents.evidence.models import Evidence
from incidents.extensions import db
from incidents.files import intake
from incidents.matters import actions as matters
from incidents.matters.models import Capacity, Grant, Matter, NeedToKnow, Why
from incidents.notifications.actions import notify
from incidents.notifications.models import NoticeKind
from incidents.people import actions as people
from incidents.people.models import Handle, Person
from incidents.recording import actions as recording
from incidents.recording.hours import Control
from incidents.recording.models import Search
from incidents.recording.queries import involvements
from incidents.recording.searches import Authority, Did, Searched
from incidents.recording.words import Direction, Part
from incidents.registers.models import RegisterLink
from incidents.triage.answers import TriageAnswers
from incidents.triage.questions import QuestionName, YesNo
from tests.cast import SEPTEMBER, Cast
from tests.databases import once_is_enough_on_postgresql
from tests.evidence.exhibits import add_file, decoded_at_once, page_of, shelf_of
from tests.registers.entered import watched
from tests.triage.recorded import LESSON, record
from tests.worlds import decide

# Who is what to the case. Something is alleged of the head of year; the deputy DSL is the target.
RELATIONS = {
    "decider": "head",
    "reporter": "teacher",
    "owner": "deputy_head",
    "former owner": "other_teacher",
    "alleged": "head_of_year",
    "target": "deputy_dsl",
    "family of the alleged": "clerk",
    "granted": "external",
    "tainted": "vice_chair",
    "stepped aside": "case_manager",
    "one step": "dsl",
    "nobody": "governor",
    "office": "administrator",
}
DAY = timedelta(days=1)
NOTHING = "nothing"
# What each finds at: the incident's page, the case's page, the evidence list, one file, the lists, a message.
EXPECTED: dict[str, tuple[str, str, str, str, bool, bool]] = {
    "decider": ("full", "full", "full", "full", True, True),
    "reporter": ("own words", NOTHING, NOTHING, NOTHING, False, False),
    "owner": ("full", "full", "full", "full", True, True),
    "former owner": (NOTHING, NOTHING, NOTHING, NOTHING, False, False),
    "alleged": (NOTHING, NOTHING, NOTHING, NOTHING, False, False),
    "target": ("concerns you", NOTHING, NOTHING, NOTHING, False, False),
    "family of the alleged": (NOTHING, NOTHING, NOTHING, NOTHING, False, False),
    "granted": ("full", "full", "full", "full", False, False),
    "tainted": (NOTHING, NOTHING, NOTHING, NOTHING, False, False),
    "stepped aside": (NOTHING, NOTHING, NOTHING, NOTHING, False, False),
    "one step": (NOTHING, "one step", NOTHING, NOTHING, False, True),
    "nobody": (NOTHING, NOTHING, NOTHING, NOTHING, False, False),
    "office": (NOTHING, NOTHING, NOTHING, NOTHING, False, False),
}


@dataclass(frozen=True)
class Story:
    incident: uuid.UUID
    case: uuid.UUID
    shelf: str
    file: str
    references: tuple[str, str]
    messages: dict[str, int]


@pytest.fixture
def story(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setattr(intake, "decode", decoded_at_once)
    with cast.here():
        incident = record(cast, [(Part.ALLEGED, RELATIONS["alleged"]), (Part.TARGET, RELATIONS["target"])])
        evidence = add_file(cast, incident)
        harm = {QuestionName.HARM_THRESHOLD: YesNo.NO}
        case = decide(cast, incident, TriageAnswers(Direction.STAFF_CONDUCT, single=harm), "head")
        head, at = cast.viewer("head"), clock.now()
        with writing():
            casework.hand_over(case, cast.accounts[RELATIONS["former owner"]], by=head, at=at)
        with writing():
            casework.hand_over(case, cast.accounts[RELATIONS["owner"]], by=head, at=at)
            casework.assign_step(steps_of(case)[0], cast.accounts[RELATIONS["one step"]], by=head, at=at)
        with writing():
            for who in ("granted", "tainted", "family of the alleged", "stepped aside"):
                matters.give(case, cast.accounts[RELATIONS[who]], Capacity.PANEL, by=head, at=at)
            alleged, spouse = (
                db.session.get_one(Person, (cast.school_id, cast.persons[RELATIONS[who]]))
                for who in ("alleged", "family of the alleged")
            )
            people.relate(spouse, alleged, "husband", SEPTEMBER, by=None, at=at)
            matters.put_in_conflict(case, cast.persons[RELATIONS["tainted"]], Why.TAINTED, "worked_on", by=None, at=at)
            matters.step_aside(case, by=cast.viewer(RELATIONS["stepped aside"]), at=at)
        messages = _messages(cast, case)
        references = (incident.reference, case.reference)
        return Story(incident.id, case.id, shelf_of(evidence), page_of(evidence), references, messages)


def _messages(cast: Cast, case: Matter) -> dict[str, int]:
    """Everybody is sent a message about the case, wrongly; who gets it?"""
    outbox = cast.app.config["SETTINGS"].data / "outbox"
    mail.deliver(clock.now())
    for old in outbox.glob("*.eml"):
        old.unlink()
    with cast.here():
        with writing(audited=False):
            for account in cast.accounts.values():
                notify(account, NoticeKind.NEEDS_YOU, at=clock.now(), matter_id=case.id)
        mail.deliver(clock.now())
    sent = [path.read_text() for path in outbox.glob("*.eml")]
    assert not [text for text in sent if case.reference in text or "Pettifer" in text]
    return {who: sum(f"To: {who}@" in text for text in sent) for who in cast.accounts}


@pytest.mark.parametrize("relation", RELATIONS)
def test_what_each_finds_on_every_surface(cast, story, relation):
    client = cast.client(RELATIONS[relation])
    pages = [f"/incidents/{story.incident}", f"/cases/{story.case}", story.shelf, story.file]
    found = [client.get(page) for page in pages]
    incident, case, shelf, file, listed, message = EXPECTED[relation]
    assert [answer.status_code == 200 for answer in found] == [
        expected not in (NOTHING, "one step") for expected in (incident, case, shelf, file)
    ]
    in_lists = {
        ref for ref in story.references for path in ("/incidents", "/cases", "/today") if ref in client.get(path).text
    }
    assert bool(in_lists) == listed
    assert story.messages[RELATIONS[relation]] == message


@pytest.mark.parametrize("relation", [who for who, expected in EXPECTED.items() if not expected[4]])
def test_no_search_and_no_guess_finds_it(cast, story, relation):
    client = cast.client(RELATIONS[relation])
    for word in (*story.references, "Okafor", "Screenshots"):
        for path in ("/incidents", "/cases"):
            found = client.get(path, query_string={"q": word}).text
            links = set(re.findall(r'href="(/(?:incidents|cases)/[0-9a-f-]{36})"', found))
            assert not links & {f"/incidents/{story.incident}", f"/cases/{story.case}"}


@pytest.mark.parametrize(
    "relation", ["alleged", "family of the alleged", "tainted", "stepped aside", "nobody", "office"]
)
def test_hidden_and_unknown_are_the_same_bytes_on_every_route(cast, story, relation):
    once_is_enough_on_postgresql(cast.app, relation != "alleged")
    client, unknown = cast.client(RELATIONS[relation]), uuid.UUID(int=1)
    client.get("/")  # the first answer of a session sets its cookie
    build = cast.app.url_map.bind("localhost").build
    for rule in cast.app.url_map.iter_rules():
        if rule.arguments != {"matter_id"}:
            continue
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            other = client.open(build(rule.endpoint, {"matter_id": unknown}), method=method)
            for hidden in (story.incident, story.case):
                one = client.open(build(rule.endpoint, {"matter_id": hidden}), method=method)
                assert (one.status_code, one.data) == (other.status_code, other.data), rule.endpoint
                assert list(one.headers) == list(other.headers), rule.endpoint


def test_the_own_words_of_a_reporter_and_a_target_s_view_hold_nothing_of_the_case(cast, story):
    for who in ("reporter", "target"):
        text = cast.client(RELATIONS[who]).get(f"/incidents/{story.incident}").text
        assert story.references[1] not in text
        assert str(story.case) not in text
    assert "Idris" not in cast.client(RELATIONS["target"]).get(f"/incidents/{story.incident}").text


def mine_and_hidden(cast: Cast) -> tuple[dict[str, uuid.UUID], dict[str, uuid.UUID]]:
    """A matter of the head's own in each section; and the things of another that is hidden from them, by name in an address."""
    with cast.here():
        plain = record(cast)
        mine = {"/incidents": plain.id, "/matters": plain.id}
        mine["/cases"] = decide(
            cast,
            record(cast, control=Control.ON_SITE, happened=LESSON),
            TriageAnswers(Direction.PUPIL_TO_PUPIL),
            "head",
        ).id
        hidden = record(
            cast, [(Part.ALLEGED, "head"), (Part.TARGET, "mother")], by="dsl", handles=[(Part.WITNESS, "x9")]
        )
        add_file(cast, hidden)
        manager, at = cast.viewer("case_manager"), clock.now()
        with writing():
            what = Searched(Did.SEARCHED, "A telephone.", "A teacher.", Authority.AGREED)
            recording.say_searched(hidden, what, by=manager, at=at)
        answers = TriageAnswers(Direction.STAFF_CONDUCT, single={QuestionName.HARM_THRESHOLD: YesNo.NO})
        case = decide(cast, hidden, answers, "case_manager")
        with writing():
            casework.give_sight(case, cast.accounts["external"], Capacity.ADVISER, at + DAY, by=manager, at=at)
            casework.let_know(case, [cast.accounts["other_teacher"]], "Apart.", at + DAY, by=manager, at=at)
            cite(hidden, [f"{STATUTE}{laws_for(happening_of(hidden, manager))[0].statute.key}"], by=manager, at=at)
        watched(cast, "teacher", "case_manager", hidden)
        given = select(Grant.id).where(Grant.capacity == Capacity.ADVISER)
        only = (Evidence, Handle, NeedToKnow, Search, Citation, RegisterLink)
        evidence, handle, known, search, citation, link, grant = (
            db.session.scalars(each).one() for each in (*(select(table.id) for table in only), given)
        )
        seconds = {
            "evidence_id": evidence, "handle_id": handle, "known_id": known, "search_id": search, "grant_id": grant,
            "citation_id": citation, "link_id": link,
            "step_id": steps_of(case)[0].id, "involvement_id": involvements(hidden.id)[0].id,
        }  # fmt: skip
    return mine, seconds


def test_a_second_id_of_what_is_hidden_is_like_one_of_nothing(cast, monkeypatch):
    """On a matter of their own: the step, file, person … of another that is hidden from them."""
    monkeypatch.setattr(intake, "decode", decoded_at_once)
    mine, seconds = mine_and_hidden(cast)
    client, unknown = cast.client("head"), uuid.UUID(int=1)
    client.get("/")
    whole = {"/incidents": "", "/cases": "", "/matters": "/evidence"}
    nothing = {section: client.get(f"{section}/{unknown}{page}") for section, page in whole.items()}
    build, asked = cast.app.url_map.bind("localhost").build, 0
    for rule in cast.app.url_map.iter_rules():
        second = next(iter(set(rule.arguments) & seconds.keys()), None)
        if "matter_id" not in rule.arguments or len(rule.arguments) == 1:
            continue
        assert second, f"{rule.endpoint}: what of the hidden matter is named in its address?"
        section = f"/{rule.rule.split('/')[1]}"
        known = {"matter_id": mine[section], **({"page": 1} if "page" in rule.arguments else {})}
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            one = client.open(build(rule.endpoint, {**known, second: seconds[second]}), method=method)
            other = nothing[section]
            if one.status_code != 404:
                other = client.open(build(rule.endpoint, {**known, second: unknown}), method=method)
            assert (one.status_code, one.data) == (other.status_code, other.data), rule.endpoint
            asked += 1
    assert asked > 20
