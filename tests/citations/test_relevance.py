"""The five laws that stand first: what the record points to, then what is usual; nothing grave without a reason."""

from datetime import date

import pytest

from incidents.citations.relevance import FEW_LAWS, ranked
from incidents.matters.words import Direction, Method
from incidents.schools import statutes
from incidents.schools.statutes import Statute, Topic
from tests.citations.rules import happening

DAY = date(2026, 11, 20)
GRAVE = {
    Topic.CHILD_IMAGES,
    Topic.HAVING_CHILD_IMAGES,
    Topic.SENDING_GENITALS,
    Topic.SELF_HARM,
    Topic.CONTACT_WITH_CHILDREN,
}


def first(direction: Direction, method: Method, words: str = "", nation: str = "england") -> list[Statute]:
    several = statutes.likely(nation, "maintained", DAY, DAY, direction=direction, method=method)
    return ranked(several, happening(direction=direction, method=method, words=words))[:FEW_LAWS]


@pytest.mark.parametrize(
    ("direction", "method", "words", "topic"),
    [
        (Direction.PUPIL_TO_PUPIL, Method.GROUP_CHAT, "", Topic.BEHAVIOUR),
        (Direction.PUPIL_TO_PUPIL, Method.GROUP_CHAT, "i will stab you on monday", Topic.THREATS),
        (Direction.PUPIL_TO_PUPIL, Method.DIRECT_MESSAGE, "he asked for a nude", Topic.SHARING_INTIMATE),
        (Direction.PUPIL_TO_PUPIL, Method.AI_IMAGE, "", Topic.SHARING_INTIMATE),
        (Direction.PARENT_TO_STAFF, Method.WEBSITE_COMMENT, "", Topic.DEFAMATION),
        (Direction.STAFF_CONTACT, Method.DIRECT_MESSAGE, "", Topic.CONTACT_WITH_CHILDREN),
        (Direction.SCHOOL_ACCOUNT, Method.OTHER, "", Topic.PERSONAL_DATA),
        (Direction.UNKNOWN_AUTHOR, Method.TEXT_MESSAGE, "it wrote all night", Topic.PERSISTENT_MESSAGES),
    ],
)
def test_what_the_record_points_to_stands_among_the_first_two(direction, method, words, topic):
    assert topic in [each.topic for each in first(direction, method, words)[:2]]


@pytest.mark.parametrize("nation", [each.value for each in statutes.Nation])
def test_nothing_grave_stands_first_for_words_in_a_chat(nation):
    found = first(Direction.PUPIL_TO_PUPIL, Method.GROUP_CHAT, "they called her names", nation)
    assert found
    assert not GRAVE & {each.topic for each in found}


def test_each_of_the_first_is_about_something_else():
    topics = [each.topic for each in first(Direction.PUPIL_TO_PUPIL, Method.GROUP_CHAT)]
    assert len(set(topics)) == len(topics) == FEW_LAWS


def test_nothing_is_lost_by_the_order():
    several = statutes.load().rows
    assert sorted(each.key for each in ranked(several, happening())) == sorted(each.key for each in several)
