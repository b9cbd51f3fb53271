"""The demo's data tells believable stories that cover everything, and a slip of the pen in it is refused."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from incidents.access import Role
from incidents.casework import workflow as workflows
from incidents.casework.words import Finding, Outcome
from incidents.demo.cast import SchoolCast, schools
from incidents.demo.drawing import draw
from incidents.demo.reading import stories_of, usual
from incidents.demo.rules import rules_of
from incidents.demo.screen import DRAWABLE
from incidents.demo.stories import Story, Triage, Work
from incidents.demo.tables import DataWrong, Table
from incidents.demo.year import terms_around
from incidents.recording.hours import Control
from incidents.recording.words import Danger, Direction, Intimate, Method, Part

CASTS = schools()
STORIES = [(cast, story) for cast in CASTS for story in stories_of(cast)]
EACH = pytest.mark.parametrize(("cast", "story"), STORIES, ids=[story.key for _, story in STORIES])


def last_day_of_work(story: Story) -> int:
    """How many school days after the case was opened its last step is over."""
    if story.triage is None or story.work is None:
        return 0
    bank = usual()[story.triage.workflow]
    return max((story.work.days.get(key, bank[key].day) for key in story.work.steps), default=0)


# The shortest term has at least so many school days; what began in the first of the three may end in the second.
A_TERM = 45


def days_until_the_end(story: Story) -> int:
    """School days from the triage to the last day on which an act of this story may lie, on whatever day it is told."""
    return story.opened + (A_TERM if story.term == 2 else 0)


def test_the_two_schools_differ_in_nation_and_type() -> None:
    first, second = CASTS
    assert first.nation != second.nation
    assert first.school_type != second.school_type


def test_the_first_school_has_three_terms_of_about_120_incidents() -> None:
    told = Counter(story.term for story in stories_of(CASTS[0]))
    assert 110 <= told.total() <= 130
    assert min(told[0], told[1], told[2]) >= 35
    assert len(stories_of(CASTS[1])) == 15


def test_earlier_terms_are_mostly_closed_and_the_present_one_is_not() -> None:
    cases = [story for story in stories_of(CASTS[0]) if story.work]
    open_in = Counter(story.term for story in cases if not story.work.close or story.work.reopened)
    assert open_in[1] == open_in[2] == 0
    assert open_in[0] >= 20


def test_the_term_before_ends_better_than_it_began() -> None:
    days = [story.day for story in stories_of(CASTS[0]) if story.term == 1]
    assert sum(day >= 25 for day in days) >= 2 * sum(day < 25 for day in days)


def test_every_direction_is_told() -> None:
    assert {story.direction for _, story in STORIES} == set(Direction)


def test_every_role_is_held_by_somebody() -> None:
    held = {role for cast in CASTS for someone in cast.people for role in someone.roles}
    assert held == set(Role)


@pytest.mark.parametrize("cast", CASTS, ids=lambda cast: cast.key)
def test_two_administrators_can_give_a_privileged_role_together(cast: SchoolCast) -> None:
    assert len(cast.with_role(Role.ADMINISTRATOR)) == 2


@pytest.mark.parametrize("key", workflows.keys())
def test_every_workflow_has_a_case_under_way_one_closed_and_one_reopened(key: str) -> None:
    works = [s.work for _, s in STORIES if s.work and s.triage and s.triage.workflow == key]
    assert any(not work.close for work in works)
    assert any(work.close and not work.reopened for work in works)
    assert any(work.reopened for work in works)


@EACH
def test_what_is_closed_had_time_for_all_its_steps(cast: SchoolCast, story: Story) -> None:
    if story.work and story.work.close and story.triage:
        reopened = story.work.reopened.after + 1 if story.work.reopened else 0
        assert last_day_of_work(story) + 1 + reopened <= days_until_the_end(story)
        assert set(story.work.steps) == {step.key for step in workflows.load(story.triage.workflow).steps}


@EACH
def test_nothing_is_planned_for_a_day_that_has_not_come(cast: SchoolCast, story: Story) -> None:
    assert last_day_of_work(story) <= days_until_the_end(story)
    later = [story.triage.again.after] if story.triage and story.triage.again else []
    later += [story.work.known.after] if story.work and story.work.known else []
    assert all(after <= days_until_the_end(story) for after in later)


@EACH
def test_no_step_is_over_before_the_one_it_waits_for(cast: SchoolCast, story: Story) -> None:
    if story.triage and story.work:
        bank = usual()[story.triage.workflow]
        days = {key: story.work.days.get(key, bank[key].day) for key in story.work.steps}
        for step in workflows.load(story.triage.workflow).steps:
            if step.key in days and step.waits_for:
                assert days[step.waits_for] <= days[step.key]


@EACH
def test_titles_carry_no_name(cast: SchoolCast, story: Story) -> None:
    names = {part for each in (*cast.people, *cast.pupils, *cast.kin) for part in (each.given, each.family) if part}
    assert not names & set(story.title.replace("’s", "").split())


@EACH
def test_pictures_hold_only_letters_that_the_font_has(cast: SchoolCast, story: Story) -> None:
    for shot in story.shots:
        picture = shot.picture
        words = "".join((picture.title, picture.subtitle, picture.day, picture.words, picture.caption, *picture.lines))
        assert set(words) - set("\n") <= DRAWABLE


@EACH
def test_every_picture_can_be_drawn(cast: SchoolCast, story: Story) -> None:
    for shot in story.shots:
        if shot.picture.kind != "print":
            assert draw(replace(shot.picture, phone="small")).image.size == (750, 1334)


@EACH
def test_whoever_recorded_it_is_somebody_who_may(cast: SchoolCast, story: Story) -> None:
    [someone] = [each for each in cast.people if each.key == story.by]
    assert someone.kind == "staff"
    assert not set(someone.roles) <= {Role.ADMINISTRATOR, Role.DPO, Role.TRUST_LEAD}


@EACH
def test_no_picture_is_kept_where_an_intimate_image_might_be(cast: SchoolCast, story: Story) -> None:
    if story.intimate is not Intimate.NO:
        assert not story.shots
        assert story.device


def test_one_school_has_its_own_rules_and_the_other_a_pack_past_its_review() -> None:
    own, loaded = (rules_of(cast) for cast in CASTS)
    assert [len(policy.later) for policy in own.policies] == [2, 0]
    [policy] = loaded.policies
    assert policy.first.policy.review_on
    assert policy.first.policy.review_on < date(2018, 1, 1)


def test_a_later_version_changes_only_what_its_file_says() -> None:
    [online, _] = rules_of(CASTS[0]).policies
    second = online.later[0].words(online.first.policy)
    before = {clause.code: clause for clause in online.first.policy.clauses}
    changed = {clause.code for clause in second.clauses if before.get(clause.code) != clause}
    assert changed == {"S1", "S4", "P3"}


@EACH
def test_what_a_story_cites_stands_in_a_policy_of_its_school(cast: SchoolCast, story: Story) -> None:
    rules = {policy.key: policy for policy in rules_of(cast).policies}
    for named in story.triage.answers.rules if story.triage else ():
        where, code = named.split()
        if where != "law":
            codes = {
                clause.code for each in rules[where].later for clause in each.words(rules[where].first.policy).clauses
            }
            assert code in codes | {clause.code for clause in rules[where].first.policy.clauses}


def the(key: str) -> Story:
    [found] = [story for _, story in STORIES if story.key == key]
    return found


def test_some_are_new_and_in_one_of_them_somebody_may_be_in_danger() -> None:
    new = [story for _, story in STORIES if story.triage is None]
    assert len(new) >= 4
    assert any(story.danger is not Danger.NO for story in new)


def test_one_is_about_the_head_and_the_head_decides_nothing_in_it() -> None:
    story = the("head_post")
    assert story.people[Part.ALLEGED] == ("ellerby",)
    assert story.triage is not None
    assert (story.triage.answers.by, story.triage.owner) == ("reid", "reid")


def test_a_head_who_is_the_target_decides_nothing_either() -> None:
    for cast, story in STORIES:
        heads = {someone.key for someone in cast.with_role(Role.HEADTEACHER)}
        if heads & story.named and story.triage:
            assert not heads & {story.triage.answers.by, story.triage.owner}


def triage_of(key: str) -> Triage:
    found = the(key).triage
    assert found is not None
    return found


def test_an_incident_is_added_to_a_case_that_is_open() -> None:
    assert triage_of("cinema_again").joins == "cinema_chat"


def test_a_later_decision_takes_the_place_of_an_earlier_one() -> None:
    assert triage_of("nickname").again


def test_one_ends_without_action_and_one_holds_words_only() -> None:
    assert triage_of("made_up").then == "none"
    assert the("words_only").intimate is Intimate.NOT_SURE


def test_an_unknown_account_proves_to_be_a_pupil() -> None:
    work = the("not_priyanka").work
    assert work is not None
    assert work.known is not None
    assert work.known.person in {pupil.key for pupil in CASTS[0].pupils}


def work_of(key: str) -> Work:
    found = the(key).work
    assert found is not None
    return found


def test_a_chat_that_came_back_three_times_is_one_case_and_the_restorative_work_holds() -> None:
    assert [triage_of(key).joins for key in ("third_time_2", "third_time_3")] == ["third_time"] * 2
    assert Outcome.RESTORATIVE in work_of("third_time").outcomes
    assert work_of("third_time").reopened is None


def test_the_owner_of_a_fake_account_is_known_only_after_weeks() -> None:
    known = work_of("not_megan").known
    assert known is not None
    assert known.after > 20


def test_of_a_picture_made_with_ai_there_are_words_only() -> None:
    story = the("ai_picture")
    assert (story.method, story.intimate, story.shots) == (Method.AI_IMAGE, Intimate.YES, ())
    assert triage_of("ai_picture").owner == CASTS[0].on_duty


def test_a_member_of_staff_is_cleared_and_supported() -> None:
    work = work_of("forged_message")
    assert (work.finding, Outcome.SUPPORT_STAFF in work.outcomes) == (Finding.MALICIOUS, True)


def test_in_a_school_without_a_trust_the_chair_alone_decides_about_the_head() -> None:
    decided = triage_of("reply_at_night")
    [chair] = CASTS[1].with_role(Role.CHAIR)
    assert {decided.answers.by, decided.owner} == {chair.key}


def test_what_a_school_posted_without_consent_is_down_the_same_day() -> None:
    for _, story in STORIES:
        if story.work and story.triage and story.triage.workflow == "school_account_consent":
            assert story.work.days.get("remove", 0) == 0


def test_a_teacher_is_the_mother_of_a_pupil_said_to_have_done_it() -> None:
    assert "finn" in the("lesson_clip").people[Part.ALLEGED]
    assert any(kin.key == "hartnoll" and "finn" in kin.of for kin in CASTS[0].kin)


def test_files_of_every_kind_arrive() -> None:
    counted = Counter(shot.encoding for _, story in STORIES for shot in story.shots)
    assert set(counted) == {"png", "jpeg", "heic", "photo", "pdf"}


def test_places_of_every_kind_occur() -> None:
    assert {story.place for _, story in STORIES} == set(Control)


def test_a_key_that_nothing_reads_is_refused() -> None:
    table = Table({"key": "a", "wrods": "slip"}, "story")
    table.text("key")
    with pytest.raises(DataWrong, match="nothing reads wrods"):
        table.done()


@pytest.mark.parametrize("raw", [{}, {"key": 3}])
def test_a_missing_or_misshapen_key_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(DataWrong, match="key"):
        Table(raw, "story").text("key")


@pytest.mark.parametrize("made_on", [date(2026, 1, 10), date(2026, 9, 1), date(2026, 11, 21), date(2031, 8, 3)])
def test_terms_go_from_before_the_day_to_well_after_it(made_on: date) -> None:
    terms = terms_around(made_on)
    assert terms[0].last < made_on
    assert sum(term.first > made_on for term in terms) >= 3
    assert all(earlier.last < later.first for earlier, later in pairwise(terms))
