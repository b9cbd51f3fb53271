"""Recording an incident: one effect, nothing overwritten, and the right people have it at once."""

import uuid
from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import func, select

from incidents import clock as now
from incidents.access import Right, Role, Sphere
from incidents.accounts.queries import seats
from incidents.audit.models import AuditEntry
from incidents.database import writing
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.matters.models import Matter
from incidents.matters.visibility import seen_with, standing
from incidents.notifications.models import Notice
from incidents.recording import actions, keeping, queries, reach
from incidents.recording.answers import Answers, Named
from incidents.recording.hours import Control, Happened, WhenKind
from incidents.recording.models import Draft, Incident, Involvement, Pictures, Statement, StatementKind
from incidents.recording.words import Danger, Intimate, Method, Part, PersonKind
from tests.cast import Cast, make_cast

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def cast(app: Flask, clock: object) -> Cast:
    return make_cast(app)


def answers(*people: Named, **changes: object) -> Answers:
    given = {
        "words": "A poll went round.", "danger": Danger.NO, "happened": Happened(WhenKind.EXACT, FRIDAY, time_from=time(21, 14)),
        "control": Control.OFF_SITE, "method": Method.POLL, "platform": "WhatsApp", "spoken_to": "The DSL: by phone at 21:32",
        "intimate": Intimate.NO, "people": people,
    }  # fmt: skip
    return Answers(**{**given, **changes})  # type: ignore[arg-type]  # given by name


def recorded(cast: Cast, *people: Named, who: str = "teacher", **changes: object) -> Incident:
    """Inside `cast.here()`: an incident recorded by `who`."""
    by = cast.viewer(who)
    with writing():
        draft = actions.start_draft(by=by, at=now.now())
        return actions.record_incident(draft, answers(*people, **changes), by=by, at=now.now())


def sees(cast: Cast, who: str, incident: Incident, right: Right = Right.SEE_IN_FULL) -> bool:
    held = standing(cast.viewer(who), incident.id)
    return held is not None and held.may(right)


def test_a_pupil_incident_is_with_the_head_and_the_safeguarding_leads_at_once(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast, Named(Part.TARGET, cast.persons["isla"]), Named(Part.ALLEGED, cast.persons["mason"]))
        assert incident.sphere == Sphere.PUPIL
        assert [who for who in ("head", "dsl", "deputy_dsl", "head_of_year") if sees(cast, who, incident)] == [
            "head", "dsl", "deputy_dsl", "head_of_year",
        ]  # fmt: skip
        told = set(db.session.scalars(select(Notice.account_id).where(Notice.matter_id == incident.id)))
        assert told == {cast.accounts[who] for who in ("head", "dsl", "deputy_dsl")}
        assert not sees(cast, "teacher", incident)
        assert sees(cast, "teacher", incident, Right.ADD_WORDS)
        assert not standing(cast.viewer("other_teacher"), incident.id)


def test_what_somebody_was_that_day_is_kept(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast, Named(Part.TARGET, cast.persons["isla"]))
        [involved] = queries.involvements(incident.id)
        assert (involved.person_kind, involved.as_was, involved.year_group, involved.form) == (
            "pupil",
            "Year 6",
            "Year 6",
            "6R",
        )
        assert queries.title_of(incident) == "Poll or “ship” page on WhatsApp, Year 6"


def test_the_same_draft_twice_is_one_incident(cast: Cast) -> None:
    with cast.here():
        by, at = cast.viewer("teacher"), now.now()
        with writing():
            draft = actions.start_draft(by=by, at=at)
        for _ in range(2):
            with writing():
                actions.record_incident(draft, answers(), by=by, at=at)
        assert db.session.scalar(select(func.count()).select_from(Incident)) == 1
        assert db.session.scalar(select(func.count()).select_from(Statement)) == 1


def test_the_words_do_not_stay_in_the_draft(cast: Cast) -> None:
    with cast.here():
        by, at = cast.viewer("teacher"), now.now()
        with writing():
            draft = actions.start_draft(by=by, at=at)
            keeping.keep_draft(draft, {"what": {"words": ["A poll."]}}, at)
        with writing():
            actions.record_incident(draft, answers(), by=by, at=at)
        assert db.session.scalars(select(Draft)).one().answers == {}


def test_a_sent_record_is_not_kept_again(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast)
        draft = db.session.scalars(select(Draft).where(Draft.id == incident.draft_id)).one()
        with pytest.raises(NotPossibleNow), writing():
            keeping.keep_draft(draft, {}, now.now())


@pytest.mark.parametrize(
    "named",
    [
        {"part": Part.ALLEGED, "person_id": "head"},
        {"part": Part.AUTHOR, "person_id": "head"},
        {"part": Part.ALLEGED, "given_name": "Joanna", "family_name": "Pettifer"},
        {"part": Part.ALLEGED, "given_name": "Mrs", "family_name": "pettifer"},
        {"part": Part.ALLEGED, "family_name": "the headteacher"},
        {"part": Part.ALLEGED, "handle_platform": "X", "handle_name": "Joanna Pettifer"},
    ],
)
def test_what_is_alleged_of_the_head_never_reaches_the_head(cast: Cast, named: dict[str, str]) -> None:
    with cast.here():
        known = {"person_id": cast.persons["head"]} if "person_id" in named else {}
        incident = recorded(cast, Named(**{**named, **known}), Named(Part.TARGET, cast.persons["isla"]))
        assert incident.sphere == Sphere.HEAD
        assert standing(cast.viewer("head"), incident.id) is None
        assert (
            db.session.scalar(select(func.count()).select_from(Matter).where(seen_with(cast.viewer("head"), *Right)))
            == 0
        )
        assert sees(cast, "case_manager", incident, Right.DECIDE)
        assert not sees(cast, "dsl", incident)
        told = set(db.session.scalars(select(Notice.account_id)))
        assert told == {cast.accounts["case_manager"]}


def test_what_is_alleged_of_staff_is_the_heads_and_not_the_safeguarding_leads(cast: Cast) -> None:
    with cast.here():
        incident = recorded(
            cast, Named(Part.ALLEGED, cast.persons["other_teacher"]), Named(Part.TARGET, cast.persons["isla"])
        )
        assert incident.sphere == Sphere.STAFF_CONDUCT
        assert sees(cast, "head", incident, Right.DECIDE)
        assert not sees(cast, "dsl", incident)
        assert standing(cast.viewer("other_teacher"), incident.id) is None


def test_where_nobody_is_known_the_safeguarding_lead_has_it(cast: Cast) -> None:
    with cast.here():
        assert sees(cast, "dsl", recorded(cast))


def test_the_writer_who_proves_to_be_the_alleged_keeps_only_their_own_words(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast, Named(Part.TARGET, cast.persons["isla"]))
        assert sees(cast, "teacher", incident, Right.ADD_WORDS)
        with writing():
            actions.involve(
                incident, Named(Part.ALLEGED, cast.persons["teacher"]), by=cast.viewer("head"), at=now.now()
            )
        assert sees(cast, "teacher", incident, Right.SEE_OWN_WORDS)
        assert not sees(cast, "teacher", incident, Right.ADD_WORDS)


def test_saying_whose_account_it_is_changes_access_in_every_incident_at_once(cast: Cast) -> None:
    with cast.here():
        account = Named(Part.ALLEGED, handle_platform="Snapchat", handle_name="bin_day_6")
        first, second = (recorded(cast, account, Named(Part.TARGET, cast.persons["isla"])) for _ in range(2))
        assert sees(cast, "deputy_dsl", first)
        [handle] = {
            each.handle_id
            for incident in (first, second)
            for each in queries.involvements(incident.id)
            if each.handle_id
        }
        shown = next(each for each in queries.shown_people(first.id) if each.handle)
        assert shown.handle is not None
        assert shown.handle.id == handle
        with writing():
            actions.identify_handle(
                first, shown.handle, cast.persons["deputy_dsl"], "Said so.", by=cast.viewer("head"), at=now.now()
            )
        for incident in (first, second):
            assert standing(cast.viewer("deputy_dsl"), incident.id) is None
            assert incident.sphere == Sphere.STAFF_CONDUCT
        assert {each.known_as for each in queries.shown_people(first.id)} == {"bin_day_6", ""}


def test_an_account_taken_for_the_wrong_person_is_put_right(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast, Named(Part.ALLEGED, handle_platform="X", handle_name="bin_day_6"))
        handle = queries.shown_people(incident.id)[0].handle
        assert handle is not None
        for person in ("other_teacher", "mason"):
            with writing():
                actions.identify_handle(
                    incident, handle, cast.persons[person], "Said so.", by=cast.viewer("head"), at=now.now()
                )
        [involved] = queries.involvements(incident.id)
        assert involved.person_id == cast.persons["mason"]
        assert incident.sphere == Sphere.PUPIL
        assert db.session.scalar(select(func.count()).select_from(Involvement)) == 3


def test_who_had_looked_before_is_listed(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast, Named(Part.TARGET, cast.persons["isla"]))
        with writing():
            actions.add_words(incident, StatementKind.ADDITION, "More.", by=cast.viewer("deputy_dsl"), at=now.now())
        assert [act.verb for act in reach.looks_by(incident, cast.persons["deputy_dsl"])] == ["said"]
        assert reach.looks_by(incident, cast.persons["mason"]) == []


def test_what_was_said_stays_and_a_correction_stands_beside_it(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast)
        with writing():
            actions.add_words(
                incident, StatementKind.CORRECTION, "27, not 30.", by=cast.viewer("teacher"), at=now.now()
            )
        assert [(said.kind, said.words) for said in queries.statements(incident.id)] == [
            ("original", "A poll went round."),
            ("correction", "27, not 30."),
        ]


def test_particulars_are_put_right_beside_the_old_ones_with_a_reason(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast)
        by = cast.viewer("head")
        with pytest.raises(Refused, match="Say why"), writing():
            actions.correct_particulars(incident, {"control": Control.ON_SITE}, " ", by=by, at=now.now())
        with writing():
            actions.correct_particulars(
                incident, {"control": Control.ON_SITE}, "She was in the hall.", by=by, at=now.now()
            )
        assert [(row.number, row.control) for row in queries.all_particulars(incident.id)] == [
            (2, "on_site"),
            (1, "off_site"),
        ]


def test_a_part_put_right_lifts_the_conflict_it_made(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast, Named(Part.ALLEGED, cast.persons["other_teacher"]))
        [involved] = queries.involvements(incident.id)
        assert not sees(cast, "dsl", incident)
        with writing():
            actions.put_right(
                incident, involved, None, "It was a mix-up of names.", by=cast.viewer("head"), at=now.now()
            )
        assert queries.involvements(incident.id) == []
        assert sees(cast, "dsl", incident)


@pytest.mark.parametrize("answer", [Intimate.YES, Intimate.NOT_SURE])
def test_an_intimate_image_closes_the_incident_to_pictures_until_the_dsl_reopens_it(
    cast: Cast, answer: Intimate
) -> None:
    with cast.here():
        incident = recorded(
            cast, Named(Part.TARGET, cast.persons["isla"]), intimate=answer, device="In the office safe."
        )
        assert incident.pictures == Pictures.CLOSED
        kinds = set(db.session.scalars(select(Notice.kind).where(Notice.account_id == cast.accounts["dsl"])))
        assert kinds == {"danger"}
        with writing():
            actions.reopen_pictures(incident, by=cast.viewer("dsl"), at=now.now())
        assert incident.pictures == Pictures.REOPENED


def test_saying_yes_while_writing_alerts_the_safeguarding_leads_before_anything_is_sent(cast: Cast) -> None:
    with cast.here():
        by, at = cast.viewer("teacher"), now.now()
        with writing():
            draft = actions.start_draft(by=by, at=at)
            actions.answer_intimate(draft, Intimate.YES, by=by, at=at)
        told = set(db.session.scalars(select(Notice.account_id).where(Notice.kind == "danger")))
        assert told == {cast.accounts["dsl"], cast.accounts["deputy_dsl"]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": " "}, "words"),
        ({"spoken_to": ""}, "spoken_to"),
        ({"intimate": Intimate.YES}, "device"),
    ],
)
def test_what_must_be_answered_is(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        answers(**changes)
    assert refused.value.field == field


def test_another_persons_draft_is_not_there(cast: Cast) -> None:
    with cast.here():
        mine = uuid.uuid4()
        with writing():
            actions.start_draft(by=cast.viewer("teacher"), at=now.now(), draft_id=mine)
        with pytest.raises(NotPossibleNow), writing():
            actions.start_draft(by=cast.viewer("other_teacher"), at=now.now(), draft_id=mine)


def test_the_log_tells_the_acts_and_no_words(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast, Named(Part.WITNESS, given_name="Ann", family_name="Other", kind=PersonKind.PUBLIC))
        verbs = list(
            db.session.scalars(
                select(AuditEntry.verb).where(AuditEntry.matter_id == incident.id).order_by(AuditEntry.seq)
            )
        )
        assert verbs[:4] == ["recorded", "said", "wrote down", "involved"]
        assert "poll" not in str([entry.detail for entry in db.session.scalars(select(AuditEntry))]).lower()


def test_an_incident_of_staff_where_the_head_is_the_target_goes_down_the_chain(cast: Cast) -> None:
    with cast.here():
        incident = recorded(cast, Named(Part.TARGET, cast.persons["head"]), Named(Part.ALLEGED, cast.persons["mason"]))
        roles = {holder.role for holder in reach.who_has_it(incident, seats(now.now()))}
        assert roles == {Role.DSL, Role.DEPUTY_DSL}
        assert sees(cast, "head", incident, Right.SEE_WHAT_WAS_SAID_TO_THEM)


def test_how_an_account_became_known_is_told_only_where_it_was_said(cast: Cast) -> None:
    with cast.here():
        account = Named(Part.ALLEGED, handle_platform="Snapchat", handle_name="bin_day_6")
        first, second = recorded(cast), recorded(cast, words="Another.")
        for incident in (first, second):
            with writing():
                actions.involve(incident, account, by=cast.viewer("head"), at=now.now())
        shown = next(each for each in queries.shown_people(first.id) if each.handle)
        with writing():
            actions.identify_handle(
                first, shown.handle, cast.persons["jay"], "His sister said so.", by=cast.viewer("head"), at=now.now()
            )
        told = {each: queries.shown_in([first.id, second.id])[each] for each in (first.id, second.id)}
        because = {each: {one.because for one in shown if one.known_as} for each, shown in told.items()}
        assert because == {first.id: {"His sister said so."}, second.id: {""}}
