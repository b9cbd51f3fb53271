"""The report from the head's first word to the governor's screen, on both databases."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import template_rendered
from pypdf import PdfReader
from sqlalchemy import select

from incidents.access import Sphere
from incidents.audit.models import AuditEntry
from incidents.audit.queries import verify_every_chain
from incidents.database import across_schools, writing
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.files.store import StoreFull
from incidents.governors import actions, queries, shelf
from incidents.governors.disclosure import Figures
from incidents.governors.models import PublishedCell, ReportEdition
from incidents.matters.models import Conflict, Matter
from incidents.recording.models import Involvement
from incidents.schools.models import Term
from tests.cast import Cast, make_cast
from tests.governors.term import AUTUMN, add_case, add_incident, latest_edition

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 6, 9, 30, tzinfo=UTC)
WORDS = "We met every family. Group chats still worry us."


def recorded(cast: Cast, pupils: int = 18, parents: int = 5, sphere: Sphere = Sphere.PUPIL) -> None:
    with cast.here(), writing(audited=False):
        for _ in range(pupils):
            add_incident(cast, OCTOBER, sphere=sphere)
        for _ in range(parents):
            add_incident(cast, OCTOBER, "parent_to_staff", sphere=sphere)
        add_case(cast, OCTOBER, sphere=sphere)


def term_named(name: str) -> Term:
    return db.session.scalars(select(Term).where(Term.name == name)).one()


def draft_of(cast: Cast, term: str = AUTUMN, words: str = WORDS, changed: str = "") -> None:
    with cast.here():
        head = cast.viewer("head")
        with writing():
            edition = actions.start_edition(term_named(term), by=head, at=AT)
            actions.keep_words(edition, words, ["Agree a date."], None, changed=changed, by=head, at=AT)


def publish(cast: Cast) -> str:
    """Publish the draft; its address."""
    with cast.here():
        head = cast.viewer("head")
        with writing():
            edition = db.session.scalars(select(ReportEdition).where(ReportEdition.state == "draft")).one()
            actions.publish(edition, by=head, at=AT)
            return f"/reports/{edition.id}"


@pytest.fixture
def published(cast: Cast) -> str:
    recorded(cast)
    draft_of(cast)
    return publish(cast)


def test_the_head_writes_and_publishes_and_a_governor_reads_it(cast: Cast):
    recorded(cast)
    head, governor = cast.client("head"), cast.client("governor")
    with cast.here():
        term = str(term_named(AUTUMN).id)
    address = head.post("/reports/new", data={"term": term}).location
    kept = head.post(
        address, data={"words": WORDS, "asks": "Agree a date.\n\nNote it.", "meeting_on": ["19", "1", "2027"]}
    )
    preview = head.get(kept.location).text
    assert "About 20" in preview
    assert "Preview" in preview
    read = head.post(address.replace("/write", "/publish")).location
    page = governor.get(read).text
    assert "About 20" in page
    assert WORDS in page
    assert "For the meeting on Tuesday 19 January 2027" in page
    assert "<li>Agree a date.</li><li>Note it.</li>" in page


def test_a_governor_finds_it_in_the_list_and_reads_it_as_a_pdf(cast: Cast, published: str):
    governor = cast.client("governor")
    assert published in governor.get("/reports").text
    answer = governor.get(f"{published}/report.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    assert answer.mimetype == "application/pdf"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "We recorded about 20 online incidents" in " ".join(text.split())
    assert "Autumn term 2026".casefold() in text.casefold()


def test_no_exact_count_is_on_the_page_or_in_what_it_is_drawn_from(cast: Cast, published: str):
    seen = []
    with template_rendered.connected_to(lambda _, context, **__: seen.append(context), cast.app):
        page = cast.client("governor").get(published).text
    assert isinstance(seen[-1]["figures"], Figures)
    assert not [key for key, value in seen[-1].items() if isinstance(value, int) and not isinstance(value, bool)]
    words = re.sub(r"<svg.*?</svg>|<head.*?</head>|<[^>]*>|\d+ (November|September) 2026", "", page, flags=re.S)
    assert "About 20" in words
    assert not re.search(r"\b(23|18)\b", words)


def test_what_is_published_never_changes(cast: Cast, published: str):
    governor = cast.client("governor")
    pdf = governor.get(f"{published}/report.pdf").data
    page = governor.get(published).data
    recorded(cast, pupils=9)
    assert governor.get(f"{published}/report.pdf").data == pdf
    assert governor.get(published).data == page


def test_the_page_is_drawn_from_the_stored_figures_alone(cast: Cast, published: str):
    with cast.here(), writing(audited=False):
        edition = latest_edition()
        edition.figures = edition.figures.replace('"incidents":"20"', '"incidents":"95"')
    assert "About 95" in cast.client("governor").get(published).text


def test_the_hashes_of_figures_and_paper_are_in_the_log(cast: Cast, published: str):
    with cast.here():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "published report")).one()
        edition = latest_edition()
        assert entry.detail["sha256"] == edition.sha256 == Figures.from_json(edition.figures).sha256()
        assert len(entry.detail["pdf"]) == 64
        assert shelf.fetch(edition).startswith(b"%PDF")
    with cast.app.app_context(), across_schools():
        assert verify_every_chain()[1] == []


def test_what_is_alleged_of_the_head_leaves_no_trace_in_the_report(cast: Cast):
    recorded(cast)
    draft_of(cast)
    with cast.here():
        before = queries.figures_now(latest_edition(), AT).to_json()
    recorded(cast, sphere=Sphere.HEAD)
    with cast.here():
        assert queries.figures_now(latest_edition(), AT).to_json() == before


@pytest.mark.parametrize("how", ["named as a governor", "somebody on the board", "decided so"])
def test_what_is_alleged_of_a_reviewer_is_left_to_the_annex(cast: Cast, how: str):
    recorded(cast)
    draft_of(cast)
    with cast.here():
        before = queries.figures_now(latest_edition(), AT).to_json()
        with writing(audited=False):
            for _ in range(10):
                about_a_reviewer(cast, how)
        assert queries.figures_now(latest_edition(), AT).to_json() == before


def about_a_reviewer(cast: Cast, how: str) -> None:
    person, school = cast.persons["governor"], cast.school_id
    direction = "governor_or_volunteer" if how == "decided so" else "staff_conduct"
    new = add_incident(cast, OCTOBER, direction, sphere=Sphere.STAFF_CONDUCT)
    if how == "named as a governor":
        db.session.add(
            Involvement(school_id=school, incident_id=new, person_id=person, part="alleged", person_kind="governor",
                        year_group="", form="", as_was="", by=cast.accounts["head"], at=OCTOBER)
        )  # fmt: skip
    if how == "somebody on the board":
        db.session.add(
            Conflict(school_id=school, matter_id=new, person_id=person, why="alleged", source="x", starts=OCTOBER)
        )


def test_what_happened_outside_the_term_is_not_counted(cast: Cast):
    recorded(cast)
    with cast.here(), writing(audited=False):
        for moment in (datetime(2026, 8, 31, 22, 59, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)):
            for _ in range(10):
                add_incident(cast, moment)
    draft_of(cast)
    with cast.here():
        assert queries.figures_now(latest_edition(), AT).incidents.text == "20"


def test_facts_are_counted_where_they_belong(cast: Cast):
    recorded(cast)
    with cast.here(), writing(audited=False):
        for _ in range(15):
            add_case(cast, OCTOBER, closed_at=AT if _ < 8 else OCTOBER)
        for _ in range(7):
            add_incident(cast, OCTOBER, triaged=72)
    draft_of(cast)
    with cast.here():
        figures = queries.figures_now(latest_edition(), AT)
    assert figures.bands["triaged_in_one_day"].text == "most"
    assert figures.bands["cases_closed"].text == "some"
    assert figures.tables["tests"]["running"].text == "25"


def test_a_draft_is_for_the_head_alone(cast: Cast):
    draft_of(cast)
    with cast.here():
        address = f"/reports/{latest_edition().id}"
    for who in ("governor", "case_manager", "dsl", "clerk", "administrator", "teacher"):
        client = cast.client(who)
        for end in ("", "/report.pdf", "/preview", "/preview.pdf", "/write", "/recall"):
            assert client.get(address + end).status_code in (403, 404)
    assert "Autumn" not in cast.client("governor").get("/reports").text


def test_a_governor_can_open_nothing_else(cast: Cast, published: str):
    governor = cast.client("governor")
    for path in ("/today", "/cases", "/incidents", "/record", "/people", "/accounts", "/school"):
        assert governor.get(path).status_code in (403, 404)


def test_who_does_not_read_reports_reads_none(cast: Cast, published: str):
    for who in ("teacher", "administrator", "head_of_year", "external", "dpo"):
        client = cast.client(who)
        assert client.get(published).status_code == client.get(f"{published}/report.pdf").status_code == 403


def test_a_governor_can_neither_publish_nor_recall(cast: Cast, published: str):
    governor = cast.client("governor")
    for end in ("/publish", "/recall"):
        assert governor.post(published + end, data={"why": "x"}).status_code == 403
    assert governor.post("/reports/new", data={}).status_code == 403
    assert governor.get(published).status_code == 200


def test_another_schools_report_is_like_none(cast: Cast, published: str):
    other = make_cast(cast.app, "Sorrel Bank Primary School", "sorrel.example")
    stranger = other.client("governor")
    assert published not in stranger.get("/reports").text
    nowhere = stranger.get("/reports/00000000-0000-4000-8000-000000000000")
    assert stranger.get(published).status_code == nowhere.status_code == 404
    assert stranger.get(published).data == nowhere.data


def test_a_recalled_report_can_not_be_read_by_anyone(cast: Cast, published: str):
    cast.client("head").post(f"{published}/recall", data={"why": "A class could be told from it."})
    for who in ("head", "governor"):
        page = cast.client(who).get(published).text
        assert "This report was recalled" in page
        assert "A class could be told from it." in page
        assert "20 " not in re.sub(r"<[^>]*>|[0-9a-f]{8}", "", page)
        assert cast.client(who).get(f"{published}/report.pdf").status_code == 404


def test_a_recall_forgets_words_and_the_papers_key_and_keeps_the_hash(cast: Cast, published: str):
    cast.client("head").post(f"{published}/recall", data={"why": "A class could be told from it."})
    with cast.here():
        edition = latest_edition()
        assert (edition.figures, edition.words, edition.asks, edition.pdf_key) == (None, "", [], None)
        assert len(edition.sha256) == 64
        assert shelf.fetch(edition) is None
        assert db.session.scalars(select(PublishedCell.key)).first()


def test_who_opened_it_is_in_the_log_and_shown_to_the_head(cast: Cast, published: str):
    assert "Peter Sandwick" not in cast.client("head").get(published).text
    cast.client("governor").get(f"{published}/report.pdf")
    page = cast.client("head").get(published).text
    assert "Peter Sandwick" in page
    assert "Peter Sandwick" not in cast.client("clerk").get(published).text


def test_a_name_on_record_is_refused_and_what_was_typed_stays(cast: Cast):
    draft_of(cast)
    with cast.here():
        address = f"/reports/{latest_edition().id}/write"
    answer = cast.client("head").post(address, data={"words": "We met Isla Fenwick’s mother.", "asks": "Agree it."})
    assert answer.status_code == 422
    assert "Take out “Isla Fenwick’s”" in answer.text
    assert "We met Isla Fenwick’s mother." in answer.text


def test_an_ordinary_word_that_is_also_a_name_needs_a_tick(cast: Cast):
    with cast.here():
        head = cast.viewer("head")
        with writing():
            edition = actions.start_edition(term_named(AUTUMN), by=head, at=AT)
        for tick in (False, True):
            with writing():
                edition = latest_edition()
                if tick:
                    actions.keep_words(edition, "The Brook field.", [], None, not_names=True, by=head, at=AT)
                else:
                    with pytest.raises(Refused, match="“Brook”"):
                        actions.keep_words(edition, "The Brook field.", [], None, by=head, at=AT)


def test_a_correction_must_say_what_it_corrects_and_keeps_its_days(cast: Cast, published: str):
    with cast.here():
        first = Figures.from_json(latest_edition().figures).term
    draft_of(cast)
    with pytest.raises(NotPossibleNow, match="what this version corrects"):
        publish(cast)
    draft_of(cast, changed="The table of tests: one was counted twice.")
    second = publish(cast)
    with cast.here():
        assert Figures.from_json(latest_edition().figures).term == first
    assert "corrects an earlier one: The table of tests" in cast.client("governor").get(second).text


def test_a_correction_quotes_the_figures_whatever_is_known_by_now(cast: Cast, published: str):
    """Counted anew they would tell, beside the first, that one incident is now about the head."""
    with cast.here(), writing(audited=False):
        before = latest_edition().figures
        for matter in db.session.scalars(select(Matter).limit(9)):
            matter.sphere = Sphere.HEAD
    draft_of(cast, changed="My words about the summer.")
    publish(cast)
    with cast.here():
        assert latest_edition().figures == before


def test_after_a_recall_a_new_version_says_only_the_totals(cast: Cast, published: str):
    cast.client("head").post(f"{published}/recall", data={"why": "A class could be told from it."})
    recorded(cast, pupils=40)
    draft_of(cast, changed="The tables are left out.")
    page = cast.client("governor").get(publish(cast)).text
    assert "About 20" in page
    assert "Only its two totals are said again." in page
    assert "Who did what to whom" not in page


def test_an_earlier_term_is_quoted_as_it_was_published(cast: Cast):
    with cast.here(), writing(audited=False):
        for _ in range(12):
            add_incident(cast, datetime(2026, 5, 6, 9, 30, tzinfo=UTC))
    draft_of(cast, "Summer term 2026")
    publish(cast)
    with cast.here(), writing(audited=False):
        for _ in range(30):
            add_incident(cast, datetime(2026, 5, 7, 9, 30, tzinfo=UTC))
    recorded(cast)
    draft_of(cast)
    page = cast.client("governor").get(publish(cast)).text
    assert re.search(r"Summer 2026</th>\s*<td[^>]*>10</td>", page)
    assert "ib-chart--terms" in page


def test_publishing_twice_publishes_once(cast: Cast, published: str):
    assert cast.client("head").post(f"{published}/publish").status_code == 302
    with cast.here():
        assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "published report")).all()) == 1


def test_published_words_can_not_be_written_again(cast: Cast, published: str):
    head = cast.client("head")
    assert head.get(f"{published}/write").status_code == 404
    assert head.post(f"{published}/write", data={"words": "x"}).status_code == 404


def test_no_room_on_the_disk_publishes_nothing_and_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    recorded(cast)
    draft_of(cast)

    def full(*_: object) -> None:
        raise StoreFull("no room")

    monkeypatch.setattr(shelf, "keep_bytes", full)
    with cast.here():
        address = f"/reports/{latest_edition().id}"
    answer = cast.client("head").post(f"{address}/publish")
    assert answer.status_code == 409
    assert "no room" in answer.text
    assert cast.client("governor").get(address).status_code == 404


def test_a_school_without_a_term_is_told_what_to_do(cast: Cast):
    with cast.here(), writing(audited=False):
        for term in db.session.scalars(select(Term)):
            db.session.delete(term)
    assert "Ask the office to enter the dates" in cast.client("head").get("/reports/new").text


@pytest.mark.parametrize("typed", [{}, {"term": "nonsense"}, {"term": ["", ""]}])
def test_no_term_or_a_strange_one_comes_back_with_an_error(cast: Cast, typed: dict):
    answer = cast.client("head").post("/reports/new", data=typed)
    assert answer.status_code == 422
    assert "Choose a term." in answer.text


def test_empty_lists_say_what_comes_next(cast: Cast):
    assert "No report is published yet." in cast.client("governor").get("/reports").text
    assert "Write a report" in cast.client("head").get("/reports").text
