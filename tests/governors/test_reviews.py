"""What a report says of policies: frozen with its figures, and to the byte as it was where it said nothing."""

from dataclasses import replace
from datetime import date

import pytest

from incidents import clock
from incidents.database import writing
from incidents.governors import actions, queries
from incidents.governors.disclosure import Figures
from incidents.governors.models import EditionState
from incidents.governors.reviews import Reviewed, reviews_of
from incidents.setting_up import load_pack
from tests.cast import Cast

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(("review_on", "says"), [
    (date(2017, 11, 30), "Overdue since 30 November 2017. It stays in force"),
    (date(2026, 11, 23), "Due soon, by 23 November 2026"),
    (date(2027, 2, 21), "Due soon, by 21 February 2027"),
    (date(2027, 2, 22), "By 22 February 2027"),
    (None, "No day is set"),
])  # fmt: skip
def test_a_review_is_said_in_words(review_on, says):
    assert Reviewed("A policy", review_on).words(TODAY) == says


def test_the_longest_overdue_stands_first_and_is_counted():
    said = reviews_of([("B", None), ("C", date(2027, 1, 1)), ("A", date(2020, 1, 1))], TODAY)
    assert [title for title, _ in said.rows()] == ["A", "C", "B"]
    assert said.sentence() == "One review is overdue, as of 23 November 2026."
    assert reviews_of([], TODAY).sentence() == "No policy is in force in Incident Book."
    assert type(said).read(said.plain()) == said


def a_report(cast: Cast) -> Figures:
    with cast.here():
        term = queries.begun_terms(TODAY)[-1]
        with writing():
            edition = actions.start_edition(term, by=cast.viewer("head"), at=clock.now())
            return queries.figures_now(edition, clock.now())


def test_the_reviews_are_in_the_frozen_figures_and_their_fingerprint(cast):
    with cast.app.app_context():
        load_pack("newton_westpark", None, None, clock.now())
    figures = a_report(cast)
    assert figures.reviews is not None
    assert figures.reviews.rows() == [("Social networking policy", "Overdue since 30 November 2017. It stays in force")]
    again = Figures.from_json(figures.to_json())
    assert again == figures
    assert replace(figures, reviews=None).sha256() != figures.sha256()


def test_a_report_from_before_says_nothing_of_policies_and_stays_to_the_byte(cast):
    before = replace(a_report(cast), reviews=None)
    assert "reviews" not in before.to_json()
    assert Figures.from_json(before.to_json()).to_json() == before.to_json()


def test_governors_read_of_reviews_on_the_page_and_what_is_published_stays(cast):
    with cast.app.app_context():
        load_pack("newton_westpark", None, None, clock.now())
    with cast.here():
        term = queries.begun_terms(TODAY)[-1]
        with writing():
            edition = actions.start_edition(term, by=cast.viewer("head"), at=clock.now())
            actions.keep_words(
                edition, "It was a calm term.", ["Note it."], date(2026, 12, 7), by=cast.viewer("head"), at=clock.now()
            )
        with writing():
            edition = queries.edition_of(edition.id, EditionState.DRAFT)
            actions.publish(edition, by=cast.viewer("head"), at=clock.now())
            edition_id = edition.id
    page = cast.client("governor").get(f"/reports/{edition_id}").text
    assert "Policies and reviews due" in page
    assert "Overdue since 30 November 2017" in page
