"""Facts for the tests of power, said shortly: stand-in grounds, and one function that fills in the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from incidents.recording.hours import Control, SchoolTime
from incidents.recording.words import Direction, PersonKind
from incidents.triage.action_tests import Answer, Reasonable, ReasonableAnswer, TestAnswer, TestName
from incidents.triage.power import Power, PowerFacts, power

FRIDAY = date(2026, 11, 20)


@dataclass(frozen=True)
class StandInGround:
    text: str
    source: str = "a source"
    confirm: bool = False


GROUNDS: Mapping[str, StandInGround] = {
    "pupil_on_site": StandInGround("its ordinary power over behaviour"),
    "pupil_off_site": StandInGround("section 89(5) of the Education and Inspections Act 2006"),
    "staff": StandInGround("the contract and the staff code of conduct"),
    "governor": StandInGround("the governors’ code of conduct"),
    "volunteer": StandInGround("the agreement with volunteers"),
    "parent": StandInGround("meet, and point to the complaints policy"),
    "public": StandInGround("report the post"),
}

ANSWERS = {"y": Answer.MET, "n": Answer.NOT_MET, "?": Answer.UNCLEAR}
REASONABLES = {"y": Reasonable.YES, "n": Reasonable.NO, "?": Reasonable.UNCLEAR}
TIMES = {
    "in": SchoolTime.IN_HOURS,
    "out": SchoolTime.OUT_OF_HOURS,
    "both": SchoolTime.SPANS,
    "?": SchoolTime.UNKNOWN,
}
PLACES = {
    "site": Control.ON_SITE,
    "trip": Control.SCHOOL_ACTIVITY,
    "off": Control.OFF_SITE,
    "?": Control.UNKNOWN,
}


def answers(letters: str) -> dict[TestName, TestAnswer]:
    """“yn?” is running met, threat not met, reputation unclear; “-” is not answered."""
    return {test: TestAnswer(ANSWERS[letter]) for test, letter in zip(TestName, letters, strict=True) if letter != "-"}


def people(words: str) -> dict[PersonKind, int]:
    """“2 pupil, 1 parent”; empty when nobody alleged is on the record."""
    pairs = [part.split() for part in words.split(",") if part.strip()]
    return {PersonKind(kind): int(count) for count, kind in pairs}


def decide(
    direction: str,
    who: str = "",
    time: str = "out",
    place: str = "off",
    tests: str = "---",
    reasonable: str = "-",
    *,
    considered: tuple[str, ...] = (),
    **more: object,
) -> Power:
    given = None if reasonable == "-" else ReasonableAnswer(REASONABLES[reasonable], considered)
    facts = {"grounds": GROUNDS, "nation": "england", "day_from": FRIDAY, **more}
    return power(
        PowerFacts(
            direction=Direction(direction),
            alleged=people(who),
            time=TIMES[time],
            control=PLACES[place],
            answers=answers(tests),
            reasonable=given,
            **facts,  # type: ignore[arg-type]  # a table of mixed values
        )
    )
