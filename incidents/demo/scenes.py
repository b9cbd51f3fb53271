"""Small painted scenes that stand in for photographs, so that no real place or child is ever shown."""

from collections.abc import Callable

from incidents.demo.screen import Colour, Screen

Box = tuple[float, float, float, float]


def _field(screen: Screen, box: Box) -> None:
    x, y, wide, tall = box
    screen.box(x, y, wide, tall, (168, 208, 236))
    screen.box(x, y + tall * 0.58, wide, tall * 0.42, (112, 164, 92))
    screen.disc(x + wide * 0.78, y + tall * 0.1, tall * 0.2, (252, 226, 130))
    for post in (0.16, 0.4):
        screen.box(x + wide * post, y + tall * 0.36, wide * 0.012, tall * 0.3, (250, 250, 250))
    screen.box(x + wide * 0.16, y + tall * 0.36, wide * 0.252, tall * 0.026, (250, 250, 250))


def _hall(screen: Screen, box: Box) -> None:
    x, y, wide, tall = box
    screen.box(x, y, wide, tall, (222, 206, 178))
    screen.box(x, y + tall * 0.74, wide, tall * 0.26, (158, 112, 68))
    for pane in range(4):
        screen.box(x + wide * (0.07 + pane * 0.23), y + tall * 0.12, wide * 0.16, tall * 0.36, (190, 220, 232))
    for chair in range(7):
        screen.box(
            x + wide * (0.05 + chair * 0.135), y + tall * 0.64, wide * 0.09, tall * 0.22, (60, 84, 110), round_by=3
        )


def _stage(screen: Screen, box: Box) -> None:
    x, y, wide, tall = box
    screen.box(x, y, wide, tall, (52, 30, 58))
    for side in (0.0, 0.84):
        screen.box(x + wide * side, y, wide * 0.16, tall, (148, 36, 52))
    screen.disc(x + wide * 0.5 - tall * 0.32, y + tall * 0.34, tall * 0.64, (236, 214, 150))
    screen.box(x, y + tall * 0.8, wide, tall * 0.2, (108, 72, 46))
    for child in range(3):
        _figure(screen, x + wide * (0.3 + child * 0.16), y + tall * 0.44, tall * 0.4)


def _figure(screen: Screen, x: float, y: float, tall: float) -> None:
    """A grey figure without a face: nobody can be meant."""
    grey: Colour = (92, 96, 104)
    screen.disc(x, y, tall * 0.34, grey)
    screen.box(x - tall * 0.1, y + tall * 0.38, tall * 0.54, tall * 0.62, grey, round_by=tall * 0.14)


def _portrait(screen: Screen, box: Box) -> None:
    x, y, wide, tall = box
    screen.box(x, y, wide, tall, (206, 214, 222))
    _figure(screen, x + wide / 2 - tall * 0.14, y + tall * 0.2, tall * 0.8)


def _sheep(screen: Screen, box: Box) -> None:
    x, y, wide, tall = box
    screen.box(x, y, wide, tall, (186, 216, 238))
    screen.box(x, y + tall * 0.66, wide, tall * 0.34, (124, 176, 96))
    middle, low = x + wide / 2, y + tall * 0.34
    for leg in (-0.2, -0.08, 0.1, 0.22):
        screen.box(middle + tall * leg, low + tall * 0.3, tall * 0.05, tall * 0.2, (60, 54, 52))
    for across, down, size in (
        (-0.3, 0, 0.3),
        (-0.12, -0.06, 0.36),
        (0.08, 0, 0.3),
        (-0.22, 0.08, 0.3),
        (0, 0.1, 0.28),
    ):
        screen.disc(middle + tall * across, low + tall * down, tall * size, (246, 244, 238))
    screen.disc(middle + tall * 0.28, low - tall * 0.02, tall * 0.2, (60, 54, 52))


def _bin(screen: Screen, box: Box) -> None:
    x, y, wide, tall = box
    screen.box(x, y, wide, tall, (226, 222, 214))
    screen.box(x, y + tall * 0.8, wide, tall * 0.2, (176, 170, 160))
    left = x + wide / 2 - tall * 0.2
    screen.box(left, y + tall * 0.34, tall * 0.4, tall * 0.52, (70, 96, 84), round_by=4)
    screen.box(left - tall * 0.04, y + tall * 0.26, tall * 0.48, tall * 0.09, (52, 74, 64), round_by=4)


def _desk(screen: Screen, box: Box) -> None:
    x, y, wide, tall = box
    screen.box(x, y, wide, tall, (196, 160, 118))
    screen.box(x + wide * 0.16, y + tall * 0.2, wide * 0.42, tall * 0.6, (250, 250, 246))
    for row in range(6):
        screen.box(
            x + wide * 0.2,
            y + tall * (0.28 + row * 0.08),
            wide * (0.32 if row % 3 else 0.22),
            tall * 0.014,
            (140, 150, 170),
        )
    screen.box(x + wide * 0.68, y + tall * 0.24, wide * 0.03, tall * 0.5, (206, 66, 58), round_by=3)


SCENES: dict[str, Callable[[Screen, Box], None]] = {
    "field": _field, "hall": _hall, "stage": _stage, "portrait": _portrait, "sheep": _sheep, "bin": _bin, "desk": _desk,
}  # fmt: skip


def draw_scene(screen: Screen, scene: str, x: float, y: float, wide: float, tall: float, caption: str = "") -> None:
    """Paints a scene in a box, with a caption in outlined letters as in a passed-round joke picture."""
    if scene not in SCENES:
        raise ValueError(f"no scene {scene!r}; there are {', '.join(SCENES)}")
    SCENES[scene](screen, (x, y, wide, tall))
    if not caption:
        return
    size = max(9.0, tall * 0.12)
    rows = screen.wrap(caption.upper(), size, wide - 12)
    top = y + tall - len(rows) * size * 1.15 - 6
    for number, row in enumerate(rows):
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            screen.text(
                x + wide / 2 + dx, top + number * size * 1.15 + dy, row, size, (20, 20, 20), bold=True, anchor="ma"
            )
        screen.text(x + wide / 2, top + number * size * 1.15, row, size, (255, 255, 255), bold=True, anchor="ma")
