"""The pictures of docs/using/, taken in the browser from the demo on one Monday morning: `make pictures`."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import time_machine
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from incidents.access import Role
from incidents.citations.models import Citation
from incidents.citations.words import MeantAs
from incidents.database import across_schools, of_school
from incidents.demo.build import build
from incidents.demo.cast import schools
from incidents.extensions import db
from incidents.matters import reference
from incidents.matters.models import Matter
from incidents.schools.models import School
from tests.browser import Site, browser, running
from tests.conftest import MORNING
from tests.databases import folder, new_app
from tests.shape import TOP

PICTURES = TOP / "docs" / "using" / "pictures"
PHONE, DESK = 390, 1280
LARGEST = 80 * 1024
COLOURS = (96, 48, 24, 12)  # the most that fit; the pages have few

Go = Callable[[Page], object]


@dataclass(frozen=True)
class Picture:
    """One picture: its file's name, who looks, at which width and height, and how they come there."""

    name: str
    role: Role
    width: int
    height: int
    go: Go


def to(address: str) -> Go:
    return lambda page: page.goto(address)


def say_what_happened(page: Page) -> None:
    page.goto("/record")
    page.get_by_role("group", name="Is anyone in danger right now?").get_by_label("No", exact=True).check()
    page.get_by_label("What happened?").fill(
        "A pupil showed me a group chat. Two others write that nobody should sit with her."
    )
    page.evaluate("document.querySelector('main').scrollIntoView()")


def ask_before_pictures(page: Page) -> None:
    say_what_happened(page)
    page.get_by_label("Yesterday").check()
    page.get_by_label("Somewhere else, such as at home").check()
    page.locator("main").get_by_role("button", name="Continue").click()
    page.get_by_label("How was it done?").select_option(label="Group chat")
    page.locator("main").get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Evidence")
    page.evaluate("document.querySelector('main').scrollIntoView()")


def triage_with_tests(page: Page) -> None:
    """The first that waits and asks for the three tests, with the first of them answered."""
    page.goto("/today")
    waiting = [link.get_attribute("href") for link in page.get_by_role("link", name="Triage").all()]
    for address in waiting:
        page.goto(str(address))
        if page.locator("#running-question").count():
            break
    page.locator("#running-question").get_by_label("Met", exact=True).check()
    page.locator("#running-question + .ib-reasons").get_by_role("checkbox").first.check()
    page.wait_for_load_state("networkidle")
    page.locator("#running-question").evaluate("each => scrollTo(0, each.getBoundingClientRect().y - 170)")


def first_of(address: str, block: str = ".ib-rows, .ib-list, .ib-ledger") -> Go:
    """A list's first line."""

    def go(page: Page) -> None:
        page.goto(address)
        page.locator(f"main :is({block})").first.get_by_role("link").first.click()
        page.wait_for_load_state()

    return go


def may_this_go_up(page: Page) -> None:
    """Asked for a class in which one has said no."""
    page.goto("/may-this-go-up?class=8B")
    page.locator("main").get_by_role("radio").first.check()
    for box in page.locator("main").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Ask, without names").click()
    page.wait_for_load_state()


def forms_of_a_class(page: Page) -> None:
    page.goto("/declarations")
    page.locator("main").get_by_role("link", name="parents").first.click()
    page.locator("main").get_by_role("link", name="8C").first.click()
    page.wait_for_load_state()


def which_rule(site: Site) -> Go:
    """Of the newest incident in which a rule is said to be broken and a law may be relevant."""
    with site.app.app_context(), of_school(site.school_id):
        law = select(Citation.matter_id).where(Citation.meant_as == MeantAs.RELEVANT)
        rule = select(Citation.matter_id).where(Citation.meant_as == MeantAs.BREACHED, Citation.matter_id.in_(law))
        matter_id = db.session.scalars(rule.order_by(Citation.at.desc()).limit(1)).one()
    return to(f"/incidents/{matter_id}/rules")


def who_saw_what(reference_of_case: str) -> Go:
    def go(page: Page) -> None:
        page.goto("/who-saw-what")
        page.get_by_label("Reference").fill(reference_of_case)
        page.get_by_role("button", name="Show").click()
        expect(page.locator("main table")).to_be_visible()

    return go


def every_picture(site: Site) -> list[Picture]:
    return [
        Picture("teacher-what-happened", Role.STAFF, PHONE, 780, say_what_happened),
        Picture("teacher-before-pictures", Role.STAFF, PHONE, 620, ask_before_pictures),
        Picture("safeguarding-today", Role.DSL, PHONE, 780, to("/today")),
        Picture("safeguarding-incident", Role.DSL, DESK, 760, first_of("/incidents")),
        Picture("head-today", Role.HEADTEACHER, DESK, 760, to("/today")),
        Picture("head-decides", Role.HEADTEACHER, DESK, 800, triage_with_tests),
        Picture("head-case", Role.HEADTEACHER, DESK, 800, first_of("/cases")),
        Picture("head-which-rule", Role.HEADTEACHER, DESK, 800, which_rule(site)),
        Picture("teacher-may-this-go-up", Role.STAFF, PHONE, 780, may_this_go_up),
        Picture("office-class", Role.ADMINISTRATOR, DESK, 1000, forms_of_a_class),
        Picture("governor-report", Role.GOVERNOR, DESK, 800, first_of("/reports")),
        Picture("administrator-agrees", Role.ADMINISTRATOR, DESK, 700, to("/accounts")),
        Picture("data-protection-who-saw-what", Role.DPO, DESK, 700, who_saw_what(first_case(site))),
        Picture("one-step-list", Role.EXTERNAL, PHONE, 620, to("/my-steps")),
        Picture("one-step", Role.EXTERNAL, PHONE, 780, first_of("/my-steps")),
    ]


def first_case(site: Site) -> str:
    """The reference of the oldest case: much was done with it."""
    with site.app.app_context(), of_school(site.school_id):
        return db.session.scalars(
            select(Matter.reference).where(Matter.kind == "case").order_by(Matter.recorded_at).limit(1)
        ).one()


def small(taken: bytes) -> bytes:
    """The same picture in few colours: text stays sharp, and the file small."""
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    for colours in COLOURS:
        kept = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
        if kept.tell() <= LARGEST:
            return kept.getvalue()
    raise ValueError(f"larger than {LARGEST} bytes in {COLOURS[-1]} colours")


def take(site: Site, picture: Picture) -> bytes:
    size = {"width": picture.width, "height": picture.height}
    with site.visit(site.account_with(picture.role), size, reduced_motion="reduce") as visit:
        picture.go(visit.page)
        visit.page.evaluate("document.activeElement.blur()")
        return small(visit.page.screenshot(animations="disabled", caret="hide"))


def main(where: Path) -> None:
    """Make the demo, with the same references each time, and take every picture anew."""
    where.mkdir(parents=True, exist_ok=True)
    with folder("pictures") as data, mock.patch.object(reference, "secrets", random.Random(2026)):
        app = new_app(data)
        with app.app_context(), time_machine.travel(MORNING, tick=False):
            build(MORNING)
            with across_schools():
                school_id = db.session.scalars(select(School.id).where(School.name == schools()[0].name)).one()
        app.config["WTF_CSRF_ENABLED"] = True
        with time_machine.travel(MORNING, tick=False), browser() as chrome, running(app) as address:
            site = Site(app, school_id, address, chrome)
            for picture in every_picture(site):
                (where / f"{picture.name}.png").write_bytes(take(site, picture))


if __name__ == "__main__":
    main(PICTURES)
