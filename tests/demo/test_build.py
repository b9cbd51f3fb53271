"""The demo, made once: two schools whose records are whole, in every state, and keep what must be kept apart."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from incidents.access import Right
from incidents.accounts.actions import sign_in
from incidents.accounts.models import Account
from incidents.accounts.queries import viewer_of
from incidents.accounts.viewer import Viewer
from incidents.audit.queries import verify_every_chain
from incidents.casework import queries as cases
from incidents.casework import workflow as workflows
from incidents.casework.established import finding_of
from incidents.casework.models import Case
from incidents.casework.words import CaseState
from incidents.citations.queries import standing_in
from incidents.database import across_schools, of_school
from incidents.declarations.shares import by_class, share
from incidents.demo.build import build
from incidents.demo.cast import PASSWORD, schools
from incidents.demo.reading import stories_of
from incidents.errors import NotPossibleNow
from incidents.extensions import db
from incidents.files.models import File, FileState
from incidents.governors.annexed import Annexes
from incidents.governors.models import EditionState, ReportEdition
from incidents.matters.models import Matter
from incidents.matters.visibility import seen_with, standing
from incidents.people.models import Identification
from incidents.policies.kinds import Audience
from incidents.policies.queries import in_force, policies_with_drafts, reviews_due
from incidents.policies.versions import is_past_review
from incidents.recording.models import Incident, IncidentState, Statement, StatementKind
from incidents.schools.models import School, Term
from incidents.schools.queries import calendar
from incidents.triage.queries import needs_now
from incidents.triage.today import Rank
from tests.triage.recorded import number_on_tab

MADE = datetime(2026, 11, 23, 8, 10, tzinfo=UTC)
THORNMERE = schools()[0]
RIGHTS_TO_SEE = tuple(Right)


@contextmanager
def within(demo: Flask, name: str) -> Iterator[None]:
    with demo.app_context():
        with across_schools():
            school_id = db.session.scalars(select(School.id).where(School.name == name)).one()
        with of_school(school_id):
            yield


def viewer(key: str) -> Viewer:
    """Somebody of the first school at the moment when the demo was made."""
    [someone] = [each for each in THORNMERE.people if each.key == key]
    return viewer_of(db.session.scalars(select(Account).where(Account.email == THORNMERE.email(someone))).one(), MADE)


def incident(words: str) -> Incident:
    """The incident in whose first words this stands."""
    said = select(Statement.incident_id).where(
        Statement.words.contains(words), Statement.kind == StatementKind.ORIGINAL
    )
    return db.session.scalars(select(Incident).where(Incident.id.in_(said))).one()


@pytest.mark.parametrize("cast", schools(), ids=lambda cast: cast.key)
def test_every_story_became_an_incident_in_the_state_it_tells_of(demo: Flask, cast) -> None:
    told = Counter(
        "recorded" if story.triage is None else "no_further_action" if story.triage.then == "none" else "in_case"
        for story in stories_of(cast)
    )
    with within(demo, cast.name):
        kept = Counter(IncidentState(each.state).value for each in db.session.scalars(select(Incident)))
    assert kept == told


def test_the_log_of_both_schools_holds(demo: Flask) -> None:
    with demo.app_context(), across_schools():
        _, broken = verify_every_chain()
    assert broken == []


@pytest.mark.parametrize("key", workflows.keys())
def test_each_workflow_has_cases_on_time_overdue_closed_and_reopened(demo: Flask, key: str) -> None:
    states: set[str] = set()
    for cast in schools():
        with within(demo, cast.name):
            for case in db.session.scalars(select(Case).where(Case.workflow == key)):
                states.add(state_of(case))
    assert states == {"on time", "overdue", "closed", "reopened"}


def state_of(case: Case) -> str:
    if case.state == CaseState.CLOSED:
        return "closed"
    if finding_of(case) and case.outcome and cases.closing_facts(case).steps and not todo(case):
        return "reopened"
    late = [step for step in cases.steps_now(cases.steps_of(case), MADE, calendar()) if step.late]
    return "overdue" if late else "on time"


def todo(case: Case) -> list[str]:
    return [step.key for step in cases.steps_of(case) if step.state == "todo"]


def test_every_file_lies_sealed_in_its_incident(demo: Flask) -> None:
    for cast in schools():
        with within(demo, cast.name):
            files = db.session.scalars(select(File)).all()
        assert len(files) == sum(len(story.shots) for story in stories_of(cast))
        assert all(file.state == FileState.SEALED and file.matter_id for file in files)


def test_pictures_of_every_kind_arrived(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        kinds = set(db.session.scalars(select(File.media_type)))
    assert kinds == {"image/png", "image/jpeg", "image/heic", "application/pdf"}


def test_the_head_finds_no_trace_of_the_case_about_her(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        about_her = incident("three evenings")
        assert standing(viewer("ellerby"), about_her.id) is None
        assert standing(viewer("reid"), about_her.id) is not None
        in_sight = set(db.session.scalars(select(Matter.id).where(seen_with(viewer("ellerby"), *RIGHTS_TO_SEE))))
        together = set(db.session.scalars(select(Matter.id).where(Matter.anchor_id == about_her.anchor_id)))
    assert len(together) == 2
    assert not in_sight & together


@pytest.mark.parametrize("key", ["ellerby", "malik", "drysdale", "chaudhary", "mensah", "amankwah"])
def test_the_number_on_the_tab_is_what_the_first_page_lists(demo: Flask, key: str) -> None:
    with within(demo, THORNMERE.name):
        them = viewer(key)
        assert number_on_tab(them) == sum(item.rank < Rank.TO_READ for item in needs_now(them)) > 0


def test_a_mother_on_the_staff_finds_nothing_about_her_son(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        assert standing(viewer("hartnoll"), incident("Finn filmed").id) is None


def test_a_pupil_was_found_behind_an_unknown_account(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        assert len(db.session.scalars(select(Identification)).all()) == 3


def cited(words: str) -> list[tuple[str, str, str]]:
    """What is cited in an incident: which rule, of which version, as what."""
    return [(row.citation.code, row.citation.version, row.citation.meant_as) for row in standing_in(incident(words))]


def test_what_happened_before_and_after_a_change_is_judged_by_different_versions(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        assert cited("animals, but somebody has to herd them") == [("S1", "1", "breached")]
        assert cited("they can’t read them anyway") == [("S1", "2", "breached")]


def test_an_invitation_is_cited_as_context_and_a_law_as_relevant(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        assert cited("Five one-star reviews") == [("P1", "2", "context"), ("", "2026-11", "relevant")]


def test_a_policy_waits_for_the_chair_and_another_for_its_review(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        [draft] = [draft for _, draft in policies_with_drafts() if draft]
        assert (bool(draft.head_by), bool(draft.chair_by)) == (True, False)
        [due] = reviews_due(MADE.date())
        assert (due.review_on - MADE.date()).days == 30
    with within(demo, schools()[1].name):
        assert [is_past_review(each.review_on, MADE.date()) for each in reviews_due(MADE.date())] == [True]


def test_staff_and_three_classes_have_answered_in_part(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        version = next(each for each in in_force(MADE.date()) if each.number == 2)
        staff = share(version.id, Audience.STAFF, MADE.date())
        classes = {
            form: each for (_, form), each in by_class([version.id], MADE.date())[version.id].items() if each.signed
        }
    assert (staff.signed, staff.asked) == (20, 22)
    assert {form: (each.signed, each.declined, each.asked) for form, each in classes.items()} == {
        "8B": (3, 0, 4), "8C": (2, 1, 4), "11C": (3, 0, 3),
    }  # fmt: skip


def test_two_terms_are_reported_and_the_third_has_been_begun(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        found = db.session.execute(
            select(Term.name, ReportEdition.state).join(Term, Term.id == ReportEdition.term_id).order_by(Term.starts)
        ).all()
    assert [tuple(row) for row in found] == [
        ("Spring term 2026", EditionState.PUBLISHED),
        ("Summer term 2026", EditionState.PUBLISHED),
        ("Autumn term 2026", EditionState.DRAFT),
    ]


def test_an_annex_is_for_the_chair_and_for_the_head_there_is_none(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        assert [annex.state for annex, _ in Annexes(viewer("reid")).theirs()] == ["draft", "published"]
        assert [annex.state for annex, _ in Annexes(viewer("tideswell")).theirs()] == ["published"]
        assert Annexes(viewer("ellerby")).theirs() == []


def test_a_chat_that_came_back_three_times_is_one_case(demo: Flask) -> None:
    with within(demo, THORNMERE.name):
        together = [
            incident(words).anchor_id for words in ("ACTUALLY", "“hands up”, and its picture", "a set of stickers")
        ]
    assert len(set(together)) == 1


def test_whoever_safeguards_was_written_to_at_once_about_danger(demo: Flask) -> None:
    outbox = demo.config["SETTINGS"].data / "outbox"
    letters = [path.read_text() for path in outbox.iterdir()]
    assert any("nasreen.malik@" in letter for letter in letters)
    assert not any("ethan.okonjo" in letter.lower() for letter in letters)


def test_everybody_in_the_cast_can_sign_in(demo: Flask) -> None:
    with demo.app_context():
        for cast in schools():
            [someone] = [each for each in cast.people if each.key == cast.on_duty]
            assert sign_in(cast.email(someone), PASSWORD, MADE).account.name == someone.name


def test_it_is_made_only_where_no_school_is(demo: Flask) -> None:
    with demo.app_context(), pytest.raises(NotPossibleNow, match="a school here already"):
        build(MADE)
