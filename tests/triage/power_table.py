"""The table that a headteacher can read: who did it, when, where, which tests are met; and what the school may do."""

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from incidents.recording.hours import Control, SchoolTime
from incidents.recording.words import DIRECTION_LABELS, PersonKind
from incidents.schools.jurisdiction import Nation, SchoolType, load
from incidents.schools.statutes import NATION_NAMES
from incidents.triage.action_tests import TITLES, Answer, Reasonable, ReasonableAnswer, TestAnswer, TestName
from incidents.triage.facts import May, Power, PowerFacts
from incidents.triage.power import power
from tests.triage.power_cases import FRIDAY

FILE = Path(__file__).with_name("power_table.csv")
WHEN = {
    "in school hours": SchoolTime.IN_HOURS,
    "outside school hours": SchoolTime.OUT_OF_HOURS,
    "partly in school hours": SchoolTime.SPANS,
    "time not known": SchoolTime.UNKNOWN,
}
WHERE = {
    "in school": Control.ON_SITE,
    "on a school activity": Control.SCHOOL_ACTIVITY,
    "off-site": Control.OFF_SITE,
    "place not known": Control.UNKNOWN,
}
WHO = {
    "a pupil": {PersonKind.PUPIL: 1},
    "two pupils": {PersonKind.PUPIL: 2},
    "three pupils": {PersonKind.PUPIL: 3},
    "a member of staff": {PersonKind.STAFF: 1},
    "two members of staff": {PersonKind.STAFF: 2},
    "a governor": {PersonKind.GOVERNOR: 1},
    "a volunteer": {PersonKind.VOLUNTEER: 1},
    "a parent": {PersonKind.PARENT: 1},
    "two parents": {PersonKind.PARENT: 2},
    "someone outside the school": {PersonKind.PUBLIC: 1},
    "nobody": {},
}
DIRECTIONS = {label: direction for direction, label in DIRECTION_LABELS.items()}
NATIONS = {name: nation for nation, name in NATION_NAMES.items()}
ANSWERS = {
    "may act": May.MAY_ACT,
    "may look into it": May.MAY_ACT,
    "may not punish": May.MAY_NOT_PUNISH,
    "has no power to punish": May.NO_POWER,
    "cannot say yet": May.UNDECIDED,
}
REASONABLE = {"yes": Reasonable.YES, "no": Reasonable.NO, "unclear": Reasonable.UNCLEAR}
NOT_GIVEN = ("not asked", "not answered yet")


class Row(NamedTuple):
    """One row, in the order of the file."""

    nation: str
    school: str
    direction: str
    who: str
    when: str
    where: str
    met: str
    reasonable: str
    answer: str
    ground: str


def rows() -> list[Row]:
    """Every row of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [Row(*each) for each in list(csv.reader(file))[1:]]


def decided(row: Row) -> Power:
    """What the product says of it, by the pack of the row's nation and type of school."""
    nation = Nation(NATIONS[row.nation])
    given = REASONABLE.get(row.reasonable)
    return power(
        PowerFacts(
            direction=DIRECTIONS[row.direction],
            alleged=WHO[row.who],
            time=WHEN[row.when],
            control=WHERE[row.where],
            grounds=load(nation, SchoolType(row.school)).grounds,
            nation=nation,
            answers=_answers(row.met),
            reasonable=ReasonableAnswer(given) if given else None,
            day_from=FRIDAY,
        )
    )


def _answers(met: str) -> dict[TestName, TestAnswer]:
    if met in NOT_GIVEN:
        return {}
    if met == "all unclear":
        return {test: TestAnswer(Answer.UNCLEAR) for test in TestName}
    words = met.lower()
    return {test: TestAnswer(Answer.MET if TITLES[test].lower() in words else Answer.NOT_MET) for test in TestName}


def document() -> str:
    """The whole of docs/power.md."""
    return "\n".join([*_START, *_tables(), ""])


_START = (
    "# What the school may do: a table",
    "",
    "Drawn from `tests/triage/power_table.csv`: `make docs` writes this page, and each row is tested against the rule in",
    "`incidents/triage/power.py` with the pack of its nation and type of school. It is information, not advice; what a",
    "lawyer has not confirmed says so on the page “Law and words”.",
    "",
    "The three tests are asked only where a pupil did it, or may have, and it was outside school hours, off-site, or one of",
    "the two is not known. Whether acting is reasonable is asked only off-site. Over a parent or a stranger no answer gives",
    "any power; over staff, governors and volunteers the ground is what they agreed to, whatever the tests say.",
)


def _tables() -> Iterator[str]:
    heads = (
        "direction",
        "who",
        "when",
        "where",
        "tests met",
        "reasonable?",
        "the school",
        "because, or on the ground of",
    )
    for (nation, school), several in groupby(rows(), key=lambda row: (row.nation, row.school)):
        yield from ("", f"## {nation}, {school} school", "")
        yield f"| {' | '.join(heads)} |"
        yield f"| {' | '.join(['---'] * len(heads))} |"
        yield from (f"| {' | '.join(row[2:])} |" for row in several)
