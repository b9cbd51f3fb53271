"""Two entries of the list that are one person: said, shown, and taken back."""

import uuid
from datetime import date

import pytest
from sqlalchemy import select

from incidents import clock
from incidents.casework.queries import in_conflict
from incidents.database import writing
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.actions import step_aside
from incidents.matters.models import Conflict, Why
from incidents.matters.visibility import standing
from incidents.people import actions, importing, merging, queries
from incidents.people.models import Employed, Person
from incidents.recording.suggesting import beside
from incidents.recording.words import Part
from tests.cast import SEPTEMBER
from tests.people.test_lists import HEAD, bring
from tests.triage.recorded import record

TODAY = date(2026, 11, 23)


@pytest.fixture
def office(cast):
    return cast.client("administrator")


@pytest.fixture
def volunteer(cast):
    """A second entry of the teacher."""
    with cast.here(), writing():
        entry = actions.add_person("Priya", "Raman-Shah", by=None, at=clock.now())
        actions.employ(entry, Employed.VOLUNTEER, "choir", SEPTEMBER, by=None, at=clock.now())
        return entry.id


def person(cast, person_id) -> Person:
    return db.session.get_one(Person, (cast.school_id, person_id))


def say(cast, entry, into) -> None:
    with writing():
        merging.merge(person(cast, entry), person(cast, into), "same address", by=None, at=clock.now())


def apart(cast, entry) -> None:
    with writing():
        merging.take_apart(person(cast, entry), "twins", by=None, at=clock.now())


def everything(cast) -> list[tuple[object, ...]]:
    db.session.expire_all()
    return [
        (one, queries.status_of(one, TODAY), queries.same_as([one]), [f.id for f in queries.employments_of(one)])
        for one in sorted(cast.persons.values())
    ]


def test_what_is_known_of_either_is_known_of_the_one_and_only_one_is_found(cast, volunteer):
    with cast.here():
        say(cast, volunteer, cast.persons["teacher"])
        assert {fact.job for fact in queries.employments_of(cast.persons["teacher"])} == {"choir", "Year 6 teacher"}
        assert [each.person_id for each in queries.find("raman", TODAY)] == [cast.persons["teacher"]]
        assert queries.status_of(volunteer, TODAY).as_was == "Year 6 teacher"
        assert volunteer in cast.viewer("teacher").person_ids


def test_of_several_facts_of_one_the_first_counts_whichever_entry_it_stands_under(cast, volunteer):
    with cast.here():
        teacher = cast.persons["other_teacher"]
        with writing():
            for kind, job in ((Employed.GOVERNOR, "Governor"), (Employed.EMPLOYEE, "Cook")):
                actions.employ(person(cast, volunteer), kind, job, TODAY, by=None, at=clock.now())
        say(cast, volunteer, teacher)
        found = queries.known_of([teacher, volunteer, cast.persons["isla"], uuid.uuid4()], TODAY, TODAY)
        assert {(found[each].status.as_was, found[each].works_here) for each in (teacher, volunteer)} == {
            ("Cook", True)
        }
        assert not found[cast.persons["isla"]].works_here
        assert len(found) == 3


def test_a_chain_is_one_person_and_each_link_can_be_taken_back(cast, volunteer):
    cast.persons["volunteer"] = volunteer
    teacher, head = cast.persons["teacher"], cast.persons["head"]
    with cast.here():
        before = everything(cast)
        say(cast, volunteer, teacher)
        between = everything(cast)
        say(cast, teacher, head)
        assert queries.same_as([volunteer]) == {volunteer, teacher, head}
        apart(cast, teacher)
        assert everything(cast) == between
        say(cast, teacher, head)
        apart(cast, volunteer)
        assert queries.same_as([head]) == {teacher, head}
        apart(cast, teacher)
        assert everything(cast) == before


def test_neither_twice_nor_with_itself_nor_back_twice(cast, volunteer):
    with cast.here():
        with pytest.raises(Refused):
            say(cast, volunteer, volunteer)
        say(cast, volunteer, cast.persons["teacher"])
        with pytest.raises(NotPossibleNow):
            say(cast, volunteer, cast.persons["head"])
        apart(cast, volunteer)
        with pytest.raises(NotPossibleNow):
            apart(cast, volunteer)


def test_two_that_the_records_system_knows_apart_stay_apart(cast, office):
    bring(office, HEAD + "X1,Nadia,Sorrell,,6,\nX2,Nadja,Sorrell,,6,\n")
    with cast.here():
        one, other = (each.person_id for each in queries.find("sorrell", TODAY))
        with pytest.raises(Refused, match="as two people"):
            say(cast, one, other)


def test_the_next_list_finds_a_merged_entry_by_its_number(cast, office):
    bring(office, HEAD + "X1,Isla,Fenwicke,,Year 6,6R\n")
    with cast.here():
        (listed,) = (each.person_id for each in queries.find("fenwicke", TODAY))
        say(cast, listed, cast.persons["isla"])
        people = importing.people_on(TODAY)
        isla = next(each for each in people.known if each.person_id == cast.persons["isla"])
        assert [value for _, value in isla.ids] == ["X1"]
        assert listed not in {each.person_id for each in people.known}


def test_it_is_said_and_taken_back_on_the_page(cast, office, volunteer):
    teacher = cast.persons["teacher"]
    page = f"/people/{volunteer}/same"
    assert "Priya Raman" in office.post(page, data={"q": "raman", "then": "find"}).text
    wrong = office.post(page, data={"q": "raman", "other": str(teacher)})
    assert "Say which of the two stays" in wrong.text
    said = office.post(page, data={"q": "raman", "other": str(teacher), "stays": "other", "reason": "Her own word."})
    assert said.headers["Location"] == f"/people/{teacher}"
    assert "Also entered as" in office.get(f"/people/{teacher}").text
    assert office.get(f"/people/{volunteer}").status_code == 404
    undo = f"/people/{teacher}/same/{volunteer}/undo"
    assert "Her own word." in office.get(undo).text
    assert office.post(undo, data={"reason": "Two after all."}).status_code == 302
    assert office.get(f"/people/{volunteer}").status_code == 200
    assert office.get(undo).status_code == 404


def test_nobody_of_the_office_merges_or_takes_apart_who_they_are_themselves(cast, office, volunteer):
    """Else they could read what was said to somebody else, or shed a conflict of their own."""
    self, isla = cast.persons["administrator"], cast.persons["isla"]
    for page, q, other in ((self, "isla", isla), (isla, "ashby", self)):
        merge = {"q": q, "other": str(other), "stays": "other", "reason": "Me."}
        answer = office.post(f"/people/{page}/same", data=merge)
        assert (answer.status_code, "about you yourself" in answer.text) == (422, True)
    with cast.here():
        say(cast, volunteer, self)
    assert office.post(f"/people/{self}/same/{volunteer}/undo", data={"reason": "No."}).status_code == 409


def test_whoever_stepped_aside_leaves_no_conflict_on_an_entry_that_is_somebody_else_after_all(cast, volunteer):
    with cast.here():
        say(cast, volunteer, cast.persons["head"])
        incident = record(cast)
        with writing():
            step_aside(incident, by=cast.viewer("head"), at=clock.now())
        assert standing(cast.viewer("head"), incident.id) is None
        apart(cast, volunteer)
        barred = set(db.session.scalars(select(Conflict.person_id).where(Conflict.why == Why.DECLARED)))
        assert barred == {cast.persons["head"]}
        assert standing(cast.viewer("head"), incident.id) is None


def test_close_to_one_entry_is_close_to_the_person_for_whoever_hands_out_a_case_too(cast, volunteer):
    with cast.here():
        with writing():
            teacher = person(cast, cast.persons["other_teacher"])
            actions.relate(teacher, person(cast, volunteer), "sister", SEPTEMBER, by=None, at=clock.now())
        say(cast, volunteer, cast.persons["teacher"])
        incident = record(cast, [(Part.TARGET, "teacher")])
        sister = cast.accounts["other_teacher"]
        assert in_conflict(incident, [sister], clock.now()) == {sister}


def test_a_second_entry_is_not_suggested_beside_the_first(cast):
    with cast.here():
        with writing():
            entry = actions.add_person("Izzy", "Fenwick", by=None, at=clock.now())
            actions.enrol(entry, "Year 6", "6R", SEPTEMBER, by=None, at=clock.now())
            entry_id = entry.id
        say(cast, entry_id, cast.persons["isla"])
        names = [each.name for each in beside([cast.persons["mason"]], TODAY)["6R"]]
        assert sorted(names) == ["Isla Fenwick", "Jay Brook", "Zara Hussain"]
