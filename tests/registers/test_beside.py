"""What stands beside an incident, reminders before an entry ends, and a policy's own word on names."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from incidents import clock as product_clock
from incidents.accounts.queries import names_of
from incidents.database import writing
from incidents.extensions import db
from incidents.notifications.models import Notice, NoticeKind
from incidents.policies.actions import adopt_at_once
from incidents.policies.models import Clause
from incidents.policies.reading import packs
from incidents.recording.hours import Control
from incidents.recording.words import Part
from incidents.registers import actions, agreed, beside
from incidents.registers.beside import Involved
from incidents.registers.consent import Answer
from incidents.registers.kinds import RegisterKind
from incidents.registers.lifecycle import Verb
from incidents.registers.reminding import remind_of_registers
from tests.cast import Cast
from tests.registers.entered import NEXT_YEAR, TODAY, a_ban, act, an_account, answered, ask, watched
from tests.registers.test_entries import DETAILS
from tests.triage.recorded import LESSON, record
from tests.worlds import PLAIN, decide

DAY = timedelta(days=1)


def lines(cast: Cast, who: str, incident, **involved) -> list[str]:
    said = beside.on_the_registers(cast.viewer(who), incident, Involved(day=TODAY, **involved))
    return [each.words for each in said]


def test_a_permission_stands_beside_an_incident_for_those_who_read_it(cast):
    with cast.here():
        entry = ask(cast, RegisterKind.CONTACT_DETAILS, "teacher", "teacher", facts=DETAILS, ends=TODAY + DAY)
        act(cast, entry.id, Verb.APPROVE, "head", ends=TODAY + DAY)
        incident = record(cast, [(Part.ALLEGED, "teacher")])
        about = {"person_ids": [cast.persons["teacher"]]}
        assert lines(cast, "head", incident, **about) == [
            "Permission to give contact details: Priya Raman. Agreed, from 23 November 2026, until 24 November 2026."
        ]
        assert lines(cast, "case_manager", incident, **about) == []


def test_monitoring_stands_beside_an_incident_for_those_alone_who_decide_about_the_person(cast):
    with cast.here():
        incident = record(cast, [(Part.ALLEGED, "teacher")])
        watched(cast, "teacher", matter=incident)
        about = {"person_ids": [cast.persons["teacher"]]}
        found = {who: lines(cast, who, incident, **about) for who in ("head", "dsl", "deputy_head", "teacher")}
        assert [bool(each) for each in found.values()] == [True, False, False, False]
        assert found["head"][0].startswith("Monitoring of a school device: Priya Raman.")


def test_an_account_that_is_no_approved_one_is_said_where_staff_are_said_to_have_used_it(cast):
    with cast.here():
        an_account(cast)
        incident = record(cast)
        known = lines(cast, "head", incident, account_name="@penwickgreen", platform="facebook")
        other = lines(cast, "head", incident, account_name="@6r_private", by_staff=True)
        assert known == ["“@penwickgreen”, Facebook was an approved account of the school on that day."]
        assert other == ["“@6r_private” was not an approved account of the school on that day."]
        assert lines(cast, "head", incident, account_name="@somebody") == []


def test_the_consent_of_a_child_in_a_picture_is_that_of_the_day(cast):
    with cast.here():
        answered(cast, "isla", Answer.PICTURE)
        incident, isla = record(cast), [cast.persons["isla"]]
        assert lines(cast, "teacher", incident, photographed=isla)[0].startswith(
            "Photo consent for Isla Fenwick on that day: the"
        )
        said = beside.on_the_registers(cast.viewer("head"), incident, Involved(day=TODAY - DAY, photographed=isla))
        assert said[0].words == "Photo consent for Isla Fenwick on that day: none."


def test_the_pages_of_an_incident_say_it(cast):
    with cast.here():
        entry = ask(
            cast,
            RegisterKind.CONTACT_DETAILS,
            "teacher",
            "teacher",
            facts=DETAILS,
            starts=date(2026, 11, 1),
            ends=NEXT_YEAR,
        )
        act(cast, entry.id, Verb.APPROVE, "head", starts=date(2026, 11, 1), ends=NEXT_YEAR)
        incident = record(cast, [(Part.ALLEGED, "teacher")])
        page = f"/incidents/{incident.id}"
    for path in (page, f"{page}/triage"):
        assert "Permission to give contact details: Priya Raman." in cast.client("head").get(path).text


def test_a_case_says_what_is_linked_with_it(cast):
    with cast.here():
        case = decide(cast, record(cast, control=Control.ON_SITE, happened=LESSON), PLAIN, "head")
        ban, head = a_ban(cast, an_account(cast)), cast.viewer("head")
        with writing():
            actions.link(ban.id, case, by=head, at=product_clock.now())
        path = f"/cases/{case.id}"
    assert (
        "A ban on one of the school’s pages: Carys Fenwick on “@penwickgreen”, Facebook."
        in cast.client("head").get(path).text
    )


# --- a policy's own word on names

NEVER = {"force": "must_not", "directions": ["school_account"], "keywords": ["name", "photo"]}


@pytest.mark.parametrize(("changed", "never"), [
    ({}, True),
    ({"force": "advice"}, False),
    ({"directions": ["staff_conduct"]}, False),
    ({"keywords": ["photo", "caption"]}, False),
])  # fmt: skip
def test_a_clause_that_forbids_a_name_beside_a_picture_is_known(changed, never):
    assert agreed.forbids_names(Clause(**NEVER | changed)) is never


def test_from_the_day_of_a_policy_that_forbids_it_no_name_stands_beside_a_picture(cast):
    pack = next(each for each in packs() if each.name == "rattlesden")
    with cast.here():
        with writing():
            adopt_at_once(pack, TODAY, at=product_clock.now())
        assert [agreed.never_with_names(day) for day in (TODAY - DAY, TODAY)] == [False, True]


# --- reminders


def told(cast: Cast) -> set[str]:
    accounts = names_of(db.session.scalars(select(Notice.account_id).where(Notice.kind == NoticeKind.REVIEW_DUE)))
    return set(accounts.values())


@pytest.mark.parametrize(("before", "due"), [(31, 0), (30, 2), (29, 2), (1, 2), (0, 2), (-40, 2)])
def test_those_who_decide_and_whoever_asked_are_reminded_before_a_review(cast, clock, before, due):
    with cast.here():
        an_account(cast)
        clock.move_to(clock_at(NEXT_YEAR - DAY * before))
        with writing(audited=False):
            assert remind_of_registers(now()) == due
            assert remind_of_registers(now()) == 0
        assert told(cast) == ({"Joanna Pettifer", "Priya Raman"} if due else set())


def clock_at(day: date):
    return product_clock.now().replace(year=day.year, month=day.month, day=day.day)


def now():
    return product_clock.now()


def test_of_monitoring_only_those_who_decide_are_reminded(cast, clock):
    with cast.here():
        watched(cast, "teacher")
        clock.move_to(clock_at(NEXT_YEAR))
        with writing(audited=False):
            remind_of_registers(now())
        assert told(cast) == {"Joanna Pettifer"}


def test_what_ends_is_no_longer_reminded_of(cast, clock):
    with cast.here():
        entry = an_account(cast)
        act(cast, entry.id, Verb.END, "head", words="Not used.")
        clock.move_to(clock_at(NEXT_YEAR))
        with writing(audited=False):
            remind_of_registers(now())
        assert (
            db.session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == NoticeKind.REVIEW_DUE)) == 0
        )
