"""With the keyboard alone: an incident is recorded and triaged by Tab, Enter, Space, arrows and typing.

Wherever the focus comes to rest it can be seen, nothing covers it, and it goes through the page as the page is read.
"""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, Site
from tests.cast import Cast

pytestmark = pytest.mark.browser

MOST_STOPS = 80  # on one page; then the keyboard is caught somewhere
WORDS = "A pupil showed me a poll about another."

# Where the focus is: its words, its place, whether it can be seen, and whether it stands later than the stop before.
STOP = """before => {
  const here = document.activeElement, wrong = [];
  const looks = each => each ? ['outline', 'boxShadow', 'backgroundColor', 'color', 'borderColor', 'opacity'].map(
    name => getComputedStyle(each)[name]).join() : '';
  const drawn = () => [here, here.labels?.[0]].map(each => looks(each) + (each ? ['::before', '::after'].map(
    part => getComputedStyle(each, part).outline + getComputedStyle(each, part).boxShadow).join() : '')).join();
  const box = here.getBoundingClientRect(), at = document.elementFromPoint(
    Math.min(box.x + box.width / 2, innerWidth - 1), box.y + Math.min(box.height, 40) / 2);
  if (!box.width || !at || !(here.contains(at) || at.contains(here) || [...here.labels || []].some(each => each.contains(at))))
    wrong.push('something covers it');
  const focused = drawn();
  here.blur();
  const plain = drawn();
  here.focus({ preventScroll: true });
  if (focused === plain) wrong.push('it looks as if it were not there');
  if (!here.matches(':focus-visible')) wrong.push('the browser shows no focus');
  if (here.tabIndex > 0) wrong.push('its place in the order was forced');
  const main = Boolean(here.closest('main')), top = box.top + scrollY;
  if (before && main && before.main && top < before.top - 8 && box.left < before.right && before.left < box.right)
    wrong.push('it is above the stop before');
  const label = here.labels?.[0]?.innerText || here.innerText || '';
  const group = here.closest('fieldset')?.querySelector('legend')?.innerText || '';
  const plainly = words => words.replace(/\\s+/g, ' ').trim();
  return { words: plainly(label), group: plainly(group), tag: here.tagName, type: here.type || '', id: here.id, main, top,
    left: box.left, right: box.right, wrong };
}"""


@dataclass
class Stop:
    """Where the focus rests."""

    words: str
    group: str
    tag: str
    type: str
    id: str
    main: bool
    top: float
    left: float
    right: float
    wrong: list[str] = field(default_factory=list)


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.last: Stop | None = None

    def tab(self) -> Stop:
        """On to the next stop. It must be seen there."""
        self.page.keyboard.press("Tab")
        before = vars(self.last) if self.last else None
        stop = Stop(**self.page.evaluate(STOP, before))
        assert stop.tag != "BODY", f"{self.page.url}: the page ended"
        assert not stop.wrong, f"{self.page.url}: {stop.tag} “{stop.words}”: {stop.wrong}"
        self.last = stop
        return stop

    def to(self, words: str, group: str = "") -> None:
        """On to what bears these words; in a question, to its answers."""
        met = []
        for _ in range(MOST_STOPS):
            stop = self.tab()
            if stop.words.startswith(words) and stop.group.startswith(group):
                return
            met.append(stop.words)
        raise AssertionError(f"{self.page.url}: no “{words}” among {met}")

    def skip(self) -> None:
        """A page's first stop is the link past its frame, and it leads past it."""
        self.last = None
        assert self.tab().words == "Skip to main content"
        self.page.keyboard.press("Enter")
        assert self.tab().main, "the skip link leads into the page"
        self.last = None
        self.page.keyboard.press("Shift+Tab")

    def choose(self, question: str, answer: str) -> None:
        """To a question, and with the arrows to one of its answers."""
        for _ in range(MOST_STOPS):
            stop = self.tab()
            if stop.type == "radio" and stop.group.startswith(question):
                break
        else:
            raise AssertionError(f"{self.page.url}: no question “{question}”")
        self.page.keyboard.press("Space")
        for _ in range(MOST_STOPS):
            chosen = self.page.evaluate("[document.activeElement.checked, document.activeElement.labels[0].innerText]")
            if chosen[0] and chosen[1].strip().splitlines()[0] == answer:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: “{question}” has no answer “{answer}”")

    def tick(self, answer: str, group: str = "") -> None:
        self.to(answer, group)
        self.page.keyboard.press("Space")
        assert self.page.evaluate("document.activeElement.checked")

    def type(self, label: str, words: str) -> None:
        self.to(label)
        self.page.keyboard.type(words)

    def press(self, words: str) -> None:
        """A button or link; waits for the page behind it."""
        self.to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.last = None


def put_right_what_was_left_out(keys: Keyboard) -> None:
    """The page comes back with the focus on what is wrong; each line there leads to its field."""
    page = keys.page
    keys.skip()
    keys.press("Continue")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Put right")
    assert keys.tab().words == "Say whether anyone is in danger right now."
    assert keys.tab().words == "Say what happened, in your own words."
    page.keyboard.press("Enter")
    expect(page.get_by_label("What happened?")).to_be_focused()
    keys.last = None
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.name") == "danger"
    page.keyboard.press("Shift+Tab")


def record(keys: Keyboard) -> str:
    """Four short pages and a check; gives the reference."""
    page = keys.page
    keys.choose("Is anyone in danger right now?", "No")
    keys.type("What happened?", WORDS)
    keys.choose("Which day did it happen?", "Yesterday")
    keys.choose("Where were the people who did it?", "Somewhere else, such as at home")
    keys.press("Continue")
    say_where(keys)
    add_person(keys, "Target", "isl", "Isla Fenwick")
    add_person(keys, "Said to have done it", "mas", "Mason Tully")
    keys.press("Continue")
    keys.skip()
    keys.choose("", "No")
    keys.press("Continue")
    keys.skip()
    keys.press("Continue")
    keys.skip()
    keys.choose("Whom have you spoken to?", "Nobody yet")
    keys.press("Continue")
    keys.skip()
    keys.press("Send it now")
    said = re.search(r"reference is (\w{4})", page.locator("h1").inner_text())
    assert said, page.locator("h1").inner_text()
    return said[1]


def say_where(keys: Keyboard) -> None:
    keys.skip()
    keys.to("How was it done?")
    keys.page.keyboard.type("Poll")
    assert keys.page.locator("#method option:checked").inner_text().startswith("Poll")


def add_person(keys: Keyboard, part: str, typed: str, name: str) -> None:
    keys.choose("What is their part?", part)
    keys.type("Find them", typed)
    expect(keys.page.locator("#found")).to_contain_text(name)
    keys.press(f"Add {name}")
    expect(keys.page.locator("#record .ib-person", has_text=name)).to_be_visible()
    keys.last = None
    assert keys.tab().words.startswith("Take out"), "Add comes back to where the people are"


def decide(keys: Keyboard) -> None:
    for test, answer, because in (
        ("Running", "Met", "A pupil is unwilling to come in"),
        ("Threat", "Not met", "Nothing points to it"),
        ("Reputation", "Not met", "Nothing points to it"),
    ):
        keys.choose(test, answer)
        keys.tick(because)
    keys.choose("", "Yes")
    keys.tick("It reaches into school")
    expect(keys.page.locator("#sentence")).to_contain_text("may act", timeout=10_000)
    keys.type("What to call the case", "Poll in Year 6")
    keys.press("Decide and open the case")


def test_a_teacher_records_and_a_head_decides_without_a_mouse(story_site: Site, penwick: Cast):
    with story_site.visit(penwick.accounts["teacher"], DESK) as teacher:
        keys = Keyboard(teacher.page)
        teacher.page.goto("/my-records")
        keys.press("Record an incident")
        put_right_what_was_left_out(keys)
        reference = record(keys)
    with story_site.visit(penwick.accounts["head"], DESK) as head:
        keys = Keyboard(head.page)
        head.page.goto("/today")
        keys.skip()
        keys.press(f"Triage incident {reference}")
        expect(head.page.locator("h1")).to_contain_text("May the school act on this?")
        keys.skip()
        decide(keys)
        expect(head.page.locator("h1")).to_contain_text("Poll in Year 6")
    assert [each for each in teacher.complaints + head.complaints if "422" not in each] == []


@pytest.mark.parametrize(
    ("spoilt", "found"),
    [
        ("* { outline: none !important; box-shadow: none !important; background: none !important; color: black !important; "
         "border-color: black !important; position: static !important; clip: auto !important }", "as if it were not there"),
        ("header { position: fixed !important; inset: 0; z-index: 99 }", "covers it"),
    ],
)  # fmt: skip
def test_a_focus_that_nobody_sees_is_found(story_site: Site, penwick: Cast, spoilt: str, found: str):
    with story_site.visit(penwick.accounts["teacher"], DESK) as visit:
        visit.page.goto("/my-records")
        keys = Keyboard(visit.page)
        keys.skip()
        visit.page.evaluate(
            "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
            spoilt,
        )
        with pytest.raises(AssertionError, match=found):
            keys.to("nothing")
