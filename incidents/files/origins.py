"""Where a picture comes from: who took it, when, on whose device or account, and at which address."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum


class TakenBy(StrEnum):
    """Who took the picture or made the screenshot."""

    SENDER = "sender"
    OTHER = "other"
    UNKNOWN = "unknown"


TAKEN_BY_LABELS: dict[TakenBy, str] = {
    TakenBy.SENDER: "I did",
    TakenBy.OTHER: "Somebody else",
    TakenBy.UNKNOWN: "Not known",
}
# Asked later, of whoever looks into it: “I” would be somebody else then.
TAKEN_BY_LATER: dict[TakenBy, str] = {**TAKEN_BY_LABELS, TakenBy.SENDER: "Whoever added it here"}
# Asked in these words wherever files are handed in or looked at: field, question, hint.
QUESTIONS: dict[str, tuple[str, str]] = {
    "taken_by": ("Who took the pictures?", ""),
    "taken_by_name": ("Who was it?", "A name, and who they are to the school."),
    "taken_when": ("When were they taken?", "For example 20 November at 21:32. As near as you know."),
    "shown_on": ("On whose device or account?", "For example: her own phone, signed in as “bin_day_6”."),
    "address": (
        "The address (URL) of the post or page",
        "If you have it. Copy it from the address bar or the share button.",
    ),
}
LONGEST_ADDRESS = 2000


@dataclass(frozen=True)
class Origin:
    """What is said of a file, or of several at once. Nothing of it is needed: what is not known stays empty."""

    taken_by: TakenBy = TakenBy.UNKNOWN
    taken_by_name: str = ""
    taken_when: str = ""
    shown_on: str = ""
    address: str = ""

    @property
    def said(self) -> bool:
        """Whether anything is said at all."""
        return self != Origin()

    def as_text(self) -> str:
        """All of it as one text, for the log's digest."""
        return "\n".join(f"{name}: {value}" for name, value in asdict(self).items())

    def in_words(self, sender: str) -> list[tuple[str, str]]:
        """(what, words) of all that is said; `sender` is the name of whoever handed the file in."""
        by = {TakenBy.SENDER: sender, TakenBy.OTHER: self.taken_by_name or "Somebody else", TakenBy.UNKNOWN: ""}
        rows = [
            ("Taken by", by[self.taken_by]),
            ("Taken", self.taken_when),
            ("On whose device or account", self.shown_on),
            ("Address", self.address),
        ]
        return [(what, words) for what, words in rows if words]

    def in_brief(self) -> str:
        """One line for a list or a chronology: “taken by her mother, 20 November at 21:32”; nothing where nothing is said."""
        by = {TakenBy.SENDER: "taken by the sender", TakenBy.OTHER: f"taken by {self.taken_by_name or 'somebody else'}"}
        parts = [by.get(self.taken_by, ""), self.taken_when, self.shown_on]
        return ", ".join(part for part in parts if part)


def said_as(
    taken_by: str | None, taken_by_name: str | None, taken_when: str | None, shown_on: str | None, address: str | None
) -> Origin:
    """Out of what was typed. A name stands for somebody else also where the box was left."""
    by = TakenBy(taken_by or (TakenBy.OTHER if taken_by_name else TakenBy.UNKNOWN))
    name = taken_by_name if by is TakenBy.OTHER else ""
    return Origin(by, name or "", taken_when or "", shown_on or "", address or "")


def origin_of(row: object) -> Origin:
    """Out of a row that has the same names."""
    said = {field.name: getattr(row, field.name) for field in fields(Origin)}
    return Origin(**{**said, "taken_by": TakenBy(said["taken_by"])})
