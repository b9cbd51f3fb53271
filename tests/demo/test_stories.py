"""The demo's data tells believable stories that cover everything, and a slip of the pen in it is refused."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from incidents.access import Role
from incidents.casework import workflow as workflows
from incidents.demo.cast import SchoolCast, schools
from incidents.demo.drawing import draw
from incidents.demo.screen import DRAWABLE
from incidents.demo.stories import Story, Triage, stories_of, usual
from incidents.demo.tables import DataWrong, Table
from incidents.demo.year import terms_around
from incidents.recording.hours import Control
from incidents.recording.words import Danger, Direction, Intimate, Part

CASTS = schools()
STORIES = [(cast, story) for cast in CASTS for story in stories_of(cast)]
EACH = pytest.mark.parametrize(("cast", "story"), STORIES, ids=[story.key for _, story in STORIES])


def last_day_of_work(story: Story) -> int:
    """How many school days after the case was opened its last step is over."""
    if story.triage is None or story.work is None:
        return 0
    bank = usual()[story.triage.workflow]
    return max((story.work.days.get(key, bank[key].day) for key in story.work.steps), default=0)


def test_the_two_schools_differ_in_nation_and_type() -> None:
    first, second = CASTS
    assert first.nation != second.nation
    assert first.school_type != second.school_type


def test_there_are_about_sixty_incidents_most_of_them_in_the_first_school() -> None:
    first, second = (len(stories_of(cast)) for cast in CASTS)
    assert 55 <= first + second <= 66
    assert first > 3 * second


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
        assert last_day_of_work(story) + 1 + reopened <= story.opened
        assert set(story.work.steps) == {step.key for step in workflows.load(story.triage.workflow).steps}


@EACH
def test_nothing_is_planned_for_a_day_that_has_not_come(cast: SchoolCast, story: Story) -> None:
    assert last_day_of_work(story) <= story.opened
    later = [story.triage.again.after] if story.triage and story.triage.again else []
    later += [story.work.known.after] if story.work and story.work.known else []
    assert all(after <= story.day for after in later)


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
