"""A typed name proves to be somebody on the list, and is taken back: access follows at once, and all is as it was."""

import pytest
from sqlalchemy import func, select

from incidents import clock
from incidents.access import Sphere
from incidents.database import writing
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.models import Conflict, MatterYear
from incidents.matters.visibility import standing
from incidents.people import actions as people
from incidents.people import merging
from incidents.people.models import Employed, Person, SamePerson
from incidents.recording import actions as recording
from incidents.recording import following, queries
from incidents.recording.answers import Named
from incidents.recording.finding import seen_in_full
from incidents.recording.models import Incident, Involvement
from incidents.recording.words import Part, PersonKind
from tests.cast import SEPTEMBER, Cast
from tests.triage.recorded import record

SEERS = ("head", "dsl", "deputy_dsl", "head_of_year", "case_manager", "deputy_head", "teacher", "other_teacher")


def with_typed(cast: Cast, name: str, part: Part = Part.ALLEGED, kind: PersonKind = PersonKind.UNKNOWN) -> Incident:
    """An incident about a pupil in which somebody's name was typed by hand. Inside `cast.here()`."""
    incident = record(cast, ((Part.TARGET, "isla"),))
    given, _, family = name.partition(" ")
    with writing():
        named = Named(part, given_name=given, family_name=family, kind=kind)
        recording.involve(incident, named, by=cast.viewer("dsl"), at=clock.now())
    return incident


def typed(incident: Incident) -> Involvement:
    return next(row for row in queries.involvements(incident.id) if following.typed_entry(row))


def say(cast: Cast, incident: Incident, who: str) -> None:
    with writing():
        following.say_who(
            incident, typed(incident), cast.persons[who], "she said so", by=cast.accounts["dsl"], at=clock.now()
        )


def take_back(cast: Cast, incident: Incident) -> None:
    with writing():
        following.say_somebody_else(
            incident, typed(incident), "a namesake", by=cast.accounts["case_manager"], at=clock.now()
        )


def picture(cast: Cast, incident: Incident) -> dict[str, object]:
    """All that access and the record's page are made from."""
    db.session.expire_all()
    rows = queries.shown_people(incident.id)
    conflicts = select(Conflict.person_id, Conflict.why).where(
        Conflict.matter_id == incident.id, Conflict.ends.is_(None)
    )
    seen = {who: standing(cast.viewer(who), incident.id) for who in SEERS}
    return {
        "people": [(each.name, each.as_was, each.part, each.involvement.person_kind) for each in rows],
        "conflicts": set(db.session.execute(conflicts).tuples()),
        "sphere": incident.sphere,
        "years": set(db.session.scalars(select(MatterYear.year_group).where(MatterYear.matter_id == incident.id))),
        "seen": {who: sorted(found.bases) if found else [] for who, found in seen.items()},
    }


@pytest.mark.parametrize("who", ["head", "dsl", "teacher", "jay", "mother"])
def test_taking_it_back_brings_back_exactly_what_was(cast, who):
    with cast.here():
        incident = with_typed(cast, "Somebody Unheard")
        before = picture(cast, incident)
        say(cast, incident, who)
        assert picture(cast, incident) != before
        take_back(cast, incident)
        assert picture(cast, incident) == before


def test_a_typed_name_that_is_the_head_hides_it_from_the_head_at_once(cast):
    with cast.here():
        incident = with_typed(cast, "Mrs Unheard")
        assert standing(cast.viewer("head"), incident.id)
        say(cast, incident, "head")
        db.session.expire_all()
        assert standing(cast.viewer("head"), incident.id) is None
        assert incident.sphere == Sphere.HEAD
        assert standing(cast.viewer("case_manager"), incident.id)
    assert cast.client("head").get(f"/incidents/{incident.id}").status_code == 404


def test_a_typed_name_that_is_a_pupil_brings_their_year_and_what_they_were(cast):
    with cast.here():
        incident = with_typed(cast, "Jay Unheard", Part.WITNESS)
        say(cast, incident, "jay")
        shown = next(each for each in queries.shown_people(incident.id) if each.part is Part.WITNESS)
        assert (shown.name, shown.as_was) == ("Jay Brook (written as “Jay Unheard”)", "Year 6")
        assert db.session.get_one(Person, (cast.school_id, typed(incident).person_id)).name == "Jay Unheard"


def test_it_is_found_by_either_name(cast):
    with cast.here():
        incident = with_typed(cast, "Jojo Unheard", Part.WITNESS)
        say(cast, incident, "jay")
        for name in ("unheard", "jay brook"):
            assert [each.id for each in seen_in_full(cast.viewer("dsl"), name)[0]] == [incident.id]


def test_the_family_of_who_it_proves_to_be_can_no_longer_decide(cast):
    with cast.here(), writing():
        jay = db.session.get_one(Person, (cast.school_id, cast.persons["jay"]))
        deputy = db.session.get_one(Person, (cast.school_id, cast.persons["deputy_dsl"]))
        people.relate(deputy, jay, "father", SEPTEMBER, by=None, at=clock.now())
    with cast.here():
        incident = with_typed(cast, "Jojo Unheard")
        assert standing(cast.viewer("deputy_dsl"), incident.id)
        say(cast, incident, "jay")
        db.session.expire_all()
        assert standing(cast.viewer("deputy_dsl"), incident.id) is None


def test_two_entries_of_the_list_are_one_in_every_incident_and_the_office_sees_none_of_it(cast):
    with cast.here():
        with writing():
            twin = people.add_person("Joanna", "Pettifer-Hall", by=None, at=clock.now())
            people.employ(twin, Employed.VOLUNTEER, "reader", SEPTEMBER, by=None, at=clock.now())
        incident = record(cast, ((Part.TARGET, "isla"),))
        with writing():
            recording.involve(incident, Named(Part.ALLEGED, person_id=twin.id), by=cast.viewer("dsl"), at=clock.now())
        assert standing(cast.viewer("head"), incident.id)
        head = db.session.get_one(Person, (cast.school_id, cast.persons["head"]))
        with writing():
            merging.merge(db.session.get_one(Person, (cast.school_id, twin.id)), head, "", by=None, at=clock.now())
        db.session.expire_all()
        assert (standing(cast.viewer("head"), incident.id), incident.sphere) == (None, Sphere.HEAD)
        with writing():
            merging.take_apart(db.session.get_one(Person, (cast.school_id, twin.id)), "", by=None, at=clock.now())
        db.session.expire_all()
        assert standing(cast.viewer("head"), incident.id)


def test_a_typed_name_stays_unknown_to_the_list_of_people(cast):
    with cast.here():
        incident = with_typed(cast, "Somebody Unheard")
        entry = typed(incident).person_id
        say(cast, incident, "jay")
        assert merging.merged_with(cast.persons["jay"]) == []
    office = cast.client("administrator")
    assert "Unheard" not in office.get(f"/people/{cast.persons['jay']}").text
    assert office.get(f"/people/{entry}").status_code == 404
    assert "Unheard" not in office.get("/people?q=unheard").text.replace('value="unheard"', "")


def test_a_reason_is_needed_and_the_second_of_two_is_told(cast):
    with cast.here():
        incident = with_typed(cast, "Somebody Unheard")
        with pytest.raises(Refused), writing():
            following.say_who(
                incident, typed(incident), cast.persons["jay"], " ", by=cast.accounts["dsl"], at=clock.now()
            )
        say(cast, incident, "jay")
        with pytest.raises(NotPossibleNow):
            say(cast, incident, "zara")
        assert db.session.scalar(select(func.count()).select_from(SamePerson).where(SamePerson.reason != "")) == 1


def test_it_is_said_and_taken_back_on_the_records_page(cast):
    with cast.here():
        incident = with_typed(cast, "Somebody Unheard")
        involvement = typed(incident).id
    dsl, page = cast.client("dsl"), f"/incidents/{incident.id}/people/{involvement}"
    assert "They are on the list of people" in dsl.get(page).text
    assert "Jay Brook" in dsl.post(f"{page}/who", data={"q": "jay", "then": "find"}).text
    answer = dsl.post(f"{page}/who", data={"reason": "He said so.", "then": f"add:{cast.persons['jay']}"})
    assert answer.status_code == 302
    assert "Jay Brook (written as “Somebody Unheard”)" in dsl.get(f"/incidents/{incident.id}").text
    with cast.here():
        involvement = typed(incident).id
    page = f"/incidents/{incident.id}/people/{involvement}"
    assert "He said so." in dsl.get(f"{page}/somebody-else").text
    assert dsl.get(f"{page}/who").status_code == 404
    assert dsl.post(f"{page}/somebody-else", data={"reason": "A namesake."}).status_code == 302
    assert "written as" not in dsl.get(f"/incidents/{incident.id}").text
