"""In triage: for each person involved which version they had signed, when, or not at all; judged by the day it happened."""

from datetime import date

import pytest

from incidents import clock
from incidents.database import writing
from incidents.declarations import actions, queries
from incidents.declarations.actions import Entered
from incidents.declarations.on_record import signed_by
from incidents.declarations.words import Answer
from incidents.extensions import db
from incidents.people import actions as people
from incidents.people.kinds import PersonKind
from incidents.people.models import Person
from incidents.policies.kinds import Audience
from incidents.policies.models import Policy, PolicyVersion
from incidents.recording.words import Part
from tests.declarations.asked import TODAY, adopt
from tests.triage.recorded import record

SIGNED_ON = date(2026, 9, 3)
BEFORE = date(2026, 8, 1)


def sign(cast, asked, name: str, audience=Audience.PARENTS, answer=Answer.SIGNED, person: str = "") -> None:
    version = db.session.get_one(PolicyVersion, (cast.school_id, asked.version))
    key = next(line.key for line in queries.lines(version.id, audience, TODAY) if line.name == name)
    with writing():
        entered = Entered(answer, SIGNED_ON, cast.persons[person] if person else None)
        actions.enter(version, audience, key, entered, TODAY, by=cast.viewer("head"), at=clock.now())


def said(cast, who: str, kind: PersonKind, day: date = TODAY) -> list[str]:
    return signed_by([(cast.persons[who], kind)], day, day).get(cast.persons[who], [])


FAMILY = "Ben Fenwick and Isla Fenwick"


@pytest.mark.parametrize(("who", "kind", "words"), [
    ("isla", PersonKind.PUPIL, "signed 3 September 2026, on paper, by the household"),
    ("mother", PersonKind.PARENT, "signed 3 September 2026, on paper"),
    ("father", PersonKind.PARENT, "not signed"),
    ("teacher", PersonKind.STAFF, "not signed"),
    ("governor", PersonKind.GOVERNOR, "declined 3 September 2026, on paper"),
])  # fmt: skip
def test_each_by_what_they_were(cast, asked, who, kind, words):
    with cast.here():
        sign(cast, asked, FAMILY, person="mother")
        sign(cast, asked, "Peter Sandwick", Audience.GOVERNORS, Answer.DECLINED)
        assert said(cast, who, kind) == [f"Social media and us, version 1: {words}"]


def test_of_a_form_ticked_in_a_class_it_is_not_known_which_parent_it_was(cast, asked):
    with cast.here():
        sign(cast, asked, FAMILY)
        for who in ("mother", "father"):
            assert said(cast, who, PersonKind.PARENT)[0].endswith("by one parent: it is not known which")


def test_a_day_before_the_version_was_in_force_and_somebody_outside_say_nothing(cast, asked):
    with cast.here():
        assert said(cast, "isla", PersonKind.PUPIL, BEFORE) == []
        assert said(cast, "isla", PersonKind.UNKNOWN) == []


def test_a_newer_version_is_asked_about_only_from_its_day_and_a_span_over_both_says_both(cast, asked):
    with cast.here():
        sign(cast, asked, FAMILY, person="mother")
        adopt(cast, db.session.get_one(Policy, (cast.school_id, asked.policy)), 2, TODAY)
        yesterday, isla = date(2026, 11, 22), cast.persons["isla"]
        assert "version 1: signed" in said(cast, "isla", PersonKind.PUPIL, yesterday)[0]
        assert said(cast, "isla", PersonKind.PUPIL) == [
            "Social media and us, version 2: not signed; version 1: signed 3 September 2026, on paper, by the household"
        ]
        assert len(signed_by([(isla, PersonKind.PUPIL)], yesterday, TODAY)[isla]) == 2


def test_a_second_entry_of_the_same_person_finds_their_signature(cast, asked):
    from incidents.people import merging

    with cast.here():
        sign(cast, asked, "Priya Raman", Audience.STAFF)
        with writing():
            entry = people.add_person("P", "Raman", by=None, at=clock.now())
            into = db.session.get_one(Person, (cast.school_id, cast.persons["teacher"]))
            cast.persons["again"] = entry.id
            merging.merge(entry, into, "same", by=None, at=clock.now())
        assert "signed 3 September" in said(cast, "again", PersonKind.STAFF)[0]


def test_whoever_decides_reads_it_in_triage_and_nobody_else_reads_that_page(cast, asked):
    with cast.here():
        sign(cast, asked, FAMILY, person="mother")
        incident = record(cast, [(Part.TARGET, "isla"), (Part.ALLEGED, "other_teacher")]).id
    page = cast.client("head").get(f"/incidents/{incident}/triage").text
    assert "Had they signed?" in page
    assert "version 1: signed 3 September 2026, on paper, by the household" in page
    assert "version 1: not signed" in page
    assert cast.client("administrator").get(f"/incidents/{incident}/triage").status_code == 404
