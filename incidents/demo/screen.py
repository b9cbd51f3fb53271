"""A phone screen to draw on: fonts, colours, bubbles and the small shapes that every invented app needs."""

from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]

# The font that Pillow carries with it knows no accents and no emoji: demo words keep to these, so no box is ever drawn.
DRAWABLE = frozenset(
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~°‘’“”…"
)
AVATARS: tuple[Colour, ...] = (
    (178, 84, 66), (47, 104, 112), (122, 92, 148), (176, 124, 40), (70, 118, 74),
    (64, 92, 152), (160, 74, 116), (98, 98, 88), (38, 126, 132), (142, 90, 52),
)  # fmt: skip


@dataclass(frozen=True)
class App:
    """The look of an invented app."""

    name: str
    page: Colour
    bar: Colour
    on_bar: Colour
    mine: Colour
    on_mine: Colour
    theirs: Colour
    on_theirs: Colour
    soft: Colour
    accent: Colour
    corner: int = 16


APPS: dict[str, App] = {
    "murmur": App(
        "Murmur", (246, 242, 249), (88, 56, 110), (255, 255, 255), (214, 196, 232), (34, 24, 42),
        (255, 255, 255), (34, 24, 42), (120, 108, 130), (126, 74, 160),
    ),
    "pebble": App(
        "Pebble", (18, 22, 26), (28, 34, 40), (240, 244, 246), (22, 112, 116), (255, 255, 255),
        (42, 50, 58), (236, 240, 242), (140, 152, 162), (64, 190, 186), 22,
    ),
    "hive": App(
        "ClassHive", (253, 247, 230), (240, 184, 46), (46, 34, 8), (252, 226, 150), (46, 34, 8),
        (255, 255, 255), (46, 34, 8), (128, 108, 66), (176, 112, 8), 10,
    ),
    "questline": App(
        "Questline", (26, 22, 44), (40, 32, 70), (232, 228, 255), (70, 56, 130), (255, 255, 255),
        (38, 32, 62), (226, 222, 246), (150, 142, 186), (172, 140, 255), 6,
    ),
    "plaza": App(
        "Plaza", (244, 245, 247), (255, 255, 255), (28, 32, 38), (224, 238, 252), (28, 32, 38),
        (255, 255, 255), (28, 32, 38), (104, 112, 122), (214, 92, 34), 12,
    ),
    "snug": App(
        "Snug", (255, 255, 255), (255, 255, 255), (36, 22, 30), (250, 226, 234), (36, 22, 30),
        (248, 244, 246), (36, 22, 30), (132, 116, 124), (204, 58, 104), 14,
    ),
}  # fmt: skip


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType, so no readable picture can be drawn")
    return font


def initials(name: str) -> str:
    """Two letters for a round avatar: of the first and last word, without signs."""
    words = [word for word in ("".join(c if c.isalnum() else " " for c in name)).split() if word]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def avatar_colour(name: str) -> Colour:
    """The same person has the same colour in every picture (sum of code points: `hash()` changes by process)."""
    return AVATARS[sum(ord(c) * (i + 1) for i, c in enumerate(name)) % len(AVATARS)]


@dataclass
class Screen:
    """A picture of a phone at its real size; all measures are given in points and multiplied by the phone's scale."""

    width: int
    height: int
    scale: float
    app: App
    y: float = 0
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (self.width, self.height), self.app.page)
        self.pen = ImageDraw.Draw(self.image)

    @property
    def wide(self) -> float:
        """The width in points."""
        return self.width / self.scale

    @property
    def tall(self) -> float:
        """The height in points."""
        return self.height / self.scale

    def px(self, points: float) -> int:
        return round(points * self.scale)

    def measure(self, words: str, size: float) -> float:
        return _font(self.px(size)).getlength(words) / self.scale

    def text(
        self, x: float, y: float, words: str, size: float, colour: Colour, *, bold: bool = False, anchor: str = "la"
    ) -> None:
        stroke = max(1, self.px(size) // 34) if bold else 0
        self.pen.text(
            (self.px(x), self.px(y)), words, font=_font(self.px(size)), fill=colour, anchor=anchor, stroke_width=stroke
        )

    def wrap(self, words: str, size: float, width: float) -> list[str]:
        """Lines no wider than `width`; a single word wider than that is cut."""
        lines: list[str] = []
        for paragraph in words.split("\n"):
            line = ""
            for word in paragraph.split(" "):
                while self.measure(word, size) > width:
                    cut = len(word) - 1
                    while self.measure(word[:cut], size) > width:
                        cut -= 1
                    lines.append(word[:cut])
                    word = word[cut:]
                joined = f"{line} {word}" if line else word
                if self.measure(joined, size) <= width:
                    line = joined
                else:
                    lines.append(line)
                    line = word
            lines.append(line)
        return lines

    def box(
        self, x: float, y: float, width: float, height: float, fill: Colour, *, round_by: float = 0,
        edge: Colour | None = None,
    ) -> None:  # fmt: skip
        corners = (self.px(x), self.px(y), self.px(x + width), self.px(y + height))
        self.pen.rounded_rectangle(
            corners, radius=self.px(round_by), fill=fill, outline=edge, width=max(1, self.px(0.8)) if edge else 0
        )

    def line(self, y: float, colour: Colour, x: float = 0, width: float | None = None) -> None:
        self.box(x, y, self.wide if width is None else width, 0.6, colour)

    def disc(self, x: float, y: float, size: float, fill: Colour) -> None:
        self.pen.ellipse((self.px(x), self.px(y), self.px(x + size), self.px(y + size)), fill=fill)

    def avatar(self, x: float, y: float, size: float, name: str) -> None:
        self.disc(x, y, size, avatar_colour(name))
        self.text(x + size / 2, y + size / 2, initials(name), size * 0.4, (255, 255, 255), bold=True, anchor="mm")

    def star(self, x: float, y: float, size: float, fill: Colour) -> None:
        """A five-pointed star in a square of `size`."""
        outline = ((50, 2), (62, 37), (98, 38), (69, 60), (79, 95), (50, 74), (21, 95), (31, 60), (2, 38), (38, 37))
        self.pen.polygon([(self.px(x + a * size / 100), self.px(y + b * size / 100)) for a, b in outline], fill=fill)

    def heart(self, x: float, y: float, size: float, fill: Colour) -> None:
        half = size * 0.54
        self.disc(x, y, half, fill)
        self.disc(x + size - half, y, half, fill)
        low = y + half * 0.68
        points = ((x + size * 0.045, low), (x + size * 0.955, low), (x + size / 2, y + size))
        self.pen.polygon([(self.px(a), self.px(b)) for a, b in points], fill=fill)

    def face(self, x: float, y: float, size: float, mood: str) -> None:
        """A round face: `laugh`, `sad` or `shock`, drawn because the font has no emoji."""
        ink = (84, 58, 8)
        self.disc(x, y, size, (252, 204, 70))
        eye = size * 0.13
        for across in (0.27, 0.6):
            if mood == "laugh":
                corners = (x + size * across, y + size * 0.28, x + size * (across + 0.17), y + size * 0.5)
                self.pen.arc([self.px(c) for c in corners], 190, 350, fill=ink, width=max(2, self.px(size * 0.07)))
            else:
                self.disc(x + size * across, y + size * 0.3, eye, ink)
        box = [self.px(c) for c in (x + size * 0.25, y + size * 0.42, x + size * 0.75, y + size * 0.84)]
        if mood == "laugh":
            self.pen.chord(box, 0, 180, fill=ink)
        elif mood == "shock":
            self.disc(x + size * 0.4, y + size * 0.56, size * 0.22, ink)
        else:
            box[1] += self.px(size * 0.2)
            self.pen.arc(box, 190, 350, fill=ink, width=max(2, self.px(size * 0.07)))

    def mark(self, x: float, y: float, size: float, kind: str) -> None:
        """One reaction by its name."""
        if kind == "heart":
            self.heart(x, y + size * 0.06, size * 0.92, (214, 48, 74))
        else:
            self.face(x, y, size, kind)
