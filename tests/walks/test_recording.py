"""Recording on a phone with the scripts at work: kept while typing, files that come again, hiding, the end of a session."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from pypdf import PdfReader
from sqlalchemy import select

from incidents import clock
from incidents.accounts.models import SignIn
from incidents.database import across_schools, writing
from incidents.demo.picture_files import as_png
from incidents.extensions import db
from incidents.recording.actions import record_incident, start_draft
from incidents.recording.answers import Answers
from incidents.recording.hours import Control, Happened, WhenKind
from incidents.recording.words import Danger, Intimate, Method
from incidents.schools.models import School
from tests.browser import DESK, PHONE, Site, Visit, assert_page_is_good
from tests.cast import Cast

pytestmark = pytest.mark.browser

MOST_PRESSES = 14  # a plain incident without files, typing apart
WORDS = "Isla showed me a poll about her."
A_POLL = Answers(
    words=WORDS, danger=Danger.NO, control=Control.OFF_SITE, method=Method.POLL, intimate=Intimate.NO,
    happened=Happened(WhenKind.UNKNOWN), spoken_to="The DSL", url="https://polls.example/1",
)  # fmt: skip
COUNTER = (
    "addEventListener('pointerdown', () => sessionStorage.presses = 1 + Number(sessionStorage.presses || 0), true)"
)


def go_on(page: Page) -> None:
    page.locator("main").get_by_role("button", name="Continue").click()


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def say_what(page: Page) -> None:
    choose(page, "Is anyone in danger right now?", "No")
    page.get_by_label("What happened?").fill(WORDS)


def end_sessions(cast: Cast, who: str) -> None:
    with cast.app.app_context(), across_schools(), writing(audited=False):
        for session in db.session.scalars(select(SignIn).where(SignIn.account_id == cast.accounts[who])):
            session.ended_at = clock.now()


def presses(page: Page) -> int:
    return int(page.evaluate("sessionStorage.presses"))


def test_a_plain_incident_takes_few_presses_on_a_phone(story_site: Site, penwick: Cast):
    with story_site.visit(penwick.accounts["teacher"], PHONE, has_touch=True) as visit:
        page = visit.page
        page.add_init_script(COUNTER)
        page.goto("/my-records")
        page.locator("header").get_by_role("link", name="Record").click()
        say_what(page)
        page.get_by_label("Yesterday").check()
        choose(page, "Where were the people who did it?", "Somewhere else, such as at home")
        go_on(page)
        page.get_by_label("How was it done?").select_option(label="Poll or “ship” page")
        go_on(page)
        page.get_by_role("group", name=re.compile("nude or sexual")).get_by_label("No", exact=True).check()
        go_on(page)
        assert page.locator(".ib-duty a[href^='tel:']").count() == 2  # whom to ring stands on each page
        go_on(page)
        page.get_by_label("Nobody yet").check()
        go_on(page)
        page.get_by_role("button", name="Send it now").click()
        expect(page.locator("h1")).to_contain_text("Sent. The reference is")
        assert presses(page) + 1 <= MOST_PRESSES  # one for the list of ways, which opens without a touch here
        assert not visit.complaints


def test_what_is_typed_is_kept_while_typing_and_through_a_lost_network(story_site: Site, penwick: Cast):
    with story_site.visit(penwick.accounts["deputy_head"], PHONE, has_touch=True) as visit:
        page = visit.page
        page.goto("/record")
        say_what(page)
        expect(page.locator("[data-kept]")).to_contain_text("Kept at")
        draft = page.url
        assert draft.endswith("/what")
        page.route("**/what", lambda route: route.abort())
        page.get_by_label("What happened?").fill(WORDS + " It went on.")
        expect(page.locator("[data-not-kept]")).to_contain_text("What you typed is still on this page")
        page.unroute("**/what")
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("[data-not-kept]")).to_have_text("")
        with story_site.visit(penwick.accounts["deputy_head"]) as desk:
            desk.page.goto("/record")
            desk.page.get_by_role("link", name="Go on with it").click()
            desk.page.get_by_role("link", name=re.compile("^Go on")).first.click()
            expect(desk.page.get_by_label("What happened?")).to_have_value(WORDS + " It went on.")
            desk.page.get_by_label("What happened?").fill("It was on the bus.")
            expect(desk.page.locator("[data-kept]")).to_contain_text("Kept at")
        page.get_by_label("What happened?").fill("It was in the park.")
        expect(page.locator("[data-not-kept]")).to_contain_text("also written on another device")
        page.reload()
        expect(page.get_by_label("What happened?")).to_have_value("It was in the park.")
        expect(page.locator("main .ib-words")).to_have_text("It was on the bus.")
        assert_page_is_good(lost(visit), story_site.names(), axe=False)
        page.get_by_role("button", name="Put this away").click()
        expect(page.locator("main .ib-words")).to_have_count(0)


def lost(visit: Visit) -> Visit:
    """A network that was cut on purpose complains on the console; nothing else may."""
    visit.complaints[:] = [each for each in visit.complaints if "ERR_FAILED" not in each]
    return visit


def test_hidden_by_three_shifts_and_kept_beyond_the_end_of_the_session(story_site: Site, penwick: Cast):
    account = penwick.accounts["other_teacher"]
    with penwick.here():
        school = db.session.get_one(School, penwick.school_id).short_name
    with story_site.visit(account) as visit:
        page = visit.page
        page.clock.install()
        page.goto("/record")
        page.get_by_label("What happened?").fill(WORDS)
        for _ in range(3):
            page.keyboard.press("Shift")
        expect(page.locator("body > .ib-cover")).to_be_visible()
        assert page.title() == school
        assert not page.get_by_text(WORDS).is_visible()
        page.get_by_role("button", name="Open again").click()
        expect(page.get_by_label("What happened?")).to_have_value(WORDS)
        page.clock.fast_forward("00:05")
        expect(page.locator("[data-kept]")).to_contain_text("Kept at")
        page.wait_for_load_state("networkidle")
        page.clock.fast_forward("27:10")
        expect(page.locator(".ib-stay")).to_contain_text("in about 2 minutes")
        assert_page_is_good(visit, story_site.names())
        page.get_by_role("button", name="Stay signed in").click()
        expect(page.locator(".ib-stay")).to_be_hidden()
        end_sessions(penwick, "other_teacher")
        page.clock.fast_forward("31:00")
        page.wait_for_url("**/sign-in?next=/record/**")
        assert WORDS not in page.content()
        draft = page.url.partition("next=")[2]
    with story_site.visit(account) as again:
        again.page.goto(draft)
        expect(again.page.get_by_label("What happened?")).to_have_value(WORDS)


def up_to_the_pictures(page: Page) -> None:
    page.goto("/record")
    say_what(page)
    page.get_by_label("Yesterday").check()
    choose(page, "Where were the people who did it?", "Not known")
    go_on(page)
    page.get_by_label("How was it done?").select_option(index=1)
    go_on(page)
    page.get_by_role("group", name=re.compile("nude or sexual")).get_by_label("No", exact=True).check()
    go_on(page)


def lose_the_first_post(page: Page) -> None:
    """The network is gone for the first file, and back for the next."""
    dropped: list[str] = []

    def drop_the_first(route: Route) -> None:
        if route.request.method == "POST" and not dropped:
            dropped.append(route.request.url)
            return route.abort()
        return route.continue_()

    page.route("**/evidence", drop_the_first)


def test_a_file_that_did_not_arrive_is_sent_again_without_choosing_it_again(
    story_site: Site, penwick: Cast, tmp_path: Path
):
    for name, colour in (("one.png", "teal"), ("two.png", "navy")):
        (tmp_path / name).write_bytes(as_png(Image.new("RGB", (90, 160), colour)))
    (tmp_path / "chat.zip").write_bytes(b"PK\3\4 not a picture")
    with story_site.visit(penwick.accounts["head_of_year"], PHONE, has_touch=True) as visit:
        page = visit.page
        up_to_the_pictures(page)
        expect(page.get_by_text("Who took the pictures?")).to_be_hidden()
        lose_the_first_post(page)
        page.locator("#chosen").set_input_files([tmp_path / name for name in ("one.png", "two.png", "chat.zip")])
        files = page.locator("#files")
        expect(files).to_contain_text("1 stored, 1 not kept")
        expect(files).to_contain_text("Not kept: this is a ZIP file.")
        expect(files).to_contain_text("Not kept yet: the network was lost.")
        files.get_by_role("button", name="Try again: one.png").click()
        expect(files).to_contain_text("2 stored")
        choose(page, "Who took the pictures?", "Somebody else")
        page.get_by_label("Who was it?").fill("Her mother")
        page.evaluate("scrollTo(0, 0)")
        assert_page_is_good(lost(visit), story_site.names())
        go_on(page)
        page.go_back()
        expect(page.get_by_label("Who was it?")).to_have_value("Her mother")
        page.get_by_role("link", name="It comes from elsewhere one.png").click()
        assert_page_is_good(visit, story_site.names())
        page.goto(page.url.partition("/files/")[0] + "/paper")
        expect(page.get_by_label("What happened?")).to_have_value(WORDS)
        assert_page_is_good(visit, story_site.names())


def test_on_paper_there_is_what_is_recorded_and_no_frame(story_site: Site, penwick: Cast):
    with penwick.here():
        by, at = penwick.viewer("teacher"), clock.now()
        with writing():
            incident = record_incident(start_draft(by=by, at=at), A_POLL, by=by, at=at)
        incident_id, reference = incident.id, incident.reference
    with story_site.visit(penwick.accounts["head"], DESK) as visit:
        page = visit.page
        page.goto("/record/paper-form")
        form = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        assert len(form.pages) == 2
        words = "".join(each.extract_text() for each in form.pages)
        assert "Is anyone in danger right now?" in words
        page.goto(f"/incidents/{incident_id}/searches")
        choose(page, "What was done?", "Both")
        page.get_by_label("What, and whose is it?").fill("A phone")
        page.get_by_label("Who did it?").fill("The head")
        choose(page, "Under which authority?", "Whose it is agreed to it")
        page.get_by_role("button", name="Write it down").click()
        page.get_by_role("link", name="Put it right").click()
        assert_page_is_good(visit, story_site.names())
        page.goto(f"/incidents/{incident_id}")
        printed = page.pdf(prefer_css_page_size=True, display_header_footer=True)
        sheet = "".join(each.extract_text() for each in PdfReader(io.BytesIO(printed)).pages)
        assert reference in sheet
        frame = ("http", "/incidents", "Hide", "Sign out", "On duty")
        assert not [each for each in frame if each in words + sheet.replace(A_POLL.url, "")]
