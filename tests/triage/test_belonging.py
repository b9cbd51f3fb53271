"""Cases that an incident may belong to: found by each reason, told in plain words, and never out of the viewer's sight."""

from datetime import date, timedelta

import pytest

from incidents import clock
from incidents.database import writing
from incidents.extensions import db
from incidents.files import intake
from incidents.files.models import FileState
from incidents.matters.actions import put_in_conflict
from incidents.matters.models import Matter, Why
from incidents.recording import actions as recording
from incidents.recording import following, queries
from incidents.recording.actions import identify_handle
from incidents.recording.answers import Named
from incidents.recording.hours import Happened, WhenKind
from incidents.recording.models import Incident
from incidents.recording.queries import shown_people
from incidents.recording.words import Part, PersonKind
from incidents.triage import belonging
from incidents.triage.belonging import possible_cases
from tests.casework.cases import a_case
from tests.cast import Cast
from tests.evidence.exhibits import PNG, add_file, decoded_at_once
from tests.files.file_samples import drawing, picture
from tests.triage.recorded import record

CHAT = ((Part.TARGET, "isla"), (Part.ALLEGED, "mason"))
OTHERS = ((Part.TARGET, "zara"), (Part.ALLEGED, "jay"))
WEEKS = "the same year group, within three weeks"
LONG_AGO = Happened(WhenKind.RANGE, date(2026, 9, 14))


def reasons(cast: Cast, incident: Incident, who: str = "head") -> dict[object, tuple[str, ...]]:
    return {each.case_id: each.reasons for each in possible_cases(cast.viewer(who), incident)}


def ids(cast: Cast, incident: Incident, who: str = "head") -> list[object]:
    return list(reasons(cast, incident, who))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "decode", decoded_at_once)


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (CHAT, ("two people are in both", WEEKS)),
        ((CHAT[0], OTHERS[1]), ("one person is in both", WEEKS)),
        (OTHERS, (WEEKS,)),
    ],
)
def test_the_same_people_are_a_reason(cast, people, words):
    with cast.here():
        case = a_case(cast, incident=record(cast, CHAT))
        assert reasons(cast, record(cast, people)) == {case.id: words}


@pytest.mark.parametrize(
    ("days", "near"), [(0, True), (21, True), (22, False), (-21, True), (-22, False)]
)  # fmt: skip
def test_the_same_year_group_within_three_weeks_is_a_reason(cast, days, near):
    then = Happened(WhenKind.RANGE, date(2026, 10, 12))
    with cast.here():
        case = a_case(cast, incident=record(cast, CHAT, happened=then))
        later = Happened(WhenKind.RANGE, date(2026, 10, 12) + timedelta(days=days))
        assert reasons(cast, record(cast, OTHERS, happened=later)) == {case.id: (WEEKS,) if near else ()}


def test_the_day_it_was_recorded_counts_where_the_day_is_not_known(cast):
    with cast.here():
        case = a_case(cast, incident=record(cast, CHAT, happened=Happened(WhenKind.UNKNOWN)))
        assert reasons(cast, record(cast, OTHERS)) == {case.id: (WEEKS,)}


def test_another_year_group_is_no_reason(cast):
    with cast.here():
        a_case(cast, "parents_post", incident=record(cast, [(Part.TARGET, "mother"), (Part.ALLEGED, "jay")]))
        adults = record(cast, [(Part.TARGET, "mother")])
        assert WEEKS not in {word for words in reasons(cast, adults).values() for word in words}


def test_the_same_account_is_a_reason_also_once_it_is_known_whose_it_is(cast):
    with cast.here():
        first = record(cast, CHAT[:1], handles=[(Part.AUTHOR, "ghost")], happened=LONG_AGO)
        case = a_case(cast, incident=first)
        second = record(cast, OTHERS[:1], handles=[(Part.AUTHOR, "Ghost")])
        assert reasons(cast, second) == {case.id: ("the same account is in both",)}
        second = record(cast, OTHERS[:1], handles=[(Part.AUTHOR, "ghost")])
        handle = next(each.handle for each in shown_people(second.id) if each.handle)
        with writing():
            identify_handle(second, handle, cast.persons["jay"], "He said so.", by=cast.viewer("head"), at=clock.now())
        assert reasons(cast, second) == {case.id: ("one person is in both", "the same account is in both")}


def test_the_same_picture_is_a_reason_and_a_blanked_one_is_nobody_s_to_compare(cast, quick):
    with cast.here():
        first = record(cast, CHAT[:1], happened=LONG_AGO)
        case = a_case(cast, incident=first)
        add_file(cast, first, data=PNG)
        second = record(cast, OTHERS[:1])
        add_file(cast, second, "dsl", data=PNG)
        add_file(cast, second, "dsl", data=picture("image/png", drawing(30, 30)))
        assert reasons(cast, second) == {case.id: ("the same picture or file is in both",)}
        with writing(audited=False):
            for file in db.session.scalars(db.select(belonging.File)):
                file.state = FileState.BLANKED
        assert reasons(cast, second) == {case.id: ()}


def test_most_reasons_stand_first(cast):
    with cast.here():
        far = a_case(cast, incident=record(cast, OTHERS[:1], happened=LONG_AGO))
        weeks = a_case(cast, incident=record(cast, OTHERS))
        both = a_case(cast, incident=record(cast, CHAT))
        newest = a_case(cast, incident=record(cast, OTHERS[1:], happened=LONG_AGO))
        found = ids(cast, record(cast, CHAT))
        assert found[:2] == [both.id, weeks.id]
        assert set(found[2:]) == {far.id, newest.id}


def test_a_case_with_a_reason_is_listed_however_old_it_is(cast, monkeypatch):
    monkeypatch.setattr(belonging, "MOST_CASES", 1)
    with cast.here():
        old = a_case(cast, incident=record(cast, CHAT, happened=LONG_AGO))
        a_case(cast, incident=record(cast, OTHERS, happened=LONG_AGO))
        new = a_case(cast, incident=record(cast, OTHERS, happened=LONG_AGO))
        with writing(audited=False):
            db.session.get_one(Matter, (cast.school_id, new.id)).recorded_at += timedelta(hours=1)
        assert ids(cast, record(cast, CHAT)) == [old.id, new.id]


def test_a_case_out_of_the_viewer_s_sight_is_never_named(cast):
    with cast.here():
        first = record(cast, CHAT)
        a_case(cast, incident=first)
        second = record(cast, CHAT)
        assert len(ids(cast, second)) == 1
        with writing():
            put_in_conflict(first, cast.persons["head"], Why.TARGET, "test", by=None, at=clock.now())
        assert ids(cast, second) == []
        assert ids(cast, second, "teacher") == []


def test_no_reason_holds_a_name(cast, quick):
    with cast.here():
        first = record(cast, CHAT, handles=[(Part.AUTHOR, "ghost")])
        a_case(cast, incident=first)
        add_file(cast, first)
        second = record(cast, CHAT, handles=[(Part.AUTHOR, "ghost")])
        add_file(cast, second, "dsl")
        (said,) = reasons(cast, second).values()
        assert len(said) == len(belonging.SAID)
        assert not [name for name in ("Isla", "Mason", "Fenwick", "Tully", "ghost", "Year 6") if name in " ".join(said)]


def test_two_entries_of_one_person_are_the_same_person(cast):
    with cast.here():
        case = a_case(cast, incident=record(cast, CHAT))
        second = record(cast, ((Part.TARGET, "zara"),))
        with writing():
            named = Named(Part.ALLEGED, given_name="Mase", family_name="T", kind=PersonKind.PUPIL)
            recording.involve(second, named, by=cast.viewer("dsl"), at=clock.now())
        assert reasons(cast, second) == {case.id: (WEEKS,)}
        typed = next(row for row in queries.involvements(second.id) if following.typed_entry(row))
        with writing():
            following.say_who(second, typed, cast.persons["mason"], "said so", by=cast.accounts["dsl"], at=clock.now())
        assert reasons(cast, second) == {case.id: ("one person is in both", WEEKS)}
