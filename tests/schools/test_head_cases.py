"""Who manages a case about the head follows the school's type, and nobody who leads the school is among them."""

import pytest

from incidents import clock
from incidents.access import Role, Sphere
from incidents.accounts.membership import propose_role
from incidents.accounts.models import Account
from incidents.accounts.queries import seats
from incidents.database import writing
from incidents.errors import Refused
from incidents.extensions import db
from incidents.matters.visibility import chain_of, deciders, standing
from incidents.recording.words import Part
from incidents.schools.jurisdiction import Nation, SchoolType, load, school_types
from incidents.schools.law_changes import edit_value
from tests.cast import make_cast
from tests.triage.recorded import record

ABOUT_HEAD = ((Part.TARGET, "isla"), (Part.ALLEGED, "head"))
ALL = [(nation, kind) for nation in Nation for kind in school_types(nation)]


@pytest.mark.parametrize(("nation", "kind"), ALL)
def test_no_pack_sends_a_case_about_the_head_to_an_office_that_the_school_has_not(nation, kind):
    pack = load(nation, kind)
    for roles in pack.head_cases.choices.values():
        assert roles[0] is Role.CASE_MANAGER
        assert not set(roles) & pack.offices_missing
    assert pack.head_cases.may


SCHOOLS = [
    (Nation.ENGLAND, SchoolType.MAINTAINED, {"case_manager"}, True),
    (Nation.ENGLAND, SchoolType.ACADEMY, {"case_manager"}, False),
    (Nation.SCOTLAND, SchoolType.MAINTAINED, {"case_manager"}, False),
]


@pytest.mark.parametrize(("nation", "kind", "first", "board_comes_next"), SCHOOLS)
def test_it_goes_to_its_manager_and_to_the_board_only_where_the_type_has_that(
    app, nation, kind, first, board_comes_next
):
    cast = make_cast(app, nation=nation, school_type=kind)
    with cast.here():
        incident = record(cast, ABOUT_HEAD)
        assert incident.sphere == Sphere.HEAD
        names = {name for name, account in cast.accounts.items() if account in deciders(incident, seats(clock.now()))}
        assert names == first
        assert (Role.VICE_CHAIR in chain_of(Sphere.HEAD)) is board_comes_next
        assert standing(cast.viewer("vice_chair"), incident.id) is None


def test_where_the_school_chose_the_vice_chair_the_chair_comes_after(cast):
    with cast.here(), writing():
        edit_value("head_cases.manager.who", "vice-chair of governors", "The chair is new.",
                   by=cast.accounts["administrator"], at=clock.now())  # fmt: skip
    with cast.here():
        assert chain_of(Sphere.HEAD) == (Role.CASE_MANAGER, Role.VICE_CHAIR, Role.CHAIR)


@pytest.mark.parametrize(("who", "role"), [("head", Role.CASE_MANAGER), ("deputy_head", Role.CASE_MANAGER),
                                           ("case_manager", Role.HEADTEACHER)])  # fmt: skip
def test_nobody_both_leads_the_school_and_manages_cases_about_the_head(cast, who, role):
    with cast.here(), writing(audited=False), pytest.raises(Refused, match="Choose somebody else"):
        account = db.session.get_one(Account, cast.accounts[who])
        propose_role(account, role, by=cast.viewer("administrator"), at=clock.now())


def test_a_school_without_a_governing_body_has_no_governors_to_appoint(app):
    cast = make_cast(app, nation=Nation.SCOTLAND)
    page = cast.client("administrator").get(f"/accounts/{cast.accounts['teacher']}/role").text
    assert "Clerk" not in page
    assert "Manager of cases about the headteacher: head of education at the council" in page
    with cast.here(), writing(audited=False), pytest.raises(Refused, match="no such office"):
        account = db.session.get_one(Account, cast.accounts["teacher"])
        propose_role(account, Role.GOVERNOR, by=cast.viewer("administrator"), at=clock.now())
