"""The sentences of the report say no more than its figures."""

from dataclasses import replace
from datetime import date

import pytest

from incidents.governors import findings
from incidents.governors.disclosure import Figures
from incidents.governors.shown import Shown
from tests.governors.counting import figures


def quoting(*terms: tuple[str, str]) -> Figures:
    return figures(earlier=terms)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ([], ""),
        ([("autumn term 2025", "75")], "fewer than a year ago"),
        ([("autumn term 2025", "55")], "more than a year ago"),
        ([("autumn term 2025", "70")], "about as many as a year ago"),
        ([("autumn term 2025", "65"), ("summer term 2026", "20")], "about as many as a year ago"),
        ([("summer term 2026", "20")], "more than in the summer term 2026"),
        ([("summer term 2026", "<5")], "more than in the summer term 2026"),
    ],
)
def test_only_a_difference_of_10_between_printed_figures_is_a_change(terms: list[tuple[str, str]], said: str) -> None:
    assert findings.trend(quoting(*terms)) == said


def test_fewer_than_5_and_10_are_about_as_many() -> None:
    small = replace(quoting(("autumn term 2025", "<5")), incidents=Shown("10"))
    assert findings.trend(small) == "about as many as a year ago"


@pytest.mark.parametrize(
    ("split", "rest", "said"),
    [
        ((40, 9, 6, 2, 1), 7, "most were between pupils"),
        ((10, 0, 4, 1, 0), 6, "about 10 were between pupils"),
        ((8, 0, 8, 1, 0), 0, ""),
        ((6, 0, 6, 4, 2), 0, ""),
        ((3, 0, 0, 0, 0), 0, ""),
    ],
)
def test_the_largest_direction_is_named_only_where_the_print_proves_it(
    split: tuple[int, ...], rest: int, said: str
) -> None:
    assert findings.largest(figures(split, rest, (0, 0, 0))) == said


def test_the_test_most_relied_on_is_named_if_its_number_is_alone_at_the_top() -> None:
    assert findings.relied_most(figures()) == "the orderly running of the school"
    assert findings.relied_most(figures(relied=(9, 9, 0))) == ""
    assert findings.relied_most(figures(relied=(0, 0, 0))) == ""


def test_means_promises_and_staff_are_told_as_printed() -> None:
    made = figures(methods={"group_chat": 30}, platforms={"games": 12}, staff={"targets": 11},
                   outcomes={"staff_supported": 6, "referred": 1})  # fmt: skip
    assert findings.means(made) == "group chats and games and their chats came first"
    assert findings.promises(made).endswith(
        "of the steps were on time, and all but a few of the cases opened were closed by the end"
    )
    assert findings.staff(made) == (
        "About 10 of the incidents were aimed at staff. In about 5 of the cases a member of staff was given support."
    )
    assert findings.referrals(made) == "Fewer than 5 cases were passed to the police or others outside."


def test_three_terms_are_the_sum_of_what_was_published() -> None:
    assert (
        findings.three_terms(quoting(("spring term 2026", "20"), ("summer term 2026", "<5")))
        == "at least 85 in three terms"
    )
    assert findings.three_terms(quoting(("summer term 2026", "20"))) == ""


def test_the_summary_of_a_term_with_almost_nothing_says_so() -> None:
    assert findings.summary(figures((2, 0, 0, 0, 0), 0, (0, 0, 0), 2)).endswith("without pointing at a person.")


def test_dates_are_written_out() -> None:
    assert findings.weekday(date(2027, 1, 5)) == "Tuesday 5 January 2027"


def test_the_fingerprint_is_the_start_of_the_hash() -> None:
    assert findings.fingerprint(figures()).replace(" ", "") == figures().sha256()[:12]
