"""The one path: recorded on a phone with screenshots, decided and worked by the head, read by a governor."""

import io
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from incidents import clock
from incidents.accounts import membership
from incidents.accounts.models import Account
from incidents.database import writing
from incidents.demo.picture_files import as_heic, as_jpeg, as_png
from incidents.extensions import db
from tests.browser import PHONE, Site, Visit, assert_page_is_good
from tests.cast import Cast
from tests.walks.test_pages import IN_THE_STORY, NOT_COME_TO

pytestmark = pytest.mark.browser

TAKEN = datetime(2026, 11, 22, 21, 32, tzinfo=UTC)
WHAT_HAPPENED = "Isla showed me a group chat in which two pupils write that nobody should sit with her."
MORE_STEPS = 20


@pytest.fixture
def screenshots(tmp_path: Path) -> list[Path]:
    """Three pictures as phones make them: PNG, JPEG with camera data, HEIC."""
    picture = Image.new("RGB", (1170, 2532), (238, 240, 236))
    pen = ImageDraw.Draw(picture)
    for row in range(12):
        pen.rounded_rectangle((60, 200 + row * 180, 900, 330 + row * 180), 40, fill=(255, 255, 255))
        pen.text((100, 240 + row * 180), f"message {row}", fill=(30, 30, 30), font_size=44)
    kept = {"chat.png": as_png(picture), "chat.jpg": as_jpeg(picture, TAKEN), "chat.heic": as_heic(picture, TAKEN)}
    for name, made in kept.items():
        (tmp_path / name).write_bytes(made)
    return [tmp_path / name for name in kept]


@dataclass
class Told:
    """The story as it goes: where it is told, whose names are never headlines, and which pages were read by axe."""

    site: Site
    names: set[str]
    read: set[str] = field(default_factory=set)

    def look(self, visit: Visit) -> None:
        """Read a page that only the story comes to."""
        self.read.add(self.site.endpoint_of(visit.page.url) or visit.page.url)
        assert_page_is_good(visit, self.names)


def choose(page: Page, question: str | re.Pattern[str], answer: str) -> None:
    """Press an answer below its question."""
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def go_on(page: Page) -> None:
    page.locator("main").get_by_role("button", name="Continue").click()


def add_person(page: Page, typed: str, name: str, part: str) -> None:
    choose(page, "What is their part?", part)
    page.get_by_label("Find them").fill(typed)
    page.get_by_role("button", name="Find", exact=True).click()
    page.locator("#found").get_by_role("button", name=name).click()
    expect(page.locator("#record .ib-person", has_text=name)).to_be_visible()


def record(told: Told, visit: Visit, screenshots: list[Path]) -> str:
    """Four short pages and a check; gives the reference."""
    page = visit.page
    page.goto("/")
    page.locator("header").get_by_role("link", name="Record").click()
    say_what_happened(page)
    told.look(visit)
    page.get_by_label("How was it done?").select_option(label="Group chat")
    add_person(page, "isl", "Isla Fenwick", "Target")
    add_person(page, "mas", "Mason Tully", "Said to have done it")
    go_on(page)
    told.look(visit)
    choose(page, re.compile("nude or sexual image"), "No")
    go_on(page)
    page.locator("input#chosen").set_input_files(screenshots)
    expect(page.locator("#files")).to_contain_text("3 stored", timeout=60_000)
    told.look(visit)
    go_on(page)
    told.look(visit)
    choose(page, "Whom have you spoken to?", "Nobody yet")
    go_on(page)
    told.look(visit)
    expect(page.locator("main")).to_contain_text(WHAT_HAPPENED)
    page.get_by_role("button", name="Send it now").click()
    told.look(visit)
    said = re.search(r"reference is (\w{4})", page.locator("h1").inner_text())
    assert said, page.locator("h1").inner_text()
    return said[1]


def say_what_happened(page: Page) -> None:
    choose(page, "Is anyone in danger right now?", "No")
    page.get_by_label("What happened?").fill(WHAT_HAPPENED)
    page.get_by_role("group", name="Which day did it happen?").get_by_label("Yesterday").check()
    page.get_by_label("What time, if you know?").fill("21:15")
    choose(page, "Where were the people who did it?", "Somewhere else, such as at home")
    go_on(page)


def begin_and_throw_away(told: Told, visit: Visit) -> None:
    """A record begun by mistake: back to its first page, and gone."""
    page = visit.page
    page.goto("/record")
    say_what_happened(page)
    page.goto("/my-records")
    page.get_by_role("link", name=re.compile("^Go on")).or_(
        page.get_by_role("button", name=re.compile("^Go on"))
    ).first.click()
    told.look(visit)
    page.goto("/my-records")
    page.get_by_role("link", name=re.compile("^Throw away")).click()
    told.look(visit)
    page.get_by_role("button", name="Throw it away").click()
    expect(page.locator("main")).to_contain_text("was thrown away")


def look_at_the_pictures(page: Page, reference: str) -> None:
    """The safeguarding lead has it at once, sees each picture, and that looking was recorded."""
    page.goto("/incidents")
    page.locator(".ib-rows li", has_text=reference).get_by_role("link").click()
    expect(page.locator("main")).to_contain_text(WHAT_HAPPENED)
    page.get_by_role("link", name="See the evidence").click()
    page.locator("main").get_by_role("link", name=re.compile("E1")).first.click()
    picture = page.locator("main img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 100)")
    page.reload()
    expect(page.locator("main")).to_contain_text("Farida Qureshi")


def triage(page: Page, reference: str) -> None:
    """One page: the tests, the sentence, the case."""
    page.goto("/today")
    page.locator(".ib-ledger li", has_text=reference).get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("May the school act on this?")
    for test, answer, because in (
        ("running", "Met", "A pupil is unwilling to come in"),
        ("threat", "Not met", "Nothing points to it"),
        ("reputation", "Not met", "Nothing points to it"),
    ):
        page.locator(f"#{test}-question").get_by_label(answer, exact=True).check()
        page.locator(f"#{test}-question + .ib-reasons").get_by_label(because).check()
    page.locator("#reasonable-question").get_by_label("Yes", exact=True).check()
    page.locator("#reasonable-question + .ib-reasons").get_by_role("checkbox").first.check()
    expect(page.locator("#sentence")).to_contain_text("may act", timeout=10_000)
    page.get_by_label("What to call the case").fill("Group chat in Year 6")
    page.get_by_role("button", name="Decide and open the case").click()
    expect(page.locator("h1")).not_to_contain_text("May the school act")


def work(told: Told, visit: Visit) -> None:
    """Every step in its turn, the finding and the outcome where they stand, and the case is closed."""
    page = visit.page
    page.goto("/cases")
    page.get_by_role("link", name=re.compile("Group chat in Year 6")).first.click()
    case = page.url
    for _ in range(MORE_STEPS):
        page.goto(case)
        if not page.get_by_role("link", name="Open this step").count():
            break
        page.get_by_role("link", name="Open this step").or_(
            page.get_by_role("button", name="Open this step")
        ).first.click()
        do_step(page)
    page.goto(case)
    page.get_by_role("link", name="Keep the evidence").click()
    page.get_by_role("link", name="Take it up again").click()
    told.look(visit)
    page.goto(case)
    page.locator("#do").get_by_role("link", name="Close the case").click()
    page.locator("main").get_by_role("button", name="Close the case").click()
    expect(page.locator("main")).to_contain_text("Closed")
    page.locator("#do").get_by_text("Open the case again").click()
    told.look(visit)


def do_step(page: Page) -> None:
    main = page.locator("main")
    if main.get_by_role("link", name="Record the finding").count():
        main.get_by_role("link", name="Record the finding").click()
        main.get_by_label("It was bullying").check()
        main.get_by_label("From which evidence").fill("The three screenshots and both written accounts.")
        main.get_by_role("button", name="Record the finding").click()
    elif main.get_by_role("link", name="Record the outcome").count():
        main.get_by_role("link", name="Record the outcome").click()
        main.get_by_label("Support for the pupil it was aimed at").check()
        main.get_by_label("In your own words").fill("A trusted adult each morning, and a seat with her friends.")
        main.get_by_role("button", name="Record the outcome").click()
    else:
        main.get_by_label("What was done").fill("Done, and written down.")
        main.get_by_role("button", name="Mark as done").click()
    expect(page.locator(".govuk-notification-banner--success")).to_be_visible()


def publish(told: Told, visit: Visit) -> None:
    page = visit.page
    page.goto("/reports")
    page.locator("main").get_by_role("link", name="Write a report").or_(
        page.get_by_role("button", name="Write a report")
    ).first.click()
    page.get_by_label("Term").select_option(label="Autumn term 2026")
    page.get_by_role("button", name="Go on").click()
    told.look(visit)
    page.get_by_label("Your words").fill("A quiet term. Group chats remain what we see most.")
    page.get_by_role("button", name="Keep and preview").click()
    told.look(visit)
    page.get_by_role("button", name="Publish this report").click()
    expect(page.locator("main")).to_contain_text("The report is published")


def read_as_governor(visit: Visit) -> None:
    """The page, the paper, and nothing else."""
    page = visit.page
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Reports").click()
    page.locator("main").get_by_role("link", name="Autumn term 2026").click()
    expect(page.locator("main")).to_contain_text("Group chats remain what we see most")
    href = page.get_by_role("link", name=re.compile("PDF")).first.get_attribute("href")
    answer = visit.context.request.get(str(href))
    assert answer.headers["content-type"] == "application/pdf"
    paper = "".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.body())).pages)
    assert "Isla" not in paper
    assert "Penwick Green" in paper
    assert [visit.context.request.get(path).status for path in ("/incidents", "/cases", "/today")] == [403, 403, 403]


def take_up_an_invitation(told: Told, penwick: Cast) -> None:
    """A new teacher follows the link and chooses a password."""
    with penwick.here(), writing():
        account = db.session.get_one(Account, penwick.accounts["other_teacher"])
        token = membership.invite(account, by=None, at=clock.now())
    with told.site.visit(None) as newcomer:
        newcomer.page.goto(f"/invitation/{token}")
        told.look(newcomer)


def test_from_a_screenshot_to_the_governors_report(story_site: Site, penwick: Cast, screenshots: list[Path]):
    told = Told(story_site, story_site.names())
    take_up_an_invitation(told, penwick)
    with story_site.visit(penwick.accounts["teacher"], PHONE, has_touch=True) as teacher:
        begin_and_throw_away(told, teacher)
        reference = record(told, teacher, screenshots)
        with story_site.visit(penwick.accounts["dsl"]) as dsl:
            look_at_the_pictures(dsl.page, reference)
        with story_site.visit(penwick.accounts["head"]) as head:
            triage(head.page, reference)
            work(told, head)
            publish(told, head)
        with story_site.visit(penwick.accounts["governor"]) as governor:
            read_as_governor(governor)
        teacher.page.goto("/my-records")
        expect(teacher.page.locator("main")).to_contain_text(reference)
        assert teacher.complaints + dsl.complaints + head.complaints + governor.complaints == []
    assert {page for page, where in NOT_COME_TO.items() if where == IN_THE_STORY} - told.read == set()
