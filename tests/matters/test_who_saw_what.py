"""Who saw what, by reference: acts and names of staff, no narrative; the same answer for all that is not there."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incidents import clock as time
from incidents.audit.actions import record
from incidents.audit.models import AuditEntry
from incidents.database import writing
from incidents.extensions import db
from incidents.matters.models import Matter, Why
from tests.cast import Cast, make_cast
from tests.matters.test_visibility import conflict, make_matter


def named(cast: Cast, reference: str, year: int = 2026) -> Matter:
    """A bare incident with a reference of our choice."""
    matter_id = make_matter(cast)
    with cast.here(), writing(audited=False):
        matter = db.session.get_one(Matter, (cast.school_id, matter_id))
        matter.reference, matter.reference_year = reference, year
    return matter


def looked(cast: Cast, matter: Matter, who: str, times: int = 1) -> None:
    with cast.here(), writing():
        again = db.session.get_one(Matter, (matter.school_id, matter.id))
        for _ in range(times):
            record("looked", again, by=cast.accounts[who], at=time.now(), matter=again.id)


@pytest.fixture
def matter(cast: Cast) -> Matter:
    return named(cast, "7K4M")


def ask(cast: Cast, reference: str, who: str = "dpo", **more: object):
    return cast.client(who).get("/who-saw-what", query_string={"reference": reference, **more})


def times_asked(cast: Cast) -> int:
    with cast.here():
        return db.session.scalar(
            select(func.count()).select_from(AuditEntry).where(AuditEntry.verb == "asked who saw")
        ) or 0  # fmt: skip


@pytest.mark.parametrize("typed", ["7K4M", "7k4m", " 7K-4M "])
def test_who_looked_and_when_is_shown_for_a_reference_as_people_type_it(cast: Cast, matter: Matter, typed: str):
    looked(cast, matter, "dsl")
    page = ask(cast, typed).text
    assert re.search(r"23 November 2026, 08:10</th><td[^>]*>Farida Qureshi</td><td[^>]*>Looked: the incident<", page)


def test_asking_is_itself_written_down_and_shown(cast: Cast, matter: Matter):
    ask(cast, "7K4M")
    assert "Asked who saw: the incident" in ask(cast, "7K4M").text
    assert times_asked(cast) == 2
    ask(cast, "QQQQ")
    assert times_asked(cast) == 3


def test_the_page_names_no_pupil_and_tells_no_story(cast: Cast, matter: Matter):
    conflict(cast, matter.id, "mason", Why.ALLEGED)
    page = ask(cast, "7K4M").text
    assert not [name for name in ("Mason", "Tully", "Isla", "Fenwick") if name in page]


def test_unknown_foreign_and_own_references_give_the_same_answer(cast: Cast, matter: Matter):
    foreign = named(make_cast(cast.app, "Elmsworth Primary School", "elmsworth.example"), "4XTT")
    conflict(cast, matter.id, "dpo", Why.ALLEGED)
    answers = [ask(cast, reference) for reference in ("2222", foreign.reference, matter.reference)]
    assert {answer.status_code for answer in answers} == {422}
    typed = [f'value="{reference}"' for reference in ("2222", "4XTT", "7K4M")]
    assert all(value in answer.text for value, answer in zip(typed, answers, strict=True))
    pages = [answer.text.replace(value, "") for value, answer in zip(typed, answers, strict=True)]
    assert pages[0] == pages[1] == pages[2]
    assert times_asked(cast) == 3


def test_family_of_the_officer_hides_it_too(cast: Cast, matter: Matter):
    from tests.cast import link_person

    link_person(cast, "dpo", "mother")
    conflict(cast, matter.id, "isla", Why.TARGET)
    assert "There is no incident or case" in ask(cast, "7K4M").text


@pytest.mark.parametrize("wrong", ["", "   ", "x" * 30])
def test_a_malformed_reference_is_refused_beside_its_field(cast: Cast, wrong: str):
    assert ask(cast, wrong).status_code == 422
    assert times_asked(cast) == 0


def test_a_reference_of_two_years_shows_the_newer_and_leads_to_the_older(cast: Cast, matter: Matter):
    older = named(cast, "7K4M", 2025)
    looked(cast, older, "other_teacher")
    page = ask(cast, "7K4M").text
    assert "Incident 7K4M of 2026" in page
    assert "Gwen Tarrant" not in page
    assert "year=2025" in page
    assert "Gwen Tarrant" in ask(cast, "7K4M", year=2025).text


def test_a_long_trail_goes_on_on_the_next_page(cast: Cast, matter: Matter, clock):
    looked(cast, matter, "head")
    clock.shift(timedelta(minutes=1))
    looked(cast, matter, "dsl", times=30)
    first = ask(cast, "7K4M").text
    older = re.search(r'href="(/who-saw-what[^"]*before=[^"]+)"', first)
    assert older
    assert "Joanna Pettifer" not in first
    assert "Joanna Pettifer" in cast.client("dpo").get(older[1].replace("&amp;", "&")).text


@pytest.mark.parametrize("who", ["administrator", "governor", "teacher", "clerk"])
def test_nobody_else_opens_it(cast: Cast, matter: Matter, who: str):
    assert ask(cast, "7K4M", who).status_code == 403
