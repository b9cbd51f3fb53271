"""The report of `make bench` is made: a tiny school, each measure once, nothing timed."""

import pytest

from tests.bench import pages
from tests.bench.growing import grow, spread
from tests.bench.measuring import Taken
from tests.bench.report import Part, drawn, growth
from tests.bench.school import school_with_a_past
from tests.bench.served import Load, Stack
from tests.databases import folder, new_app
from tests.statements import statements


def once(app, act, *_):
    """In place of measuring."""
    with statements(app) as sent:
        act()
    return Taken(1.0, 1.0, len(sent))


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(pages, "measured", once)
    with folder("bench") as data:
        yield new_app(data)


def test_a_tiny_school_gives_a_whole_report(site):
    pages.add_floor(site)
    at = school_with_a_past(site, 2, 2)
    with site.app_context():
        grow(at.past, range(1, 30))
        spread(at.cast.school_id, 2)
    measures = [*pages.pages(site, at), pages.sending(site, at), *pages.uploading(site, at), *pages.reporting(site, at)]
    assert all(each.taken.statements for each in measures if "PDF" not in each.name)
    part = Part(
        "60 incidents", measures, [Load(page, 8, 1.0, 2.0, 3.0) for page in pages.loaded(at)], Stack(1.0, 100.0, 4)
    )
    lines = drawn(part) + growth([part, Part("the same again", measures)])
    assert all(lines.count(f"| {each.name} |") == 2 + (each.name in pages.loaded(at)) for each in measures)
    assert all(f"| {page} | 8 | 1 | 2 | 3 |" in lines for page in pages.loaded(at))
