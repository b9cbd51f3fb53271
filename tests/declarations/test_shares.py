"""What the database counts of signatures is what one counts by hand, child by child."""

import uuid
from datetime import date, timedelta

import pytest

from incidents import clock
from incidents.database import writing
from incidents.declarations import actions, queries, shares
from incidents.declarations.actions import Entered
from incidents.declarations.answers import Share, share_of, state_of
from incidents.declarations.lists import Group
from incidents.declarations.models import Signature
from incidents.declarations.words import Answer
from incidents.extensions import db
from incidents.people import actions as people
from incidents.people import merging
from incidents.people.models import Person
from incidents.people.queries import enrolments_of
from incidents.policies.kinds import Audience
from incidents.policies.models import PolicyVersion
from tests.cast import Cast
from tests.declarations.asked import TODAY, add_child, add_parent
from tests.declarations.conftest import Round

DAY = date(2026, 11, 20)


def by_hand(version_id: uuid.UUID) -> dict[Group, Share]:
    answers = queries.given(version_id, Audience.PARENTS)
    groups: dict[Group, list[uuid.UUID]] = {}
    for child in queries.children_on(TODAY):
        groups.setdefault(child.group, []).append(child.person_id)
    return {
        group: share_of(state_of(each for each in answers if child in each.children) for child in children)
        for group, children in groups.items()
    }


def said(cast: Cast, asked: Round, child: str, answer: Answer, *, by: str | None = None) -> Signature:
    """On the form of this child's household; of a parent by themselves if it is told which."""
    version = db.session.get_one(PolicyVersion, (cast.school_id, asked.version))
    home = next(each for each in queries.households_of([cast.persons[child]], TODAY))
    entered = Entered(answer, DAY, cast.persons[by] if by else None)
    with writing():
        version = db.session.get_one(PolicyVersion, (cast.school_id, asked.version))
        return actions.enter(
            version, Audience.PARENTS, home.key, entered, TODAY, by=cast.viewer("administrator"), at=clock.now()
        )  # fmt: skip


def put_right(cast: Cast, signature: Signature, answer: Answer) -> None:
    held = queries.signature(signature.version_id, signature.id)
    with writing():
        version = db.session.get_one(PolicyVersion, (cast.school_id, held[0].version_id))
        actions.correct(
            version, queries.signature(version.id, held[0].id), Entered(answer, DAY), "Misread.", TODAY,
            by=cast.viewer("administrator"), at=clock.now(),
        )  # fmt: skip


def merged(cast: Cast, entry: str, into: str) -> None:
    with writing():
        two = (db.session.get_one(Person, (cast.school_id, cast.persons[each])) for each in (entry, into))
        merging.merge(*two, "The same child.", by=None, at=clock.now())


def family(cast: Cast, name: str, form: str = "3T") -> None:
    add_child(cast, name, name, "Lowe", form)
    add_parent(cast, f"{name}'s mother", "Una", name, name)


def test_a_child_counts_once_with_one_signature_of_whoever_gave_it(cast: Cast, asked: Round) -> None:
    with cast.here():
        for name, form in (("ada", "3T"), ("bo", "3T"), ("cy", "3T"), ("di", "3R"), ("ed", "3R"), ("flo", "3R")):
            family(cast, name, form)
        said(cast, asked, "ada", Answer.SIGNED)
        said(cast, asked, "bo", Answer.DECLINED)
        put_right(cast, said(cast, asked, "cy", Answer.SIGNED), Answer.TAKEN_BACK)
        put_right(cast, said(cast, asked, "di", Answer.DECLINED), Answer.SIGNED)
        add_parent(cast, "ed's father", "Vic", "ed", "ed")
        said(cast, asked, "ed", Answer.DECLINED, by="ed's mother")
        said(cast, asked, "ed", Answer.SIGNED, by="ed's father")
        said(cast, asked, "ben", Answer.DECLINED, by="mother")  # for Ben alone; the father's form has Isla too
        found = shares.by_class([asked.version], TODAY)[asked.version]
        assert found == by_hand(asked.version)
        assert list(found)[:2] == [("Year 3", "3R"), ("Year 3", "3T")]
        assert found["Year 3", "3R"] == Share(3, 2, 0)
        assert found["Year 3", "3T"] == Share(4, 1, 2)


@pytest.mark.parametrize(("entry", "into"), [("ada", "bo"), ("bo", "ada")])
def test_two_entries_of_one_child_count_once_in_the_first_of_their_classes(
    cast: Cast, asked: Round, entry: str, into: str
) -> None:
    with cast.here():
        for name, form in (("ada", "3T"), ("bo", "3R"), ("cy", "3T")):
            family(cast, name, form)
        said(cast, asked, "ada", Answer.DECLINED)
        said(cast, asked, "bo", Answer.SIGNED)
        said(cast, asked, "cy", Answer.SIGNED)
        merged(cast, entry, into)
        merged(cast, "cy", into)
        found = shares.by_class([asked.version], TODAY)[asked.version]
        assert found == by_hand(asked.version)
        assert found["Year 3", "3R"] == Share(1, 1, 0)
        assert shares.share(asked.version, Audience.PARENTS, TODAY).signed == 1


def test_who_left_counts_no_more_and_who_comes_tomorrow_does_not_yet(cast: Cast, asked: Round) -> None:
    with cast.here():
        for name in ("ada", "bo"):
            family(cast, name)
            said(cast, asked, name, Answer.SIGNED)
        with writing():
            (held,) = enrolments_of(cast.persons["ada"])
            people.end(held, TODAY - timedelta(days=1), by=None, at=clock.now())
            newcomer = people.add_person("Cy", "Lowe", by=None, at=clock.now())
            people.enrol(newcomer, "Year 3", "3T", TODAY + timedelta(days=1), by=None, at=clock.now())
        found = shares.by_class([asked.version], TODAY)[asked.version]
        assert found == by_hand(asked.version)
        assert found["Year 3", "3T"] == Share(2, 1, 0)


def test_every_audience_counts_as_on_its_list(cast: Cast, asked: Round) -> None:
    with cast.here():
        family(cast, "ada")
        said(cast, asked, "ada", Answer.SIGNED)
        for audience in (Audience.STAFF, Audience.GOVERNORS):
            line = queries.lines(asked.version, audience, TODAY)[0]
            with writing():
                version = db.session.get_one(PolicyVersion, (cast.school_id, asked.version))
                entered = Entered(Answer.DECLINED if audience is Audience.STAFF else Answer.SIGNED, DAY)
                actions.enter(
                    version, audience, line.key, entered, TODAY, by=cast.viewer("administrator"), at=clock.now()
                )  # fmt: skip
        far = {row.audience: far for row in queries.every_asked() for _, far in [shares.how_far([row], TODAY)[row.id]]}
        assert far == {
            audience: share_of(line.state for line in queries.lines(asked.version, Audience(audience), TODAY))
            for audience in far
        } | {Audience.PARENTS: shares.share(asked.version, Audience.PARENTS, TODAY)}
        assert far[Audience.STAFF].declined == far[Audience.GOVERNORS].signed == far[Audience.PARENTS].signed == 1
