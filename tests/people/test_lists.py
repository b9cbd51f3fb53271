"""Bringing in a list: shown before it is written, applied whole or not at all, and found again the next time."""

import io
import re
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from incidents import clock as now
from incidents.audit.models import AuditEntry
from incidents.database import writing
from incidents.extensions import db
from incidents.people import actions, importing, queries
from incidents.people.models import BroughtList, Employment, Enrolment, Identifier, Kinship, Person
from tests.statements import statements

HEAD = "UPN,First name,Family name,DOB,Year group,Form\n"
NADIA, EWAN = "X1,Nadia,Sorrell,27/03/2016,Year 6,6R\n", "X2,Ewan,Thackeray,02/11/2018,Year 3,3T\n"
CONTACTS = "Contact ID,UPN,First name,Family name,Relation,PR,Do not tell\n"
TODAY = date(2026, 11, 23)


@pytest.fixture
def office(cast):
    return cast.client("administrator")


def upload(office, text: str | bytes, kind: str = "pupils", day: str = "2"):
    data = text if isinstance(text, bytes) else text.encode()
    answer = office.post(f"/people/lists/{kind}", data={
        "file": (io.BytesIO(data), "list.csv"), "holds_from": [day, "11", "2026"], "csrf_token": "0" * 40,
    })  # fmt: skip
    return answer.headers.get("Location", ""), answer


def press(office, where: str, **more):
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', office.get(where).text)[1]
    return office.post(where, data={"seen": seen, **more})


def bring(office, text: str, kind: str = "pupils", day: str = "2", **more):
    where, answer = upload(office, text, kind, day)
    assert where, re.findall(r"Line [^<]+", answer.text)
    return press(office, where, **more)


def count(cast, kind) -> int:
    with cast.here():
        return db.session.scalar(select(func.count()).select_from(kind).where(kind.school_id == cast.school_id))


def status(cast, family_name: str, on: date = TODAY) -> str:
    with cast.here():
        person_id = db.session.scalars(select(Person.id).where(Person.family_name == family_name)).one()
        was = queries.status_of(person_id, on)
        return f"{was.as_was} {was.form}".strip()


def test_nothing_is_written_before_the_press_and_all_of_it_by_one(cast, office):
    before = count(cast, Person)
    where, _ = upload(office, HEAD + NADIA + EWAN)
    page = office.get(where).text
    assert ("Join: 2" in page, "Nadia Sorrell" in page, count(cast, Person)) == (True, True, before)
    assert press(office, where).status_code == 302
    assert (count(cast, Person), count(cast, Identifier), count(cast, BroughtList)) == (before + 2, 2, 0)
    assert (status(cast, "Sorrell"), status(cast, "Sorrell", date(2026, 11, 1))) == (
        "Year 6 6R",
        "Someone outside the school",
    )


def test_the_same_list_again_changes_nothing(cast, office):
    bring(office, HEAD + NADIA)
    where, _ = upload(office, HEAD + NADIA)
    page = office.get(where).text
    assert "This list changes nothing" in page
    assert "Apply all of it" not in page


def test_a_change_and_a_leaver_keep_what_they_were_until_the_day_before(cast, office):
    bring(office, HEAD + NADIA + EWAN)
    bring(office, HEAD + NADIA.replace("Year 6,6R", "Year 5,5K"), day="16")
    assert [status(cast, "Sorrell", date(2026, 11, day)) for day in (15, 16)] == ["Year 6 6R", "Year 5 5K"]
    assert [status(cast, "Thackeray", date(2026, 11, day)) for day in (15, 16)] == [
        "Year 3 3T",
        "Someone outside the school",
    ]


def test_who_was_added_by_hand_never_leaves_by_a_list(cast, office):
    bring(office, HEAD + NADIA)
    bring(office, HEAD + EWAN)
    with cast.here():
        assert queries.status_of(cast.persons["isla"], TODAY).as_was == "Year 6"


def test_a_doubt_is_asked_and_the_same_keeps_the_one_person(cast, office):
    before = count(cast, Person)
    isla = HEAD + "X7,Isla,Fenwick,,Year 6,6R\n"
    where, _ = upload(office, isla)
    assert "say whether they are the same person" in press(office, where).text
    assert press(office, where, **{"line-2": str(cast.persons["isla"])}).status_code == 302
    assert count(cast, Person) == before
    where, _ = upload(office, isla)
    assert "This list changes nothing" in office.get(where).text


def test_a_name_that_was_only_typed_in_an_incident_is_no_match(cast, office):
    with cast.here(), writing():
        actions.add_person("Nadia", "Sorrell", by=None, at=now.now())
    where, _ = upload(office, HEAD + NADIA)
    assert "Is it the same person?" not in office.get(where).text


def test_contacts_come_with_what_they_may_be_told(cast, office):
    bring(office, HEAD + NADIA)
    bring(office, CONTACTS + "C1,X1,Ilse,Sorrell,Mother,yes,no\nC2,X1,Dane,Sorrell,Father,yes,yes\n", "contacts")
    with cast.here():
        nadia = db.session.scalars(select(Person.id).where(Person.given_name == "Nadia")).one()
        told = [
            (each.name, each.parental_responsibility, each.do_not_tell) for each in queries.contacts_of(nadia, TODAY)
        ]
    assert told == [("Dane Sorrell", True, True), ("Ilse Sorrell", True, False)]


def test_a_contact_who_works_here_is_asked_about_and_stays_one_person(cast, office):
    bring(office, HEAD + NADIA)
    line = CONTACTS + "C1,X1,Priya,Raman,Mother,yes,no\n"
    bring(office, line, "contacts", **{"line-2": str(cast.persons["teacher"])})
    with cast.here():
        assert db.session.scalar(select(Kinship.person_id).where(Kinship.person_id == cast.persons["teacher"]))


def test_staff_come_with_their_jobs(cast, office):
    bring(
        office, "Staff code,Title,First name,Family name,Job,Kind\nOLA,Mr,Owen,Larch,Year 1 teacher,supply\n", "staff"
    )
    with cast.here():
        assert db.session.scalars(select(Employment.job).where(Employment.kind == "agency")).all() == ["Year 1 teacher"]


def test_if_somebody_changed_the_people_meanwhile_it_is_shown_again(cast, office):
    bring(office, HEAD + NADIA)
    where, _ = upload(office, HEAD + EWAN, day="9")
    old = re.search(r'name="seen"[^>]*value="([^"]+)"', office.get(where).text)[1]
    with cast.here(), writing():
        (fact,) = db.session.scalars(
            select(Enrolment).join(Person, Person.id == Enrolment.person_id).where(Person.given_name == "Nadia")
        )
        actions.end(fact, date(2026, 11, 6), by=None, at=now.now())
    before = count(cast, Person)
    answer = office.post(where, data={"seen": old})
    assert (answer.status_code, count(cast, Person)) == (422, before)
    assert "Somebody changed the list of people meanwhile" in answer.text
    assert press(office, where).status_code == 302


def test_a_press_that_breaks_half_way_leaves_nothing(cast, office, monkeypatch):
    where, _ = upload(office, HEAD + NADIA + EWAN)
    before, turns = count(cast, Person), iter([1])
    monkeypatch.setattr(importing._Applied, "_record", lambda *_: next(turns))
    with pytest.raises((StopIteration, RuntimeError)):
        press(office, where)
    assert (count(cast, Person), count(cast, Identifier), count(cast, BroughtList)) == (before, 0, 1)


@pytest.mark.parametrize(
    "text", ["", HEAD, HEAD + "X1,Nadia,Sorrell,31/02/2016,Year 6,\n", b"PK\x03\x04", b"x" * (11 << 20)]
)
def test_a_broken_file_is_refused_in_words_and_nothing_is_kept(cast, office, text):
    _, answer = upload(office, text)
    assert answer.status_code == 422
    assert "Nothing of this file was kept" in answer.text
    assert count(cast, BroughtList) == 0


def test_a_list_is_thrown_away_or_forgotten_after_a_day(cast, office, clock):
    where, _ = upload(office, HEAD + NADIA)
    assert office.post(f"{where}/throw-away").status_code == 302
    where, _ = upload(office, HEAD + NADIA)
    clock.shift(timedelta(days=1, minutes=1))
    office = cast.client("administrator")
    assert office.get(where).status_code == 404
    with cast.here(), writing(audited=False):
        assert importing.forget_lists(now.now()) == 1


def test_each_change_is_in_the_log_without_a_name(cast, office):
    bring(office, HEAD + NADIA)
    with cast.here():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(3)).all()
    assert [each.verb for each in entries] == ["applied a list", "brought in", "read a list"]
    assert "Sorrell" not in str([each.detail for each in entries])


def test_a_long_list_is_held_against_the_people_in_as_many_statements_as_a_short_one(cast, office):
    told = []
    for lines in (2, 300):
        where, _ = upload(office, HEAD + "".join(f"X{n},Anna,Name{n},,Year 5,5R\n" for n in range(lines)))
        with statements(cast.app) as asked, cast.here():
            brought = importing.brought_list(uuid.UUID(where.rpartition("/")[2]), now.now())
            assert len(importing.preview(brought).changes) == lines
        told.append(len(asked))
    assert told[0] == told[1]


def test_a_sample_can_be_downloaded_and_only_the_office_may(cast, office):
    sample = office.get("/people/lists/contacts/sample.csv")
    assert sample.text.startswith("\ufeffContact ID,Pupil UPN")
    assert cast.client("head").get("/people/lists/pupils").status_code == 403
    assert office.get("/people/lists/pets").status_code == 404


def test_whose_family_they_are_is_not_ended_by_a_list_of_their_own(cast, office):
    bring(office, HEAD + NADIA)
    administrator = cast.persons["administrator"]
    line = CONTACTS + "C1,X1,Ilse,Sorrell,Mother,yes,no\n"
    with cast.here(), writing():
        nadia = db.session.scalars(select(Person).where(Person.given_name == "Nadia")).one()
        own = db.session.get_one(Person, (cast.school_id, administrator))
        actions.relate(own, nadia, "aunt", date(2026, 9, 1), by=None, at=now.now(), parental_responsibility=True)
        db.session.add(
            Identifier(school_id=cast.school_id, person_id=own.id, scheme="contact", value="C9", added_at=now.now())
        )
    answer = bring(office, line, "contacts")
    assert answer.status_code == 422
    assert "whose family you are" in answer.text
    with cast.here():
        assert db.session.scalars(select(Kinship.ends).where(Kinship.person_id == administrator)).all() == [None]
        brought = db.session.scalars(select(BroughtList)).one()
        with writing():
            settled = importing.preview(brought)
            importing.apply(brought, {}, settled.digest, by=cast.accounts["head"], at=now.now())
        assert db.session.scalars(select(Kinship.ends).where(Kinship.person_id == administrator)).one() is not None
