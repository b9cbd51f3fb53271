"""Asking, deciding, changing and ending; who may know of which entry; and what other slices ask."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incidents import clock
from incidents.access import Role
from incidents.accounts import membership
from incidents.accounts.models import Account
from incidents.database import writing
from incidents.errors import NotAllowed, NotFound, NotPossibleNow, Refused
from incidents.extensions import db
from incidents.notifications.models import Notice
from incidents.people import actions as people
from incidents.people.models import Person
from incidents.recording.words import Part
from incidents.registers import actions, queries
from incidents.registers.actions import Asked
from incidents.registers.kinds import EntryState, RegisterKind
from incidents.registers.lifecycle import Verb
from incidents.registers.models import RegisterEntry
from tests.cast import SEPTEMBER, Cast
from tests.registers.entered import NEXT_YEAR, TODAY, a_ban, act, an_account, ask, watched
from tests.triage.recorded import record

DAY = timedelta(days=1)
DETAILS = {"details": "mobile", "to_whom": "Two pupils.", "why": "A trip.", "parents": "Both, by letter."}


def sees(cast: Cast, who: str, entry: RegisterEntry) -> bool:
    try:
        queries.entry_for(cast.viewer(who), entry.id)
    except NotFound:
        return False
    return True


def who_sees(cast: Cast, entry: RegisterEntry) -> set[str]:
    return {who for who in cast.accounts if sees(cast, who, entry)}


def notices(cast: Cast, who: str) -> int:
    found = select(func.count()).select_from(Notice).where(Notice.account_id == cast.accounts[who])
    return db.session.scalar(found) or 0


def test_an_account_is_asked_for_decided_by_the_head_and_its_asker_is_told(cast):
    with cast.here():
        entry = an_account(cast, approved=False)
        assert (entry.state, notices(cast, "head")) == (EntryState.ASKED, 1)
        assert queries.approved_account("@PenwickGreen", "facebook", TODAY) is None
        act(cast, entry.id, Verb.APPROVE, "head", review_on=NEXT_YEAR)
        assert queries.approved_account("penwickgreen", "Facebook", TODAY).id == entry.id
        assert queries.approved_account("penwickgreen", "Snapchat", TODAY) is None
        assert queries.approved_account("penwickgreen", "", TODAY - DAY) is None
        assert notices(cast, "teacher") == 1


@pytest.mark.parametrize("who", ["teacher", "dsl", "deputy_head"])
def test_nobody_but_the_head_decides(cast, who):
    with cast.here():
        entry = an_account(cast, approved=False)
        with pytest.raises((NotAllowed, NotFound)):
            act(cast, entry.id, Verb.APPROVE, who, review_on=NEXT_YEAR)


def test_of_two_who_decide_at_once_the_second_sees_the_first(cast):
    with cast.here():
        entry = an_account(cast, approved=False)
        seen = len(queries.events_of(entry.id))
        act(cast, entry.id, Verb.REFUSE, "head", seen, words="Not now.")
        with pytest.raises(NotPossibleNow, match="refused already"):
            act(cast, entry.id, Verb.APPROVE, "head", seen, review_on=NEXT_YEAR)
        other = an_account(cast)
        seen = len(queries.events_of(other.id))
        act(cast, other.id, Verb.CHANGE, "head", seen, review_on=NEXT_YEAR + DAY, words="Later.")
        with pytest.raises(NotPossibleNow, match="meanwhile"):
            act(cast, other.id, Verb.CHANGE, "head", seen, review_on=NEXT_YEAR, words="Sooner.")


def test_who_keeps_an_account_can_be_changed_and_what_stood_before_is_kept(cast):
    with cast.here():
        entry = an_account(cast)
        act(cast, entry.id, Verb.CHANGE, "head", review_on=NEXT_YEAR, words="She left.", person_id=cast.persons["dsl"])
        assert entry.person_id == cast.persons["dsl"]
        assert {each.person_id for each in queries.events_of(entry.id)} == {
            cast.persons["teacher"], cast.persons["dsl"],
        }  # fmt: skip
        with pytest.raises(Refused, match="somebody else"):
            act(cast, entry.id, Verb.CHANGE, "head", review_on=NEXT_YEAR, words="x", second_id=cast.persons["dsl"])


@pytest.mark.parametrize(("given", "field"), [
    ({"review_on": None}, "review_on"),
    ({"review_on": TODAY - DAY, "starts": TODAY}, "review_on"),
    ({"review_on": NEXT_YEAR, "starts": TODAY, "ends": TODAY - DAY}, "ends"),
])  # fmt: skip
def test_days_out_of_their_order_are_refused_beside_their_field(cast, given, field):
    with cast.here():
        entry = an_account(cast, approved=False)
        with pytest.raises(Refused) as refused:
            act(cast, entry.id, Verb.APPROVE, "head", **given)
        assert refused.value.field == field


def test_what_has_ended_held_until_its_last_day(cast):
    with cast.here():
        entry = an_account(cast)
        act(cast, entry.id, Verb.END, "head", ends=TODAY, words="Not used.")
        assert [queries.holds(entry, TODAY + DAY * day) for day in (-1, 0, 1)] == [False, True, False]
        with pytest.raises(NotPossibleNow, match="over already"):
            act(cast, entry.id, Verb.END, "head", words="Again.")


def test_an_end_before_the_beginning_is_refused(cast):
    with cast.here():
        entry = an_account(cast)
        with pytest.raises(Refused, match="before the first"):
            act(cast, entry.id, Verb.END, "head", ends=TODAY - DAY, words="Not used.")


DETAILS_KIND = (RegisterKind.CONTACT_DETAILS,)


def test_a_permission_lifts_a_clause_while_it_holds_for_that_person_alone(cast):
    with cast.here():
        entry = ask(cast, RegisterKind.CONTACT_DETAILS, "teacher", "teacher", facts=DETAILS, ends=TODAY + DAY)
        head = cast.viewer("head")
        assert queries.standing_for(head, [cast.persons["teacher"]], TODAY, DETAILS_KIND) == []
        act(cast, entry.id, Verb.APPROVE, "head", ends=TODAY + DAY)
        lifted = [
            [each.id for each in queries.standing_for(head, [cast.persons[who]], TODAY + DAY * days, DETAILS_KIND)]
            for who, days in (("teacher", 0), ("teacher", 1), ("teacher", 2), ("other_teacher", 0))
        ]
        assert lifted == [[entry.id], [entry.id], [], []]


def test_a_request_about_the_head_is_decided_by_somebody_else(cast):
    with cast.here():
        entry = ask(cast, RegisterKind.CONTACT_DETAILS, "head", "head", facts=DETAILS, ends=NEXT_YEAR)
        assert notices(cast, "case_manager") == 1
        with pytest.raises(NotAllowed):
            act(cast, entry.id, Verb.APPROVE, "head", ends=NEXT_YEAR)
        act(cast, entry.id, Verb.APPROVE, "case_manager", ends=NEXT_YEAR)


READERS = {"head", "dsl", "deputy_dsl", "deputy_head"}


def test_who_reads_an_account_before_and_after_it_is_approved(cast):
    with cast.here():
        entry = an_account(cast, approved=False)
        assert who_sees(cast, entry) == READERS | {"teacher", "other_teacher"}
        act(cast, entry.id, Verb.APPROVE, "head", review_on=NEXT_YEAR)
        assert who_sees(cast, entry) == READERS | {
            "teacher", "other_teacher", "head_of_year", "administrator", "second_administrator",
        }  # fmt: skip


def test_a_ban_is_hidden_from_whom_it_is_about_and_those_close_to_them(cast):
    with cast.here():
        entry = a_ban(cast, an_account(cast), about="dsl")
        assert who_sees(cast, entry) == READERS - {"dsl"} | {"teacher", "other_teacher"}
        with writing():
            one, other = (db.session.get_one(Person, (cast.school_id, cast.persons[who])) for who in ("head", "dsl"))
            people.relate(one, other, "sister", SEPTEMBER, by=None, at=clock.now())
        assert who_sees(cast, entry) == {"deputy_dsl", "deputy_head", "teacher", "other_teacher", "case_manager"}


WATCHED = [
    ("a teacher", "teacher", "head", {"head"}),
    ("the safeguarding lead", "dsl", "head", {"head"}),
    ("the head", "head", "case_manager", {"case_manager"}),
    ("a pupil", "isla", "head", {"head"}),
]


@pytest.mark.parametrize(("whom", "by", "found"), [row[1:] for row in WATCHED], ids=[row[0] for row in WATCHED])
def test_monitoring_is_found_by_those_who_decide_about_the_person_and_by_nobody_else(cast, whom, by, found):
    with cast.here():
        assert who_sees(cast, watched(cast, whom, by)) == found


@pytest.mark.parametrize(("whom", "by"), [("head", "head"), ("teacher", "case_manager"), ("teacher", "chair")])
def test_monitoring_is_entered_by_nobody_else_either(cast, whom, by):
    by = "vice_chair" if by == "chair" else by
    with cast.here():
        with pytest.raises(Refused) as refused:
            watched(cast, whom, by)
        assert refused.value.field == "person"
        assert db.session.scalar(select(func.count()).select_from(RegisterEntry)) == 0


@pytest.mark.parametrize("who", ["teacher", "dsl", "deputy_head", "administrator", "governor"])
def test_the_register_of_monitoring_is_not_there_for_others(cast, who):
    with cast.here(), pytest.raises(NotFound), writing():
        at = clock.now()
        actions.ask(RegisterKind.MONITORING, Asked(), by=cast.viewer(who), at=at, today=TODAY)


def test_monitoring_from_a_case_about_the_head_is_kept_from_the_head_whoever_is_watched(cast):
    with cast.here():
        incident = record(cast, [(Part.ALLEGED, "head"), (Part.TARGET, "mother")], by="dsl")
        entry = watched(cast, "teacher", "case_manager", incident)
        assert who_sees(cast, entry) == {"case_manager"}
        assert [each.matter.id for each in queries.links_of(cast.viewer("case_manager"), entry_id=entry.id)] == [
            incident.id
        ]


def test_no_link_that_keeps_monitoring_from_the_head_is_taken_away_by_mistake(cast):
    """Without it the entry would be the head's to decide on, and tell of a case about them."""
    with cast.here():
        incident = record(cast, [(Part.ALLEGED, "head"), (Part.TARGET, "mother")], by="dsl")
        entry, manager = watched(cast, "teacher", "case_manager", incident), cast.viewer("case_manager")
        found = queries.links_of(manager, matter_id=incident.id)
        with pytest.raises(NotPossibleNow), writing():
            actions.unlink(incident, found[0].link.id, by=manager, at=clock.now())
        assert who_sees(cast, entry) == {"case_manager"}


def test_a_second_head_does_not_find_the_monitoring_of_the_first(cast):
    with cast.here():
        entry = watched(cast, "head", "case_manager")
        at = clock.now()
        with writing():
            account = db.session.get_one(Account, cast.accounts["deputy_head"])
            membership.propose_role(account, Role.HEADTEACHER, by=None, at=at, starts=at)
        assert who_sees(cast, entry) == {"case_manager"}


def test_the_person_reads_what_they_were_told_once_they_were_told(cast):
    with cast.here():
        entry = watched(cast, "teacher")
        assert queries.told_to(cast.viewer("teacher")) == []
        act(cast, entry.id, Verb.TELL, "head", on=TODAY, words="In person, with her union.")
        assert [each.words for each in queries.told_to(cast.viewer("teacher"))] == ["In person, with her union."]
        assert queries.told_to(cast.viewer("other_teacher")) == []
        assert not sees(cast, "teacher", entry)


def test_nobody_is_sent_anything_about_monitoring(cast):
    with cast.here():
        entry = watched(cast, "teacher")
        act(cast, entry.id, Verb.END, "head", words="Nothing found.")
        assert db.session.scalar(select(func.count()).select_from(Notice)) == 0


def test_a_link_is_shown_to_those_who_see_both_ends(cast):
    with cast.here():
        hidden = record(cast, [(Part.ALLEGED, "head"), (Part.TARGET, "mother")], by="dsl")
        entry = a_ban(cast, an_account(cast))
        manager = cast.viewer("case_manager")
        with pytest.raises(NotFound), writing():
            actions.link(entry.id, hidden, by=manager, at=clock.now())
        with writing():
            actions._link(queries.entry_for(cast.viewer("head"), entry.id), hidden, manager, clock.now())
        assert queries.links_of(cast.viewer("head"), entry_id=entry.id) == []
        assert queries.links_of(manager, matter_id=hidden.id) == []


def test_a_link_is_made_once_and_ended(cast):
    with cast.here():
        incident, entry, head = record(cast), a_ban(cast, an_account(cast)), cast.viewer("head")
        with writing():
            actions.link(entry.id, incident, by=head, at=clock.now())
        with pytest.raises(Refused), writing():
            actions.link(entry.id, incident, by=head, at=clock.now())
        found = queries.links_of(head, matter_id=incident.id)
        with writing():
            actions.unlink(incident, found[0].link.id, by=head, at=clock.now())
        assert queries.links_of(head, matter_id=incident.id) == []
