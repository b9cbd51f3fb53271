"""Schools drawn at random publish term after term; an attacker who knows the method and all of it narrows nothing."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from incidents.casework.words import BANDS as OUTCOME_BANDS
from incidents.casework.words import Finding, Outcome
from incidents.governors import disclosure, figures
from incidents.governors.disclosure import TESTS, Figures, Quoted, Term, totals_only
from incidents.governors.figures import ESTABLISHED, Opened, Recorded, figures_of
from incidents.governors.shown import Shown
from incidents.recording.words import Direction, Method
from incidents.schools.pack import MOTIVES
from incidents.triage.motives import suggested
from tests.governors import attack
from tests.governors.attack import Attack, Link, narrowed, terms_of

SCHOOLS = range(16)
TERM = Term("spring term 2026", date(2026, 1, 1), date(2026, 4, 1))
STAFF_TOO = (Direction.PARENT_TO_STAFF, Direction.STAFF_TO_STAFF, Direction.UNKNOWN_AUTHOR)
_SANCTIONS = {outcome for outcome, band in OUTCOME_BANDS.items() if band in ("warning", "sanction")}


def an_incident(draw: random.Random, likely: list[Direction], mood: tuple[float, ...], first: bool) -> Recorded:
    direction = draw.choice([*likely * 6, *Direction, None])
    method = draw.choice([Method.GROUP_CHAT] * 8 + list(Method))
    moved = draw.random() < 0.3
    tested = direction is not None and figures.GROUP_OF[direction] not in disclosure.NEVER_PUPILS
    return Recorded(
        direction=direction,
        outside_hours=draw.random() < mood[0],
        off_site=draw.random() < mood[1],
        relied_on=frozenset(test for test in TESTS if tested and draw.random() < 0.5),
        staff_target=direction is Direction.PUPIL_TO_STAFF or (direction in STAFF_TOO and draw.random() < 0.5),
        triaged_in_one_day=draw.random() < 0.95,
        method=method,
        four_cs=suggested(direction, method) if direction else None,
        motives=frozenset(draw.sample(sorted(MOTIVES), draw.randrange(1, 4))) if direction and moved else frozenset(),
        broken=rules_broken(draw, direction),
        platform=draw.choice(["WhatsApp"] * 6 + ["TikTok", "Roblox", "Microsoft Teams", ""]),
        repeated=not first and draw.random() < mood[2],
    )


def rules_broken(draw: random.Random, direction: Direction | None) -> frozenset[str]:
    """None, one or several: the rules for those who did it, and one for everyone."""
    group = figures.GROUP_OF[direction] if direction else None
    theirs = {"everyone"} if direction else set()
    theirs |= {"staff"} if group is disclosure.Group.STAFF else set()
    theirs |= {"pupils"} if direction and group not in disclosure.NEVER_PUPILS else set()
    return frozenset(rule for rule in sorted(theirs) if draw.random() < 0.6)


def a_case(draw: random.Random, staff_left: list[bool]) -> Opened:
    finding = draw.choice([None, *([Finding.CONFIRMED_BULLYING] * 3), *Finding])
    outcomes = set(draw.sample(list(Outcome), draw.randrange(3))) if finding else set()
    outcomes -= set() if finding in ESTABLISHED else _SANCTIONS
    if Outcome.SUPPORT_STAFF in outcomes and not (staff_left and staff_left.pop()):
        outcomes.discard(Outcome.SUPPORT_STAFF)
    closed, steps = bool(outcomes) and draw.random() < 0.9, draw.randrange(3, 9)
    return Opened(
        closed=closed, closed_in_20_days=closed and draw.random() < 0.7, finding=finding, outcomes=frozenset(outcomes),
        steps=steps, steps_on_time=steps - (draw.random() < 0.2),
    )  # fmt: skip


Lived = tuple[list[Recorded], list[Opened]]


def a_term(draw: random.Random, first: bool) -> Lived:
    likely = draw.sample(list(Direction), draw.randrange(1, 4))
    mood = tuple(draw.choice((0.03, 0.4, 0.97)) for _ in range(3))
    incidents = [
        an_incident(draw, likely, mood, first and not place) for place in range(draw.choice((3, 9, 14, 22, 45, 60)))
    ]
    aimed = [each.staff_target for each in incidents if each.staff_target]
    return incidents, [a_case(draw, aimed) for _ in range(int(len(incidents) * draw.choice((0.2, 0.5, 1))))]


def a_school(seed: int) -> Iterator[tuple[Figures, Lived]]:
    """Its reports in order: each term once, then now and then a correction, which quotes, or a recall."""
    draw = random.Random(seed)
    earlier: list[Quoted] = []
    day = date(2026, 1, 1)
    for number in range(3):
        lived = a_term(draw, first=not number)
        term = Term(f"term {number}", day, day + timedelta(days=99))
        published = figures_of(*lived, term=term, earlier=earlier)
        yield published, lived
        fate = draw.random()
        if fate < 0.2:
            yield Figures.from_json(published.to_json()), lived
        elif fate < 0.4:
            yield totals_only(term, published.incidents, published.cases), lived
        earlier.append(Quoted(term.name, published.cells()))
        day += timedelta(days=100)


@pytest.mark.parametrize("seed", SCHOOLS)
def test_no_hidden_number_of_any_term_is_narrowed_by_all_that_a_school_ever_published(seed: int) -> None:
    for term in terms_of(published for published, _ in a_school(seed)).values():
        assert narrowed(term) == {}


def test_the_schools_that_are_tried_hide_and_print_enough_to_prove_something() -> None:
    reports = [published for seed in SCHOOLS for published, _ in a_school(seed)]
    cells = Counter(shown.text for published in reports for shown in published.cells().values())
    assert cells["<5"] > 300
    assert cells["all but a few"] > 30
    assert cells["a few or none"] > 20
    assert sum(count for text, count in cells.items() if text.isdigit()) > 300


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("known", [1, 2])
def test_each_case_that_somebody_knows_himself_takes_at_most_one_value_away(seed: int, known: int) -> None:
    published, (incidents, _) = next(iter(a_school(seed)))
    friends = random.Random(seed).sample(incidents, min(known, len(incidents)))
    term = Attack(known=what_is_known(friends), first=False)
    term.read(published.cells())
    assert narrowed(term) == {}


def what_is_known(friends: list[Recorded]) -> dict[str, int]:
    """Of each number, how many of the incidents that he knows are in it."""
    known = figures._counts(friends, [])
    rows = {f"{name}.{row}": count for name, table in known.tables.items() for row, count in table.items()}
    shares = {f"bands.{name}": count for name, count in known.bands.items()}
    rules = {f"rules.{rule}": count for rule, count in known.rules.items()}
    return {name: count for name, count in (rows | shares | rules | {"incidents": len(friends)}).items() if count}


# --- the attack, seen to succeed on gates that leak ----------------------------------------------------------------------


def nearest(count: int) -> Shown:
    """The usual rounding: 8 to 12 is 10."""
    return Shown("<5" if count < 5 else str(5 * ((count + 2) // 5)))


def test_rounding_to_the_nearest_5_leaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight and eight of sixteen print as 10 and 10 of 15: that leaves no room for a third kind of 2."""
    monkeypatch.setattr(disclosure, "count_shown", nearest)
    monkeypatch.setattr(attack, "printed", nearest)
    eight = [
        Recorded(direction) for direction in (Direction.PUPIL_TO_PUPIL, Direction.PARENT_TO_STAFF) for _ in range(8)
    ]
    term = Attack()
    term.read(figures_of(eight, [], term=TERM).cells())
    assert narrowed(term)["directions.staff"] == {0, 1}


def test_a_table_without_a_rest_leaks() -> None:
    """About 20 in all, about 15 of one kind: if there were only one other kind it could not be empty."""
    cells = figures_of([Recorded(Direction.PUPIL_TO_PUPIL)] * 18 + [Recorded(Direction.PARENT_TO_STAFF)] * 2, [],
                       term=TERM).cells()  # fmt: skip
    only_two = Link(("incidents",), "both"), Link(("both",), "sum")
    spans = {"incidents": (20, 24), "both": (20, 24), "sum": (15 + 0, 19 + 0)}
    assert cells["directions.parent"].is_fewer
    assert not attack.solve(spans, only_two)


def test_all_but_a_few_leaks_where_it_can_not_be_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first incident of a school's first term repeats nothing, so "all but a few" would leave out at least one."""
    monkeypatch.setattr(disclosure, "RATES", ())
    monkeypatch.setattr(attack, "RATES", ())
    incidents = [Recorded(Direction.PUPIL_TO_PUPIL, repeated=bool(place)) for place in range(20)]
    term = Attack()
    term.read(figures_of(incidents, [], term=TERM).cells())
    assert narrowed(term) == {"bands.repeated": {1, 2, 3, 4}}


def test_counting_a_term_twice_leaks() -> None:
    """A correction that counted anew: what was fewer than 5 is now 5, so it was 4 for who knows of one that was added."""
    before, after = (
        figures_of(
            [Recorded(Direction.PUPIL_TO_PUPIL)] * 20 + [Recorded(Direction.PARENT_TO_STAFF)] * parents, [], term=TERM
        )
        for parents in (4, 5)
    )
    drift = [Link(("directions.parent",), "later"), Link(("later",), "directions.parent", but=-1)]
    twice = Attack(links=drift)
    twice.read({**before.cells(), "later": after.cells()["directions.parent"]})
    assert twice.open_values("directions.parent", None) == {4}


def test_how_many_had_any_rule_broken_would_leak() -> None:
    """Were it told that 10 incidents broke some rule, of which one did 5 to 9, the only other rule could not be none."""
    only_two = Link(("any",), "sum")
    spans = {"any": (10, 14), "sum": (5 + 0, 9 + 0)}
    assert not attack.solve(spans, [only_two])


def test_a_share_of_steps_beside_hidden_cases_would_leak() -> None:
    """That enough steps fell due says that there were cases: so it is not told where their number is hidden."""
    few = [Opened(steps=30, steps_on_time=30)]
    told = figures_of([Recorded(None)] * 20, few, term=TERM)
    assert told.cases.is_fewer
    assert told.bands["steps_on_time"].is_kept_back
