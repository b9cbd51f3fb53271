"""What parents' answers come to for one child, one channel and one day. A withdrawal is obeyed at once; in doubt it is no."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class Answer(StrEnum):
    """What somebody answered for one channel."""

    NO = "no"
    PICTURE = "picture"
    NAME_TOO = "name_too"


ANSWER_LABELS: Final[Mapping[Answer, str]] = {
    Answer.NO: "No",
    Answer.PICTURE: "Picture",
    Answer.NAME_TOO: "Picture and name",
}


class How(StrEnum):
    """How it was said."""

    FORM = "form"
    SPOKEN = "spoken"
    WRITTEN = "written"
    ONLINE = "online"


HOW_LABELS: Final[Mapping[How, str]] = {
    How.FORM: "On the form",
    How.WRITTEN: "In a letter or e-mail",
    How.SPOKEN: "In person or by telephone",
    How.ONLINE: "Online",
}


@dataclass(frozen=True)
class Said:
    """One answer, by one person (none: a form without a name that we know), holding from a day on."""

    answer: Answer
    starts: date
    until: date | None
    said_by: uuid.UUID | None
    at: datetime


def effective(
    answers: Iterable[Said], may_agree: Collection[uuid.UUID], day: date, *, kept_back: bool = False
) -> Answer:
    """The one answer that holds on this day.

    Each person's latest answer counts; one no outweighs every yes. A yes counts from those who may agree (parental
    responsibility, the child) and from a form on file. `kept_back` is the flag that only safeguarding leads read: it
    comes out as a consent that was not given, and as nothing else.
    """
    by_person: dict[uuid.UUID | None, list[Said]] = {}
    for each in answers:
        if each.starts <= day:
            by_person.setdefault(each.said_by, []).append(each)
    latest = [_latest(several) for several in by_person.values()]
    agreed = [
        each.answer
        for each in latest
        if each.answer is not Answer.NO
        and (each.until is None or day <= each.until)
        and (each.said_by is None or each.said_by in may_agree)
    ]
    if kept_back or not agreed or any(each.answer is Answer.NO for each in latest):
        return Answer.NO
    return Answer.NAME_TOO if all(answer is Answer.NAME_TOO for answer in agreed) else Answer.PICTURE


def _latest(several: list[Said]) -> Said:
    """The last that one person said. A no undoes every yes that was entered before it, also one that starts later."""
    refusals = [each for each in several if each.answer is Answer.NO]
    standing = [each for each in several if each.answer is Answer.NO or not any(no.at >= each.at for no in refusals)]
    return max(
        standing, key=lambda each: (each.starts, each.at, each.answer is Answer.NO, each.answer is Answer.PICTURE)
    )
