"""The charts on the page are plain SVG with attributes, under a policy that forbids styles."""

from xml.etree import ElementTree

import pytest

from incidents.governors.charts import bands_chart, rows_chart, terms_chart
from tests.governors.counting import figures

SUMMER = ("summer term 2026", "<5")
DRAWN = [
    rows_chart(figures(), "directions", "Bars."),
    bands_chart(figures(), ("off_site", "repeated"), "Shares."),
    terms_chart(figures()),
    terms_chart(figures(earlier=(SUMMER,))),
]


@pytest.mark.parametrize("svg", DRAWN)
def test_a_chart_is_well_formed_and_carries_no_style_or_script(svg: str) -> None:
    for element in ElementTree.fromstring(svg).iter():  # noqa: S314  # our own text
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}
        assert element.tag in {"svg", "g", "line", "text", "rect"}


def test_a_chart_says_its_figures_to_those_who_do_not_see_it() -> None:
    assert "Pupil to pupil about 40" in rows_chart(figures(), "directions", "Bars.")
    assert "Off-site all but a few" in bands_chart(figures(share=1), ("off_site",), "Shares.")
    assert "Summer 2026 fewer than 5, Autumn 2026 about 65" in terms_chart(figures(earlier=(SUMMER,)))


def test_fewer_than_5_is_always_drawn_the_same() -> None:
    first, second = (rows_chart(figures((40, 9, 6, few, 4 - few), 6), "directions", "Bars.") for few in (0, 4))
    assert first == second


def test_the_name_of_a_term_is_text_never_markup() -> None:
    assert "<script>" not in terms_chart(figures(earlier=(("<script> 2025", "5"),)))
