"""Answers are taken in, kept as they were, put right with a reason, and counted for the person they are of."""

from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from incidents import clock
from incidents.audit.models import AuditEntry
from incidents.database import writing
from incidents.declarations import actions, asking, queries, reminding, shares
from incidents.declarations.actions import Entered
from incidents.declarations.answers import State
from incidents.declarations.models import Asked, Signature
from incidents.declarations.words import Answer, How
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.notifications.models import Notice
from incidents.people import actions as people
from incidents.people import merging
from incidents.people.models import Employed, Person
from incidents.policies.kinds import Audience
from incidents.policies.models import Policy, PolicyVersion
from tests.cast import SEPTEMBER
from tests.declarations.asked import TODAY, add_parent, adopt

YESTERDAY = date(2026, 11, 22)
SIGNED = Entered(Answer.SIGNED, YESTERDAY)


def version(cast, asked) -> PolicyVersion:
    return db.session.get_one(PolicyVersion, (cast.school_id, asked.version))


def lines(asked, audience=Audience.PARENTS):
    return {line.name: line for line in queries.lines(asked.version, audience, TODAY)}


def take_in(cast, asked, *names: str, audience=Audience.PARENTS, entered=SIGNED) -> int:
    keys = [lines(asked, audience)[name].key for name in names]
    by = cast.viewer("administrator")
    with writing():
        return actions.take_in(version(cast, asked), audience, keys, entered, TODAY, by=by, at=clock.now())


def correct(cast, asked, held, entered, reason="Another child’s form."):
    with writing():
        actions.correct(version(cast, asked), held, entered, reason, TODAY, by=cast.viewer("head"), at=clock.now())


FAMILY = "Ben Fenwick and Isla Fenwick"


def test_a_pile_is_kept_at_once_with_an_entry_in_the_log_for_each(cast, asked):
    with cast.here():
        assert take_in(cast, asked, FAMILY, "Jay Brook") == 2
        assert take_in(cast, asked, FAMILY, "Zara Hussain") == 1  # somebody else had the first pile too
        states = {name: line.state for name, line in lines(asked).items()}
        assert states == {FAMILY: "signed", "Jay Brook": "signed", "Zara Hussain": "signed", "Mason Tully": "open"}
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "signature")).all()
        assert len(entries) == 3
        assert all("Fenwick" not in str(entry.detail) for entry in entries)


def test_one_form_that_is_on_the_list_no_longer_and_nothing_of_the_pile_is_kept(cast, asked):
    with cast.here():
        keys = [lines(asked)["Jay Brook"].key, cast.persons["isla"]]
        with pytest.raises(Refused, match="changed meanwhile"), writing():
            actions.take_in(
                version(cast, asked), Audience.PARENTS, keys, SIGNED, TODAY, by=cast.viewer("head"), at=clock.now()
            )
        assert lines(asked)["Jay Brook"].state is State.OPEN


@pytest.mark.parametrize(
    ("day", "says"), [(date(2026, 11, 24), "still to come"), (date(2026, 8, 31), "was adopted on")]
)
def test_a_date_that_cannot_be_is_refused(cast, asked, day, says):
    with cast.here(), pytest.raises(Refused, match=says):
        take_in(cast, asked, "Jay Brook", entered=Entered(Answer.SIGNED, day))


def test_two_parents_are_kept_and_a_third_signature_or_the_same_again_is_refused(cast, asked):
    with cast.here():
        key, by = lines(asked)[FAMILY].key, cast.viewer("administrator")
        for who, said in (("mother", Answer.DECLINED), ("father", Answer.SIGNED)):
            with writing():
                actions.enter(version(cast, asked), Audience.PARENTS, key, Entered(said, YESTERDAY, cast.persons[who]), TODAY,
                              by=by, at=clock.now())  # fmt: skip
            assert lines(asked)[FAMILY].state == (State.DECLINED if who == "mother" else State.SIGNED)
        for who in ("mother", None):
            with pytest.raises(Refused), writing():
                actions.enter(version(cast, asked), Audience.PARENTS, key,
                              Entered(Answer.SIGNED, TODAY, cast.persons[who] if who else None, "" if who else "Eve Fenwick"),
                              TODAY, by=by, at=clock.now())  # fmt: skip
        assert len(lines(asked)[FAMILY].own) == 2


def test_what_was_put_right_supersedes_with_a_reason_and_the_first_stays(cast, asked):
    with cast.here():
        take_in(cast, asked, "Jay Brook")
        held = queries.signatures_where(queries.standing())[0]
        correct(cast, asked, held, Entered(Answer.TAKEN_BACK, YESTERDAY))
        assert lines(asked)["Jay Brook"].state is State.OPEN
        rows = db.session.scalars(select(Signature).order_by(Signature.supersedes_id.is_not(None))).all()
        assert [(row.answer, row.reason) for row in rows] == [("signed", ""), ("taken_back", "Another child’s form.")]
        with pytest.raises(NotPossibleNow):
            correct(cast, asked, held, SIGNED)
        assert take_in(cast, asked, "Jay Brook") == 1


@pytest.mark.parametrize("change", [
    update(Signature).values(answer="declined"), text("UPDATE signature_child SET child_id = signature_id"),
    update(Asked).values(audience="staff"),
])  # fmt: skip
def test_the_database_refuses_to_change_an_answer(cast, asked, change):
    with cast.here():
        take_in(cast, asked, "Jay Brook")
        with pytest.raises(DatabaseError), writing(audited=False):
            db.session.execute(change)


def test_a_new_version_asks_anew_and_the_old_ones_signatures_stay(cast, asked):
    with cast.here():
        take_in(cast, asked, "Jay Brook")
        policy = db.session.get_one(Policy, (cast.school_id, asked.policy))
        newer = adopt(cast, policy, 2, YESTERDAY)
        row = queries.asked(asked.parents)
        assert [each.number for each in queries.versions_asked(row, TODAY)] == [2, 1]
        assert [each.number for each in queries.versions_asked(row, date(2026, 11, 21))] == [1]
        assert shares.share(newer.id, Audience.PARENTS, TODAY).signed == 0
        assert shares.share(asked.version, Audience.PARENTS, TODAY).signed == 1


def test_in_a_class_list_a_brothers_other_household_is_not_taken_for_this_one(cast, asked):
    with cast.here():
        add_parent(cast, "step", "Sam", "Lowe", "ben")
        add_parent(cast, "other", "Una", "Lowe", "ben")
        take_in(cast, asked, "Ben Fenwick")  # the form of the two who are Ben's alone: it is not known which of them
        [isla] = [
            line
            for line in queries.lines(asked.version, Audience.PARENTS, TODAY, ("Year 6", "6R"))
            if "Isla" in line.name
        ]
        assert (isla.state, isla.is_open) == ("open", True)


def test_a_class_alone_is_read_as_it_stands_in_the_list_of_all(cast, asked):
    with cast.here():
        take_in(cast, asked, FAMILY, "Jay Brook")
        everybody = {
            line.key: (line.state, line.is_open) for line in queries.lines(asked.version, Audience.PARENTS, TODAY)
        }
        for group in queries.classes_on(TODAY):
            for line in queries.lines(asked.version, Audience.PARENTS, TODAY, group):
                assert everybody[line.key] == (line.state, line.is_open)


# --- staff and governors, signed in


def waiting(cast, who: str) -> list[str]:
    return [each.audience.value for each in asking.to_sign(cast.viewer(who))]


def sign(cast, asked, who: str, audience=Audience.STAFF) -> None:
    viewer = cast.viewer(who)
    key = asking.own_key(viewer)
    with writing():
        actions.sign_myself(version(cast, asked), audience, key, TODAY, by=viewer, at=clock.now())


def test_staff_and_governors_are_asked_by_what_they_are_today(cast, asked):
    with cast.here():
        assert (waiting(cast, "teacher"), waiting(cast, "governor"), waiting(cast, "head")) == (
            ["staff"], ["governors"], ["staff"])  # fmt: skip
        sign(cast, asked, "teacher")
        sign(cast, asked, "teacher")  # pressed twice
        assert waiting(cast, "teacher") == []
        [given] = queries.given(asked.version, Audience.STAFF)
        assert (given.how, given.signed_on, given.person_id) == (How.SIGNED_IN, TODAY, cast.persons["teacher"])


def test_whose_answer_was_entered_by_mistake_is_asked_again(cast, asked):
    with cast.here():
        take_in(cast, asked, "Priya Raman", audience=Audience.STAFF)
        assert waiting(cast, "teacher") == []
        correct(cast, asked, queries.signatures_where(queries.standing())[0], Entered(Answer.TAKEN_BACK, YESTERDAY))
        assert waiting(cast, "teacher") == ["staff"]


def test_nobody_signs_as_what_they_are_not(cast, asked):
    with cast.here():
        with pytest.raises(NotPossibleNow):
            sign(cast, asked, "teacher", Audience.GOVERNORS)
        with writing():
            actions.stop_asking(queries.asked(asked.staff), YESTERDAY, by=cast.viewer("head"), at=clock.now())
        assert waiting(cast, "teacher") == []
        with pytest.raises(NotPossibleNow):
            sign(cast, asked, "teacher")


def test_two_entries_of_one_person_are_one_on_every_list(cast, asked):
    with cast.here():
        before = shares.share(asked.version, Audience.STAFF, TODAY).asked
        with writing():
            entry = people.add_person("Priya", "Raman-Shah", by=None, at=clock.now())
            people.employ(entry, Employed.AGENCY, "cover", SEPTEMBER, by=None, at=clock.now())
        take_in(cast, asked, "Priya Raman-Shah", audience=Audience.STAFF)
        assert shares.share(asked.version, Audience.STAFF, TODAY).words == f"1 of {before + 1} signed"
        with writing():
            into = db.session.get_one(Person, (cast.school_id, cast.persons["teacher"]))
            merging.merge(db.session.get_one(Person, (cast.school_id, entry.id)), into, "same", by=None, at=clock.now())
        assert shares.share(asked.version, Audience.STAFF, TODAY).words == f"1 of {before} signed"
        assert waiting(cast, "teacher") == []


def test_nobody_is_chased_until_the_school_turns_it_on_and_then_only_those_who_did_not_answer(cast, asked):
    with cast.here():
        sign(cast, asked, "governor", Audience.GOVERNORS)
        with writing(audited=False):
            assert reminding.remind_unsigned(clock.now()) == 0
        with writing():
            actions.chase(queries.asked(asked.governors), True, by=cast.viewer("head"), at=clock.now())
        with writing(audited=False):
            made = reminding.remind_unsigned(clock.now())
            assert reminding.remind_unsigned(clock.now()) == 0
        told = set(db.session.scalars(select(Notice.account_id)))
        assert made == len(told) > 0
        assert cast.accounts["governor"] not in told
        assert cast.accounts["vice_chair"] in told
        assert cast.accounts["teacher"] not in told
