"""What a report says of signatures: steps of whole audiences, frozen with its figures, and nothing where nothing is asked."""

from dataclasses import replace
from datetime import date

import page
import pytest

from incidents import clock
from incidents.database import writing
from incidents.declarations import actions, queries
from incidents.declarations.actions import Entered
from incidents.declarations.words import Answer
from incidents.extensions import db
from incidents.governors import actions as governors
from incidents.governors import queries as reports
from incidents.governors.declared import Declared, declared_of
from incidents.governors.disclosure import Figures
from incidents.governors.report_pdf import render
from incidents.policies.kinds import Audience
from incidents.policies.models import PolicyVersion
from tests.cast import Cast
from tests.declarations.asked import TODAY, add_child, adopt, ask
from tests.governors.test_report_pdf import PAPER


@pytest.mark.parametrize(("signed", "asked", "words"), [
    (14, 14, "Too few to judge"), (0, 15, "A few or none"), (4, 200, "A few or none"), (5, 15, "Some"), (100, 200, "Some"),
    (101, 200, "Most"), (196, 200, "All but a few"), (200, 200, "All but a few"),
])  # fmt: skip
def test_a_share_is_a_step_and_the_ends_are_never_told_apart_from_a_few(signed: int, asked: int, words: str):
    found = declared_of([("Rules", "Staff", signed, asked)])
    assert found
    assert [each.words for each in found.rows] == [words]


def test_an_exact_number_is_not_read_back():
    with pytest.raises(ValueError, match="form in which a figure"):
        Declared.read([{"title": "Rules", "audience": "Staff", "share": "13"}])


def figures_of(cast: Cast) -> Figures:
    with cast.here():
        term = reports.begun_terms(TODAY)[-1]
        with writing():
            edition = governors.start_edition(term, by=cast.viewer("head"), at=clock.now())
            return reports.figures_now(edition, clock.now())


def test_the_shares_are_in_the_frozen_figures_by_audience_alone(cast):
    with cast.here():
        version = adopt(cast)
        for audience in (Audience.PARENTS, Audience.GOVERNORS):
            ask(cast, version, audience)
        for number in range(16):
            add_child(cast, f"child {number}", f"Child{number}", "Lowe")
        keys = [line.key for line in queries.lines(version.id, Audience.PARENTS, TODAY)]
        with writing():
            version = db.session.get_one(PolicyVersion, (cast.school_id, version.id))
            entered = Entered(Answer.SIGNED, date(2026, 11, 20))
            actions.take_in(
                version, Audience.PARENTS, keys[:12], entered, TODAY, by=cast.viewer("head"), at=clock.now()
            )
    figures = figures_of(cast)
    assert figures.declared
    told = [(each.audience, each.words) for each in figures.declared.rows]
    assert told == [("Governors", "Too few to judge"), ("Parents and carers", "Most")]
    assert Figures.from_json(figures.to_json()) == figures
    assert replace(figures, declared=None).sha256() != figures.sha256()
    assert "6R" not in figures.to_json()


def test_a_school_that_asks_nothing_and_a_report_from_before_say_nothing(cast):
    figures = figures_of(cast)
    assert figures.declared is None
    assert "declared" not in figures.to_json()


def test_it_stands_on_the_page_and_in_the_paper_that_is_read_aloud(cast):
    said = declared_of([("Rules online", "Staff", 30, 60), ("Rules online", "Governors", 3, 9)])
    pdf = render(replace(PAPER, figures=replace(PAPER.figures, declared=said)))
    assert not page.validate_pdf_bytes(pdf, profile="ua1").failures
