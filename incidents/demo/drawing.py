"""Draws the demo's screenshots: chats, posts, polls, profiles and review pages of invented apps on invented phones."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from incidents.demo.scenes import draw_scene
from incidents.demo.screen import APPS, Colour, Screen

MARKS = ("laugh", "sad", "shock", "heart")
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True)
class Phone:
    """A phone or tablet by its real pixels."""

    width: int
    height: int
    scale: float


PHONES: dict[str, Phone] = {
    "large": Phone(1170, 2532, 3.0),
    "tall": Phone(1080, 2400, 2.75),
    "small": Phone(750, 1334, 2.0),
    "wide": Phone(1284, 2778, 3.0),
    "tablet": Phone(1620, 2160, 3.0),
}


@dataclass(frozen=True)
class Picture:
    """What one screenshot shows, as the story's data says it."""

    kind: str
    app: str
    phone: str
    clock: str
    title: str
    subtitle: str = ""
    day: str = ""
    lines: tuple[str, ...] = ()
    words: str = ""
    scene: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Line:
    """One message: who, when, the words, and how others reacted."""

    who: str
    at: str
    words: str
    mark: str = ""
    count: int = 0
    scene: str = ""

    @property
    def mine(self) -> bool:
        return self.who == "me"


_LINE = re.compile(
    r"^(?P<who>[^{}]+?) (?P<at>\d\d:\d\d) (?:\[(?P<scene>[a-z]+)\] ?)?(?P<words>.*?)"
    r"(?: \{(?P<mark>[a-z]+) (?P<count>\d+)\})?$",
    re.DOTALL,
)
_CHOICE = re.compile(r"^(?P<words>.+) (?P<count>\d+)$")


class CannotDraw(ValueError):
    """The story asks for something that no picture can show."""


def read_line(text: str) -> Line:
    """Reads `Name 21:04 the words {laugh 3}`, with `[scene]` before the words for a picture in the chat."""
    found = _LINE.match(text)
    if not found:
        raise CannotDraw(f"not a line of a chat (Name 21:04 words): {text!r}")
    mark = found["mark"] or ""
    if mark and mark not in MARKS:
        raise CannotDraw(f"no such reaction as {mark!r}; there are {', '.join(MARKS)}")
    who = found["who"].strip()
    return Line(who, found["at"], found["words"], mark, int(found["count"] or 0), found["scene"] or "")


def read_choice(text: str) -> tuple[str, int]:
    """Reads `The bin 11`: one answer of a poll, or one star review, with its number."""
    found = _CHOICE.match(text)
    if not found:
        raise CannotDraw(f"not a choice with its number (The bin 11): {text!r}")
    return found["words"], int(found["count"])


def _status_bar(screen: Screen, clock: str, colour: Colour) -> None:
    screen.text(24, 15, clock, 14, colour, bold=True)
    right = screen.wide - 24
    screen.box(right - 24, 17, 22, 11, screen.app.bar, round_by=3, edge=colour)
    screen.box(right - 22, 19, 13, 7, colour, round_by=1.5)
    screen.box(right - 1, 20.5, 1.6, 4, colour)
    for bar in range(4):
        tall = 3 + bar * 2.6
        screen.box(right - 54 + bar * 5, 28 - tall, 3.2, tall, colour, round_by=1)


def _top(screen: Screen, picture: Picture) -> None:
    """Status bar and title bar: a back arrow, an avatar, the title and one line under it."""
    app = screen.app
    screen.box(0, 0, screen.wide, 96, app.bar)
    _status_bar(screen, picture.clock, app.on_bar)
    arrow = [(24, 61), (15, 70), (24, 79)]
    screen.pen.line(
        [(screen.px(x), screen.px(y)) for x, y in arrow], fill=app.on_bar, width=screen.px(2), joint="curve"
    )
    screen.avatar(36, 52, 36, picture.title)
    title = screen.wrap(picture.title, 17, screen.wide - 130)[0]
    screen.text(82, 53, title, 17, app.on_bar, bold=True)
    quiet: Colour = (app.on_bar[0] * 3 // 4 + 40, app.on_bar[1] * 3 // 4 + 40, app.on_bar[2] * 3 // 4 + 40)
    screen.text(82, 75, screen.wrap(picture.subtitle, 12.5, screen.wide - 130)[0], 12.5, quiet)
    for dot in range(3):
        screen.disc(screen.wide - 24, 61 + dot * 7, 4, app.on_bar)
    screen.y = 96


def _pill(screen: Screen, words: str) -> None:
    wide = screen.measure(words, 12) + 24
    screen.box((screen.wide - wide) / 2, screen.y + 10, wide, 22, screen.app.theirs, round_by=11)
    screen.text(screen.wide / 2, screen.y + 21, words, 12, screen.app.soft, anchor="mm")
    screen.y += 42


def _bubble(screen: Screen, line: Line, *, named: bool) -> None:
    """One message: others' on the left with avatar and name, one's own on the right."""
    app, size, lead = screen.app, 16.0, 21.0
    most = screen.wide * 0.66
    lines = screen.wrap(line.words, size, most) if line.words else []
    named = named and not line.mine
    text_wide = max([screen.measure(row, size) for row in lines], default=0)
    wide = max(text_wide, 74, screen.measure(line.who, 12.5) if named else 0, most if line.scene else 0) + 26
    tall = len(lines) * lead + (18 if named else 0) + 36 + (150 if line.scene else 0)
    left = screen.wide - wide - 14 if line.mine else 54
    fill, ink = (app.mine, app.on_mine) if line.mine else (app.theirs, app.on_theirs)
    screen.box(left, screen.y, wide, tall, fill, round_by=app.corner)
    y = screen.y + 10
    if named:
        screen.avatar(12, screen.y, 34, line.who)
        name_ink: Colour = app.accent if sum(app.page) > 300 else app.soft
        screen.text(left + 13, y, line.who, 12.5, name_ink, bold=True)
        y += 18
    if line.scene:
        draw_scene(screen, line.scene, left + 8, y, wide - 16, 142)
        y += 150
    for row in lines:
        screen.text(left + 13, y, row, size, ink)
        y += lead
    screen.text(left + wide - 12, y + 1, line.at, 11, app.soft if not line.mine else fill_soft(fill, ink), anchor="ra")
    screen.y += tall
    if line.mark:
        _reaction(screen, left + 14, screen.y - 9, line)
        screen.y += 14
    screen.y += 9


def fill_soft(fill: Colour, ink: Colour) -> Colour:
    """Halfway from ink to paper, for the time inside a bubble."""
    return (
        (fill[0] * 2 + ink[0] * 3) // 5,
        (fill[1] * 2 + ink[1] * 3) // 5,
        (fill[2] * 2 + ink[2] * 3) // 5,
    )


def _reaction(screen: Screen, x: float, y: float, line: Line) -> None:
    number = str(line.count)
    screen.box(x, y, 36 + screen.measure(number, 12), 23, screen.app.theirs, round_by=11.5, edge=screen.app.soft)
    screen.mark(x + 6, y + 4, 15, line.mark)
    screen.text(x + 27, y + 11.5, number, 12, screen.app.on_theirs, anchor="lm")


def _write_here(screen: Screen, hint: str) -> None:
    app = screen.app
    top = screen.tall - 78
    screen.box(0, top, screen.wide, 78, app.page)
    screen.line(top, app.soft)
    screen.box(16, top + 12, screen.wide - 76, 38, app.theirs, round_by=19, edge=app.soft)
    screen.text(32, top + 31, hint, 15, app.soft, anchor="lm")
    screen.disc(screen.wide - 52, top + 12, 38, app.accent)
    tip = [(screen.wide - 39, top + 22), (screen.wide - 39, top + 40), (screen.wide - 23, top + 31)]
    screen.pen.polygon([(screen.px(x), screen.px(y)) for x, y in tip], fill=app.page)
    screen.box(screen.wide / 2 - 64, screen.tall - 12, 128, 4.5, app.soft, round_by=2)


def _messages(screen: Screen, picture: Picture) -> None:
    if picture.day:
        _pill(screen, picture.day)
    before = ""
    for text in picture.lines:
        if text.startswith("-- "):
            _pill(screen, text[3:])
            before = ""
            continue
        line = read_line(text)
        _bubble(screen, line, named=picture.kind == "group_chat" and line.who != before)
        before = line.who


def _draw_chat(screen: Screen, picture: Picture) -> None:
    """A chat stands on the writing line: a first pass on a spare sheet finds its height, the second draws it there."""
    spare = Screen(screen.width, screen.height, screen.scale, screen.app)
    _messages(spare, picture)
    screen.y = screen.tall - 84 - spare.y
    _messages(screen, picture)
    _top(screen, picture)
    _write_here(screen, "Message")


def _draw_post(screen: Screen, picture: Picture) -> None:
    """A post, how many liked it, and the comments under it."""
    app = screen.app
    screen.box(0, 0, screen.wide, 84, app.bar)
    _status_bar(screen, picture.clock, app.on_bar)
    screen.text(18, 50, app.name, 22, app.accent, bold=True)
    screen.disc(screen.wide - 44, 50, 26, app.page)
    screen.text(screen.wide - 31, 63, "me", 11, app.soft, anchor="mm")
    screen.y = 94
    size, lead = 17.0, 23.0
    rows = screen.wrap(picture.words, size, screen.wide - 40)
    tall = 120 + len(rows) * lead + (232 if picture.scene else 0)
    screen.box(0, screen.y, screen.wide, tall, WHITE if sum(app.page) > 300 else app.theirs)
    screen.avatar(18, screen.y + 14, 42, picture.title)
    screen.text(72, screen.y + 17, picture.title, 16, app.on_theirs, bold=True)
    screen.text(72, screen.y + 39, f"{picture.subtitle} - {picture.day}", 12.5, app.soft)
    y = screen.y + 70.0
    for row in rows:
        screen.text(20, y, row, size, app.on_theirs)
        y += lead
    if picture.scene:
        draw_scene(screen, picture.scene, 0, y + 8, screen.wide, 220, picture.caption)
        y += 232
    screen.heart(20, y + 16, 18, app.accent)
    likes = sum(read_line(line).count for line in picture.lines) + 9
    screen.text(46, y + 26, f"{likes} like this", 13.5, app.soft, anchor="lm")
    screen.text(screen.wide - 20, y + 26, f"{len(picture.lines)} comments", 13.5, app.soft, anchor="rm")
    screen.y += tall + 12
    for text in picture.lines:
        _comment(screen, read_line(text))
    _write_here(screen, "Write a comment")


def _comment(screen: Screen, line: Line) -> None:
    app = screen.app
    rows = screen.wrap(line.words, 15, screen.wide - 104)
    tall = 34 + len(rows) * 20
    screen.avatar(18, screen.y, 32, line.who)
    fill = app.theirs if app.theirs != app.page else app.mine
    screen.box(60, screen.y, screen.wide - 78, tall, fill, round_by=app.corner)
    screen.text(73, screen.y + 9, line.who, 13.5, app.on_theirs, bold=True)
    screen.text(screen.wide - 30, screen.y + 10, line.at, 11.5, app.soft, anchor="ra")
    for number, row in enumerate(rows):
        screen.text(73, screen.y + 28 + number * 20, row, 15, app.on_theirs)
    screen.y += tall + 8
    if line.mark:
        _reaction(screen, 74, screen.y - 16, line)
        screen.y += 14


def _draw_poll(screen: Screen, picture: Picture) -> None:
    """A question, its answers as bars, and what people wrote."""
    app = screen.app
    _top(screen, picture)
    choices = [read_choice(text) for text in picture.lines if "{" not in text and not _LINE.match(text)]
    total = sum(count for _, count in choices) or 1
    screen.y += 18
    rows = screen.wrap(picture.words, 21, screen.wide - 72)
    tall = 40 + len(rows) * 28 + len(choices) * 62 + 34
    screen.box(16, screen.y, screen.wide - 32, tall, app.theirs, round_by=18, edge=app.soft)
    y = screen.y + 22
    for row in rows:
        screen.text(36, y, row, 21, app.on_theirs, bold=True)
        y += 28
    y += 10
    wide = screen.wide - 72
    for words, count in choices:
        screen.box(36, y, wide, 50, app.page, round_by=10, edge=app.soft)
        if count:
            screen.box(36, y, max(20, wide * count / total), 50, app.mine, round_by=10)
        screen.text(50, y + 25, words, 16.5, app.on_mine if sum(app.page) > 300 else WHITE, anchor="lm")
        screen.text(36 + wide - 14, y + 25, f"{round(100 * count / total)}%", 16, app.on_theirs, bold=True, anchor="rm")
        y += 62
    screen.text(36, y + 2, f"{total} votes - {picture.day}", 13, app.soft)
    screen.y += tall + 18
    for text in picture.lines:
        if _LINE.match(text):
            _comment(screen, read_line(text))
    _write_here(screen, "Add your voice")


def _draw_profile(screen: Screen, picture: Picture) -> None:
    """An account's first page: name, a line about itself, three numbers and a grid of pictures."""
    app = screen.app
    screen.box(0, 0, screen.wide, 84, app.bar)
    _status_bar(screen, picture.clock, app.on_bar)
    screen.text(screen.wide / 2, 64, picture.subtitle, 17, app.on_bar, bold=True, anchor="mm")
    screen.avatar(20, 104, 88, picture.title)
    for number, text in enumerate(picture.lines[:3]):
        words, count = read_choice(text)
        centre = 150 + (screen.wide - 150) * (number + 0.5) / 3
        screen.text(centre, 138, str(count), 19, app.on_theirs, bold=True, anchor="mm")
        screen.text(centre, 160, words, 13, app.soft, anchor="mm")
    screen.text(20, 206, picture.title, 17, app.on_theirs, bold=True)
    y = 232.0
    for row in screen.wrap(picture.words, 15, screen.wide - 40):
        screen.text(20, y, row, 15, app.on_theirs)
        y += 20
    screen.box(20, y + 12, screen.wide - 40, 38, app.accent, round_by=10)
    screen.text(screen.wide / 2, y + 31, "Follow", 15, WHITE, bold=True, anchor="mm")
    y += 66
    side = (screen.wide - 8) / 3
    for number, text in enumerate(picture.lines[3:]):
        scene, _, caption = text.partition(" ")
        draw_scene(screen, scene, (number % 3) * (side + 4), y + (number // 3) * (side + 4), side, side, caption)
    screen.box(screen.wide / 2 - 64, screen.tall - 12, 128, 4.5, app.soft, round_by=2)


def _draw_review(screen: Screen, picture: Picture) -> None:
    """A page of star reviews of a place; a line is `Name 19:20 words {stars}` with a number of stars at its start."""
    app = screen.app
    _top(screen, picture)
    reviews = [(int(text[0]), read_line(text[2:])) for text in picture.lines]
    mean = sum(stars for stars, _ in reviews) / max(1, len(reviews))
    screen.box(0, screen.y, screen.wide, 92, app.theirs)
    screen.text(22, screen.y + 46, f"{mean:.1f}", 42, app.on_theirs, bold=True, anchor="lm")
    _stars(screen, 108, screen.y + 24, 20, round(mean))
    screen.text(108, screen.y + 54, f"{len(reviews)} reviews - {picture.day}", 13.5, app.soft)
    screen.y += 104
    for stars, line in reviews:
        rows = screen.wrap(line.words, 15.5, screen.wide - 60)
        tall = 82 + len(rows) * 21
        screen.box(12, screen.y, screen.wide - 24, tall, app.theirs, round_by=app.corner)
        screen.avatar(26, screen.y + 14, 36, line.who)
        screen.text(72, screen.y + 16, line.who, 15, app.on_theirs, bold=True)
        _stars(screen, 72, screen.y + 38, 13, stars)
        screen.text(screen.wide - 30, screen.y + 18, line.at, 12, app.soft, anchor="ra")
        for number, row in enumerate(rows):
            screen.text(30, screen.y + 66 + number * 21, row, 15.5, app.on_theirs)
        screen.y += tall + 10
    screen.box(screen.wide / 2 - 64, screen.tall - 12, 128, 4.5, app.soft, round_by=2)


def _stars(screen: Screen, x: float, y: float, size: float, full: int) -> None:
    for number in range(5):
        screen.star(x + number * size * 1.2, y, size, (226, 148, 20) if number < full else (206, 208, 212))


KINDS: dict[str, Callable[[Screen, Picture], None]] = {
    "group_chat": _draw_chat,
    "direct_message": _draw_chat,
    "post": _draw_post,
    "poll": _draw_poll,
    "profile": _draw_profile,
    "review": _draw_review,
}


def draw(picture: Picture) -> Screen:
    """Draws one screenshot at the phone's real size; raises CannotDraw in words for data that makes no picture."""
    for name, known in ((picture.kind, KINDS), (picture.app, APPS), (picture.phone, PHONES)):
        if name not in known:
            raise CannotDraw(f"{name!r} is none of {', '.join(sorted(known))}")
    phone = PHONES[picture.phone]
    screen = Screen(phone.width, phone.height, phone.scale, APPS[picture.app])
    KINDS[picture.kind](screen, picture)
    return screen
