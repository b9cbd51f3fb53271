"""What the pages say of an incident: its heading, its times, how far it has got."""

from datetime import UTC, date, datetime, time

import pytest

from incidents.recording.headline import HEADS, headline
from incidents.recording.hours import Happened, WhenKind
from incidents.recording.lifecycle import IncidentState
from incidents.recording.progress import Progress, progress_of, stages
from incidents.recording.spoken import happened_said, moment_said, size_said, typed_again
from incidents.recording.typed_times import times_in
from incidents.recording.words import Method

FRIDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 22)


@pytest.mark.parametrize(
    ("method", "platform", "years", "said"),
    [
        (Method.GROUP_CHAT, "WhatsApp", ["Year 6"], "Group chat on WhatsApp, Year 6"),
        (Method.GROUP_CHAT, "Mrs Pettifer’s page", [], "Group chat"),
        (
            Method.GAMING_CHAT,
            "Roblox",
            ["Year 10", "Year 9", "Year 9", ""],
            "Chat in a game, Roblox, Year 9 and Year 10",
        ),
        (Method.POLL, "", ["P5", "P6", "P7"], "Poll or “ship” page, P5, P6 and P7"),
    ],
)
def test_a_heading_never_holds_what_somebody_typed(method: Method, platform: str, years: list[str], said: str) -> None:
    assert headline(method, platform, years) == said


def test_every_method_has_a_heading() -> None:
    assert set(HEADS) == set(Method)


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        (Happened(WhenKind.UNKNOWN), "Not known"),
        (Happened(WhenKind.EXACT, FRIDAY), "Friday 20 November 2026, time not known"),
        (Happened(WhenKind.EXACT, FRIDAY, time_from=time(21, 14)), "Friday 20 November 2026, 21:14"),
        (Happened(WhenKind.RANGE, FRIDAY, None, time(20), time(21)), "Friday 20 November 2026, 20:00 to 21:00"),
        (Happened(WhenKind.RANGE, FRIDAY, None, None, time(21)), "Friday 20 November 2026, until 21:00"),
        (
            Happened(WhenKind.RANGE, FRIDAY, SUNDAY, time(20)),
            "Friday 20 November 2026, 20:00 to Sunday 22 November 2026",
        ),
    ],
)
def test_when_it_happened_in_words(happened: Happened, said: str) -> None:
    assert happened_said(happened) == said


@pytest.mark.parametrize("typed", ["21:14", "20:00 to 21:00", ""])
def test_times_come_back_as_they_could_have_been_typed(typed: str) -> None:
    start, end = times_in(typed)
    kind = WhenKind.RANGE if end else WhenKind.EXACT
    assert typed_again(Happened(kind, FRIDAY, None, start, end)) == typed


def test_a_moment_is_said_in_the_schools_own_time() -> None:
    assert moment_said(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "Europe/London") == "Thursday 2 July, 00:30"


@pytest.mark.parametrize(("size", "said"), [(1, "1 KB"), (20_000, "19 KB"), (1_258_291, "1.2 MB")])
def test_a_size_in_words(size: int, said: str) -> None:
    assert size_said(size) == said


@pytest.mark.parametrize(
    ("state", "case_state", "outcome", "progress"),
    [
        (IncidentState.RECORDED, None, None, Progress.RECEIVED),
        (IncidentState.NO_FURTHER_ACTION, None, None, Progress.CLOSED),
        (IncidentState.IN_CASE, "open", None, Progress.LOOKED_AT),
        (IncidentState.IN_CASE, "open", "sanction", Progress.ACTION_TAKEN),
        (IncidentState.IN_CASE, "closed", "no_action", Progress.CLOSED),
    ],
)
def test_how_far_it_has_got(state: str, case_state: str | None, outcome: str | None, progress: Progress) -> None:
    assert progress_of(state, case_state, outcome) is progress


def test_what_is_closed_does_not_say_that_anything_was_done() -> None:
    assert [words for words, _ in stages(Progress.CLOSED)] == ["Received", "Being looked at", "Closed"]
    assert [state for _, state in stages(Progress.LOOKED_AT)] == ["done", "now", "", ""]
