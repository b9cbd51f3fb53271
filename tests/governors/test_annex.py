"""The annex: whoever manages cases about the head writes it, the chair reads it, and for everybody else there is none."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from incidents.access import Role, Sphere
from incidents.accounts import membership
from incidents.accounts.models import Account, Membership
from incidents.audit.models import AuditEntry
from incidents.casework.models import Case
from incidents.database import writing
from incidents.extensions import db
from incidents.governors.models import ReportAnnex
from incidents.matters.models import Conflict
from incidents.people import actions as people
from incidents.people.merging import merge
from incidents.people.models import Person
from incidents.schools.models import Term
from tests.cast import Cast
from tests.governors.term import AUTUMN, add_case, add_incident

OCTOBER = datetime(2026, 10, 6, 9, 30, tzinfo=UTC)
LONG_AGO = datetime(2025, 2, 3, 9, 30, tzinfo=UTC)
WORDS = "One matter was looked into and settled."
NOBODY = ("head", "dsl", "deputy_head", "governor", "clerk", "administrator", "teacher", "dpo", "trust_lead")


@pytest.fixture
def apart(cast: Cast) -> Cast:
    """The manager of such cases is no longer the chair too: the vice-chair is."""
    with cast.here(), writing(audited=False):
        for held in db.session.scalars(select(Membership).where(Membership.role.in_(("chair", "vice_chair")))):
            held.role = "governor" if held.role == "chair" else "chair"
    return cast


def address_of(cast: Cast, who: str) -> str:
    """Where they write the annex of the autumn term."""
    with cast.here():
        term = db.session.scalars(select(Term).where(Term.name == AUTUMN)).one()
        return f"/annexes/{term.id}/write"


def published(cast: Cast, who: str = "case_manager") -> str:
    client = cast.client(who)
    kept = client.post(address_of(cast, who), data={"words": WORDS}).location
    assert client.post(f"{kept}/publish").status_code == 302
    return re.sub(r"^https?://[^/]+", "", kept)


def alleged(cast: Cast, *persons: str, sphere: Sphere = Sphere.HEAD) -> None:
    """Something about these, in a matter that is left to the annex."""
    with cast.here(), writing(audited=False):
        new = add_incident(cast, OCTOBER, "staff_conduct", sphere=sphere)
        for person in persons:
            db.session.add(
                Conflict(school_id=cast.school_id, matter_id=new, person_id=cast.persons[person], why="alleged",
                         source="involvement", starts=OCTOBER)
            )  # fmt: skip


def test_the_manager_writes_and_publishes_and_the_chair_reads(apart: Cast) -> None:
    address = published(apart)
    chair = apart.client("vice_chair")
    assert address in chair.get("/annexes").text
    assert WORDS in chair.get(address).text
    assert "Leonard Abara" in chair.get(address).text


def test_a_draft_is_its_writers_alone(apart: Cast) -> None:
    kept = apart.client("case_manager").post(address_of(apart, "case_manager"), data={"words": WORDS}).location
    assert apart.client("vice_chair").get(kept).status_code == 404
    assert WORDS in apart.client("case_manager").get(address_of(apart, "case_manager")).text


@pytest.mark.parametrize("who", NOBODY)
def test_for_everybody_else_there_is_none_whether_or_not_there_is_one(apart: Cast, who: str) -> None:
    client = apart.client(who)
    paths = (
        "/annexes",
        "/reports",
        address_of(apart, who),
        "/annexes/00000000-0000-4000-8000-000000000000",
    )
    before = [(answer.status_code, answer.data) for answer in map(client.get, paths)]
    address = published(apart)
    assert [(answer.status_code, answer.data) for answer in map(client.get, paths)] == before
    assert client.get(address).status_code == client.post(f"{address}/publish").status_code == 403


def test_the_page_is_the_same_for_the_manager_whether_or_not_there_is_anything_to_write_about(cast: Cast) -> None:
    before = main_of(cast)
    alleged(cast, "head")
    assert main_of(cast) == before


def main_of(cast: Cast) -> str:
    """The page without the tabs: the number of what waits for the manager is another matter."""
    return cast.client("case_manager").get("/annexes").text.partition("<main")[2]


def test_what_is_about_the_chair_is_the_vice_chairs_to_read_and_the_chair_sees_no_difference(cast: Cast) -> None:
    with cast.here(), writing(audited=False):
        manager = db.session.get_one(Account, cast.accounts["external"])
        membership.propose_role(manager, Role.CASE_MANAGER, by=None, at=OCTOBER, starts=OCTOBER)
        for held in db.session.scalars(select(Membership).where(Membership.role == "case_manager")):
            held.role = "case_manager" if held.account_id == manager.id else "staff"
    before = cast.client("case_manager").get("/annexes").data
    alleged(cast, "case_manager")  # who is the chair here
    address = published(cast, "external")
    assert cast.client("case_manager").get("/annexes").data == before
    assert cast.client("case_manager").get(address).status_code == 404
    assert WORDS in cast.client("vice_chair").get(address).text


def test_where_the_manager_is_in_it_the_next_in_the_chain_can_write(cast: Cast) -> None:
    assert cast.client("vice_chair").get(address_of(cast, "vice_chair")).status_code == 404
    alleged(cast, "case_manager")
    assert cast.client("vice_chair").get(address_of(cast, "vice_chair")).status_code == 200


def test_a_published_annex_stays_as_it_is_and_its_hash_and_its_readers_are_in_the_log(apart: Cast) -> None:
    address = published(apart)
    apart.client("vice_chair").get(address)
    assert apart.client("vice_chair").post(f"{address}/publish").status_code == 409
    with apart.here():
        [annex] = db.session.scalars(select(ReportAnnex)).all()
        entries = {
            entry.verb: entry for entry in db.session.scalars(select(AuditEntry)) if entry.kind == "report_annex"
        }
        assert entries["published annex"].detail["sha256"] == annex.sha256
        assert entries["opened"].actor_id == apart.accounts["vice_chair"]


def test_a_name_is_refused_and_so_are_no_words(cast: Cast) -> None:
    client, address = cast.client("case_manager"), address_of(cast, "case_manager")
    assert "Take out “Joanna Pettifer”" in client.post(address, data={"words": "We met Joanna Pettifer."}).text
    assert client.post(address, data={"words": " "}).status_code == 422


@pytest.mark.parametrize(("closed", "reads"), [(None, False), (datetime(2026, 9, 10, 9, 0, tzinfo=UTC), False),
                                               (datetime(2025, 3, 3, 9, 0, tzinfo=UTC), True)])  # fmt: skip
def test_an_old_case_that_still_ran_in_the_term_is_kept_from_whom_it_is_about(apart: Cast, closed, reads) -> None:
    with apart.here(), writing(audited=False):
        add_case(apart, LONG_AGO, closed_at=closed, sphere=Sphere.HEAD)
        [case] = db.session.scalars(select(Case))
        db.session.add(
            Conflict(school_id=apart.school_id, matter_id=case.id, person_id=apart.persons["vice_chair"], why="alleged",
                     source="involvement", starts=LONG_AGO)
        )  # fmt: skip
    address = published(apart)
    assert apart.client("vice_chair").get(address).status_code == (200 if reads else 404)


def test_what_is_alleged_of_a_second_entry_of_the_chair_is_not_the_chairs_to_read(apart: Cast) -> None:
    """A governor who is a parent too, and stands twice on the list until somebody says so."""
    with apart.here(), writing():
        entry = people.add_person("Maud", "Ellery-Wyn", by=None, at=OCTOBER)
        chair = db.session.get_one(Person, (apart.school_id, apart.persons["vice_chair"]))
        merge(entry, chair, "same address", by=None, at=OCTOBER)
        apart.persons["parent"] = entry.id
    alleged(apart, "parent", sphere=Sphere.ADULT)
    assert apart.client("vice_chair").get(published(apart)).status_code == 404
