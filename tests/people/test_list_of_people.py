"""The list of people: found, added, dated facts added and ended; and nothing of an incident in it."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select

from incidents import clock as now
from incidents.audit.models import AuditEntry
from incidents.database import of_school, writing
from incidents.extensions import db
from incidents.people import actions, queries
from incidents.people.kinds import PersonKind
from incidents.people.models import Enrolment, Kinship, Person
from tests.cast import SEPTEMBER, Cast, make_cast

TODAY = date(2026, 11, 23)
DAY = ["23", "11", "2026"]
PUPIL = {"given_name": "Nadia", "family_name": "Sorrell", "kind": "pupil", "year_group": "year 6", "form_group": "6R",
         "starts": DAY}  # fmt: skip
TEACHER = {"given_name": "Owen", "family_name": "Larch", "title": "Mr", "kind": "employee", "job": "Year 1 teacher",
           "starts": DAY}  # fmt: skip


@pytest.fixture
def office(cast):
    return cast.client("administrator")


def contact(cast: Cast, **changes):
    return {"given_name": "Lena", "family_name": "Brook", "kind": "contact", "q": "jay", "other": str(cast.persons["jay"]),
            "relation": "mother", "starts": DAY, **changes}  # fmt: skip


def named(cast: Cast, family_name: str) -> uuid.UUID:
    with cast.here():
        return db.session.scalars(select(Person.id).where(Person.family_name == family_name)).one()


def count(cast: Cast, kind) -> int:
    with cast.here():
        return db.session.scalar(select(func.count()).select_from(kind).where(kind.school_id == cast.school_id))


def status(cast: Cast, person_id: uuid.UUID):
    with cast.here():
        return queries.status_of(person_id, TODAY)


def names_on(page: str) -> list[str]:
    return re.findall(r'<strong><a class="govuk-link" href="/people/[^"]+">([^<]+)</a>', page)


def test_somebody_is_found_by_two_letters_and_not_by_one(office):
    assert names_on(office.get("/people?q=fe").text) == ["Carys Fenwick", "Isla Fenwick"]
    assert "Type at least two letters" in office.get("/people?q=f").text
    assert "Nobody on the list has that name" in office.get("/people?q=zzz").text


def test_the_list_comes_in_pages_of_25_and_leaves_nobody_out(cast, office):
    with cast.here(), writing():
        for n in range(30):
            pupil = actions.add_person(f"Pupil{n % 3}", "Same", by=None, at=now.now())
            actions.enrol(pupil, "Year 2", "", SEPTEMBER, by=None, at=now.now())
    pages, address = [], "/people"
    while address:
        page = office.get(address).text
        pages.append(re.findall(r'<strong><a class="govuk-link" href="/people/([^"]+)">', page))
        following = re.search(r'href="(/people\?after=[^"]+)" rel="next"', page)
        address = following[1] if following else ""
    assert [len(page) for page in pages[:-1]] == [25] * (len(pages) - 1)
    seen = [each for page in pages for each in page]
    assert len(seen) == len(set(seen)) == count(cast, Person)


def test_who_was_only_named_in_an_incident_is_not_on_the_list(cast, office):
    with cast.here(), writing():
        stranger = actions.add_person("Vincent", "Quill", by=cast.accounts["teacher"], at=now.now()).id
    assert "Quill" not in office.get("/people?q=quill").text + office.get("/people").text
    unknown = office.get(f"/people/{uuid.uuid4()}")
    assert (office.get(f"/people/{stranger}").status_code, office.get(f"/people/{stranger}").data) == (
        404,
        unknown.data,
    )
    assert "already" not in office.post("/people/new", data={"given_name": "Vincent", "family_name": "Quill"}).text


def test_a_pupil_is_added_in_the_year_group_as_the_school_writes_it(cast, office):
    assert office.post("/people/new", data=PUPIL).status_code == 302
    was = status(cast, named(cast, "Sorrell"))
    assert (was.kind, was.year_group, was.form) == (PersonKind.PUPIL, "Year 6", "6R")


def test_a_member_of_staff_is_added_and_the_log_says_by_whom(cast, office):
    office.post("/people/new", data=TEACHER)
    assert status(cast, named(cast, "Larch")).as_was == "Year 1 teacher"
    with cast.here():
        acts = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(2)).all()
        assert [(act.verb, act.kind, act.actor_id) for act in acts] == [
            ("added", "employment", cast.accounts["administrator"]), ("added", "person", cast.accounts["administrator"]),
        ]  # fmt: skip


def test_a_contact_of_a_pupil_is_added_with_what_they_may_be_told(cast, office):
    found = office.post("/people/new", data=contact(cast, other="", then="find"))
    assert found.status_code == 200
    assert f'value="{cast.persons["jay"]}"' in found.text
    kept = contact(cast, parental_responsibility="y", do_not_tell="y", note="There is a court order.")
    assert office.post("/people/new", data=kept).status_code == 302
    with cast.here():
        [told] = queries.contacts_of(cast.persons["jay"], TODAY)
        assert (told.relation, told.parental_responsibility, told.do_not_tell) == ("mother", True, True)
    page = office.get(f"/people/{cast.persons['jay']}").text
    assert "Do not tell them about incidents" in page
    assert "There is a court order." in page


def test_a_grown_up_is_not_offered_as_the_pupil(cast, office):
    found = office.post("/people/new", data=contact(cast, q="pettifer", other="", then="find"))
    assert "No pupil on the list has that name" in found.text
    chosen = contact(cast, q="pettifer", other=str(cast.persons["head"]))
    assert office.post("/people/new", data=chosen).status_code == 422


@pytest.mark.parametrize(("changes", "says"), [
    ({"given_name": "", "family_name": ""}, "Type at least one name"),
    ({"kind": ""}, "Say what they are to the school"),
    ({"kind": "king"}, "Say what they are to the school"),
    ({"year_group": ""}, "Type the year group"),
    ({"kind": "volunteer"}, "Type their job"),
    ({"kind": "contact"}, "Find the person and choose them"),
    ({"starts": ["31", "02", "2026"]}, "There is no 31 February in 2026"),
    ({"starts": ["1", "9", "20226"]}, "The year must have four numbers"),
    ({"starts": ["", "", ""]}, "Type the first day"),
    ({"date_of_birth": ["1", "1", "2027"]}, "That day has not come yet"),
    ({"family_name": "x" * 81}, "This is too long"),
])  # fmt: skip
def test_a_person_who_cannot_be_comes_back_with_what_was_typed(cast, office, changes, says):
    before, typed = count(cast, Person), {**PUPIL, **changes}
    answer = office.post("/people/new", data=typed)
    assert (answer.status_code, count(cast, Person)) == (422, before)
    assert answer.text.count(says) == 2  # over the form and by the field
    assert all(f'value="{part}"' in answer.text for part in (typed["form_group"], *typed["starts"]) if part)


def test_somebody_of_the_same_name_is_asked_about_first_and_stays_one_person(cast, office):
    same = {**TEACHER, "given_name": "carys", "family_name": "FENWICK", "job": "Lunchtime helper", "kind": "volunteer"}
    assert "already" in office.post("/people/new", data=same).text
    before = count(cast, Person)
    assert office.post("/people/new", data={**same, "known": str(cast.persons["mother"])}).status_code == 302
    assert count(cast, Person) == before
    assert status(cast, cast.persons["mother"]).as_was == "Lunchtime helper"
    assert office.post("/people/new", data={**same, "known": "somebody else"}).status_code == 302
    assert count(cast, Person) == before + 1


def test_a_button_pressed_many_times_at_once_adds_one_person(cast):
    browsers = [cast.client("administrator") for _ in range(6)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(lambda browser: browser.post("/people/new", data=PUPIL).status_code, browsers))
    assert sorted(answers) == [302] + [422] * 5
    assert status(cast, named(cast, "Sorrell")).year_group == "Year 6"


def test_a_new_year_group_ends_the_one_before(cast, office):
    isla = cast.persons["isla"]
    assert office.post(f"/people/{isla}/enrol", data={"year_group": "Year 7", "starts": DAY}).status_code == 302
    with cast.here():
        newer, older = queries.enrolments_of(isla)
        assert (newer.year_group, older.ends) == ("Year 7", date(2026, 11, 22))


def test_two_year_groups_on_one_day_are_refused(cast, office):
    answer = office.post(
        f"/people/{cast.persons['isla']}/enrol", data={"year_group": "Year 7", "starts": ["1", "9", "2026"]}
    )
    assert answer.status_code == 422
    assert "They are a pupil here on that day already" in answer.text


def test_a_job_is_added_once(cast, office):
    job = {"kind": "governor", "job": "parent governor", "starts": DAY}
    where = f"/people/{cast.persons['mother']}/employ"
    assert [office.post(where, data=job).status_code for _ in range(2)] == [302, 422]
    assert status(cast, cast.persons["mother"]).kind is PersonKind.GOVERNOR


def test_a_contact_who_is_on_the_list_is_related_once(cast, office):
    kin = {"q": "fenwick", "other": str(cast.persons["mother"]), "relation": "aunt", "starts": DAY}
    where = f"/people/{cast.persons['mason']}/contacts/new"
    assert office.post(where, data={**kin, "then": "find", "other": ""}).status_code == 200
    assert [office.post(where, data=kin).status_code for _ in range(2)] == [302, 422]
    assert "Aunt of" in office.get(f"/people/{cast.persons['mother']}").text


def test_nobody_is_their_own_contact(cast, office):
    mason = cast.persons["mason"]
    before = count(cast, Kinship)
    answer = office.post(f"/people/{mason}/contacts/new",
                         data={"q": "tully", "other": str(mason), "relation": "self", "starts": DAY})  # fmt: skip
    assert (answer.status_code, count(cast, Kinship)) == (422, before)


def enrolment_of(cast: Cast, who: str) -> uuid.UUID:
    with cast.here():
        return queries.enrolments_of(cast.persons[who])[0].id


def test_what_ended_stays_on_the_page_with_its_days(cast, office):
    where = f"/people/{cast.persons['isla']}/enrolment/{enrolment_of(cast, 'isla')}/end"
    assert office.post(where, data={"ends": ["20", "11", "2026"]}).status_code == 302
    assert "until 20 November 2026" in office.get(f"/people/{cast.persons['isla']}").text
    assert status(cast, cast.persons["isla"]).kind is PersonKind.PUBLIC
    assert office.post(where, data={"ends": DAY}).status_code == 409


@pytest.mark.parametrize(("ends", "says"), [
    (["1", "8", "2026"], "The last day is before the first"),
    (["x", "8", "2026"], "The day must be a number"),
    (["", "", ""], "Type the last day"),
])  # fmt: skip
def test_an_end_that_cannot_be_is_refused(cast, office, ends, says):
    where = f"/people/{cast.persons['isla']}/enrolment/{enrolment_of(cast, 'isla')}/end"
    answer = office.post(where, data={"ends": ends})
    assert answer.status_code == 422
    assert says in answer.text
    with cast.here():
        assert (
            db.session.scalars(select(Enrolment).where(Enrolment.person_id == cast.persons["isla"])).one().ends is None
        )


def test_no_name_stands_in_a_title_or_headline(cast, office):
    isla = cast.persons["isla"]
    for path in ("", "/enrol", "/employ", "/contacts/new", f"/enrolment/{enrolment_of(cast, 'isla')}/end"):
        page = office.get(f"/people/{isla}{path}").text
        told = "".join(re.findall(r"<title>.*?</title>|<h1.*?</h1>", page, flags=re.DOTALL))
        assert "Isla Fenwick" in page
        assert "Fenwick" not in told


PATHS = ("/people/{}", "/people/{}/enrol", "/people/{}/employ", "/people/{}/contacts/new", "/people?after={}",
         "/people/new?of={}")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_another_schools_person_is_the_same_404_as_one_who_never_was(cast, office, path):
    other = make_cast(cast.app, "Elmsworth Primary School", "elmsworth.example")
    for method in ("GET", "POST"):
        foreign, unknown = (
            office.open(path.format(each), method=method) for each in (other.persons["isla"], uuid.uuid4())
        )
        assert foreign.status_code == unknown.status_code
        assert foreign.status_code in (404, 405)  # pages that take no form answer 405 to one, whoever it is about
        assert foreign.data == unknown.data


def test_another_schools_fact_is_the_same_404_as_one_that_never_was(cast, office):
    other = make_cast(cast.app, "Elmsworth Primary School", "elmsworth.example")
    with other.app.app_context(), of_school(other.school_id):
        theirs = queries.enrolments_of(other.persons["isla"])[0].id
    where = f"/people/{cast.persons['isla']}/enrolment/"
    foreign, unknown = (office.post(f"{where}{each}/end") for each in (theirs, uuid.uuid4()))
    assert (foreign.status_code, foreign.data) == (404, unknown.data)
    assert office.get(f"/people/{cast.persons['isla']}/prison/{theirs}/end").status_code == 404


@pytest.mark.parametrize("who", ["head", "dsl", "teacher", "governor", "dpo"])
def test_nobody_but_an_administrator_opens_the_list(cast, who):
    assert cast.client(who).get("/people").status_code == 403


def test_nobody_of_the_office_ends_what_somebody_is_to_them(cast, office):
    """Else they could open what is about their own family."""
    with cast.here(), writing():
        one, other = (
            db.session.get_one(Person, (cast.school_id, cast.persons[who])) for who in ("administrator", "head")
        )
        kin = actions.relate(one, other, "sister", SEPTEMBER, by=None, at=now.now()).id
    for who in ("administrator", "head"):
        address = f"/people/{cast.persons[who]}/kinship/{kin}/end"
        assert "about you yourself" in office.post(address, data={"ends": ["23", "11", "2026"]}).text
    other_office = cast.client("second_administrator")
    assert other_office.post(address, data={"ends": ["23", "11", "2026"]}).status_code == 302
