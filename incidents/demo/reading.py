"""Reads the incidents of the demo from its data files, strictly: what does not fit is refused with its place."""

import re
from datetime import time
from functools import cache

from incidents.casework import workflow as workflows
from incidents.casework.words import Finding, Outcome, Records
from incidents.demo.cast import SchoolCast
from incidents.demo.drawing import KINDS, Picture
from incidents.demo.stories import (
    HEAD_OF_YEAR,
    Answers,
    DayBack,
    Known,
    Later,
    Reopened,
    Shot,
    Story,
    Triage,
    Usual,
    When,
    Work,
)
from incidents.demo.tables import DataWrong, Table, read_file
from incidents.recording.hours import Control
from incidents.recording.models import StatementKind
from incidents.recording.words import Danger, Direction, Intimate, Method, Part
from incidents.triage.action_tests import (
    CONSIDERATIONS,
    REASONS,
    Answer,
    Reasonable,
    ReasonableAnswer,
    TestAnswer,
    TestName,
)
from incidents.triage.answers import NO_ACTION_REASONS
from incidents.triage.questions import YesNo

ENCODINGS = ("png", "jpeg", "heic", "photo", "pdf")
"""How a picture arrives: as the phone saved it, photographed with a second phone (HEIC), or printed to a PDF."""

_MOMENT = re.compile(r"([ds])(\d+)(?: (\d\d:\d\d))?")
# What stands for a test that a story asks but does not speak of, and for the last question after the tests.
_NOTHING = "not_met nothing_points_to_it"
_REACHES_IN = "yes reaches_into_school"


def _when(text: str, where: str) -> When:
    if text == "unknown":
        return When()
    ends = [_MOMENT.fullmatch(each) for each in text.split("..")]
    if len(ends) > 2 or None in ends:
        raise DataWrong(f"{where}: when is {text!r}; write d1 21:04, s0, d3..d1 or unknown.")
    days = [
        DayBack(end[1], int(end[2]), time.fromisoformat(end[3]) if end[3] else None) for end in ends if end is not None
    ]
    return When(days[0], days[1] if len(days) == 2 else None)


def _test(text: str, test: TestName, where: str) -> TestAnswer:
    answer, *reasons = text.split()
    known = {reason.key for reason in REASONS[test] if reason.answer is Answer(answer)}
    if not set(reasons) <= known or not reasons:
        raise DataWrong(f"{where}: {test.value} is {answer} because {reasons}; there are {sorted(known)}.")
    return TestAnswer(Answer(answer), tuple(reasons))


def _reasonable(text: str, says: str, where: str) -> ReasonableAnswer:
    answer, *considered = text.split()
    unknown = set(considered) - {each.key for each in CONSIDERATIONS}
    if unknown:
        raise DataWrong(f"{where}: nothing to consider is called {', '.join(sorted(unknown))}.")
    return ReasonableAnswer(Reasonable(answer), tuple(considered), says)


def _answers(table: Table, by: str, *, later: bool = False) -> Answers:
    """What was answered at triage; a later decision says only what it changes."""
    says = table.text("says")
    asked = [test for test in TestName if test.value in table]
    if asked and not later:
        asked = list(TestName)
    tests = {test: _test(table.text(test, _NOTHING), test, table.where) for test in asked}
    return Answers(
        after=table.take("after", int),
        at=time.fromisoformat(table.text("time", "08:20")),
        by=table.text("by", by),
        says=says,
        tests=tests,
        reasonable=_reasonable(table.text("reasonable", _REACHES_IN), says, table.where)
        if tests and not later
        else None,
        harm=YesNo(table.text("harm")) if "harm" in table else None,
        identifies=YesNo(table.text("identifies")) if "identifies" in table else None,
        motives=tuple(table.texts("motives")),
        rules=table.texts("rules"),
        rules_why=table.text("rules_why", ""),
    )


def _triage(table: Table, direction: Direction, decides: str) -> Triage:
    answers = _answers(table, decides)
    then, _, joins = table.text("then").partition(" ")
    if then not in ("case", "none", "join") or (then == "join") != bool(joins):
        raise DataWrong(f"{table.where}: then is case, none, or join and the key of another story.")
    again = table.table("again")
    superseding = _answers(again, answers.by, later=True) if again else None
    if again:
        again.done()
    chosen = table.text("workflow", workflows.suggest(direction))
    because = table.texts("because")
    if (then == "none") != bool(because) or not set(because) <= set(NO_ACTION_REASONS):
        raise DataWrong(f"{table.where}: because holds the reasons for doing nothing more, and is wanted only then.")
    found = Triage(answers, then, joins, chosen, table.text("owner", "") or answers.by, because, superseding)
    table.done()
    return found


def _reopened(table: Table) -> Reopened:
    found = Reopened(table.take("after", int), table.text("why"))
    table.done()
    return found


def _known(table: Table) -> Known:
    found = Known(table.text("handle"), table.text("is"), table.take("after", int), table.text("why"))
    table.done()
    return found


def _work(table: Table, workflow_key: str) -> Work:
    flow = workflows.load(workflow_key)
    order = [step.key for step in flow.steps]
    upto = table.text("upto", order[-1] if "close" in table else None)
    if upto != "none" and upto not in order:
        raise DataWrong(f"{table.where}: {workflow_key} has no step {upto}; it has {', '.join(order)}.")
    over = [*order[: order.index(upto) + 1]] if upto != "none" else []
    over += [key for key in table.texts("also") if key not in over]
    notes, skips, days = table.notes("notes"), table.notes("skips"), table.take("days", dict, {})
    strange = {*over, *notes, *skips, *days} - set(order)
    idle = {*notes, *skips} - set(over)
    if strange or idle:
        raise DataWrong(f"{table.where}: no such step done: {', '.join(sorted(strange | idle))}.")
    finding = Finding(table.text("finding")) if "finding" in table else None
    wanted = {step.records for step in flow.steps if step.key in over}
    outcomes = tuple(Outcome(each) for each in table.texts("outcomes"))
    if (finding and finding not in flow.findings) or not set(outcomes) <= set(flow.outcomes):
        raise DataWrong(f"{table.where}: {workflow_key} knows no such finding or outcome.")
    if (Records.FINDING in wanted, Records.OUTCOME in wanted) != (bool(finding), bool(outcomes)):
        raise DataWrong(f"{table.where}: a finding and outcomes stand where their steps are done, and nowhere else.")
    reopen, known = table.table("reopen"), table.table("identify")
    found = Work(
        tuple(over), notes, skips, dict(days), finding, outcomes, table.text("close", ""),
        _reopened(reopen) if reopen else None, _known(known) if known else None,
    )  # fmt: skip
    table.done()
    if found.close and not (finding and outcomes):
        raise DataWrong(f"{table.where}: it is closed without a finding and an outcome.")
    return found


def _shot(table: Table) -> Shot:
    encoding, kind = table.text("as"), table.text("kind")
    if encoding not in ENCODINGS or (kind not in KINDS and kind != "print"):
        raise DataWrong(f"{table.where}: no file {encoding} of a {kind}.")
    picture = Picture(
        kind=kind,
        app=table.text("app", ""),
        phone=table.text("phone", ""),
        clock=table.text("clock", ""),
        title=table.text("title"),
        subtitle=table.text("subtitle", ""),
        day=table.text("day", ""),
        lines=table.texts("lines"),
        words=table.text("words", ""),
        scene=table.text("scene", ""),
        caption=table.text("caption", ""),
    )
    table.done()
    return Shot(encoding, picture)


def _later(table: Table) -> Later:
    found = Later(
        table.take("after", int), time.fromisoformat(table.text("time")), StatementKind(table.text("kind")),
        table.text("words"),
    )  # fmt: skip
    table.done()
    return found


def _people(table: Table) -> dict[Part, tuple[str, ...]]:
    people = {part: table.texts(part) for part in Part if part.value in table}
    table.done()
    return people


def _story(table: Table, term: int, decides: str) -> Story:
    people, triage, work = table.table("people"), table.table("triage"), table.table("case")
    direction = Direction(table.text("direction"))
    first = _triage(triage, direction, decides) if triage else None
    story = Story(
        key=table.text("key"),
        by=table.text("by"),
        term=term,
        day=table.take("day", int),
        at=time.fromisoformat(table.text("time")),
        title=table.text("title"),
        words=table.text("words"),
        when=_when(table.text("when"), table.where),
        place=Control(table.text("place")),
        platform=table.text("platform"),
        account=table.text("account", ""),
        url=table.text("url", ""),
        method=Method(table.text("method")),
        direction=direction,
        people=_people(people) if people else {},
        danger=Danger(table.text("danger", "no")),
        intimate=Intimate(table.text("intimate", "no")),
        device=table.text("device", ""),
        told=table.text("told"),
        shots=tuple(_shot(each) for each in table.tables("picture")),
        later=tuple(_later(each) for each in table.tables("later")),
        triage=first,
        work=_work(work, first.workflow) if work and first else None,
    )
    table.done()
    if (story.work is not None) != (first is not None and first.then == "case"):
        raise DataWrong(f"{table.where}: a case belongs to a triage that opens one, and to no other.")
    return story


def _check_names(story: Story, cast: SchoolCast) -> None:
    used = set(story.named) | {story.by}
    if story.triage:
        used |= {story.triage.answers.by, story.triage.owner} - {HEAD_OF_YEAR}
    if story.work and story.work.known:
        used.add(story.work.known.person)
    missing = used - cast.keys
    if missing:
        raise DataWrong(f"{story.key}: not in the cast of {cast.key}: {', '.join(sorted(missing))}.")


@cache
def stories_of(cast: SchoolCast) -> tuple[Story, ...]:
    """The incidents of one school, oldest first. Raises DataWrong for whatever can't be used."""
    found: list[Story] = []
    for name in cast.stories:
        top = Table(read_file(name), name)
        term, decides = top.take("term", int), top.text("decides")
        found += [_story(each, term, decides) for each in top.tables("story")]
        top.done()
    keys = [story.key for story in found]
    for story in found:
        _check_names(story, cast)
        if keys.count(story.key) > 1:
            raise DataWrong(f"{story.key} is there twice.")
        if story.triage and story.triage.joins and story.triage.joins not in keys:
            raise DataWrong(f"{story.key} joins {story.triage.joins}, which is no story.")
    return tuple(sorted(found, key=lambda story: (-story.term, -story.day, story.at)))


@cache
def usual() -> dict[str, dict[str, Usual]]:
    """What is usually written, by workflow and step; every step of every workflow has its own."""
    raw = read_file("usual.toml")
    found: dict[str, dict[str, Usual]] = {}
    every = workflows.keys()
    for key in every:
        steps = raw.get(key, {})
        if list(steps) != [step.key for step in workflows.load(key).steps]:
            raise DataWrong(f"usual.toml: the steps of {key} are not those of its workflow.")
        found[key] = {step: Usual(row[0], tuple(row[1:])) for step, row in steps.items()}
    return found
