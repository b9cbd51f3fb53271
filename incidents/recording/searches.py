"""What was searched or confiscated, by whom and under which authority: a record of its own, in the school's words."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum

from incidents.errors import Refused


class Did(StrEnum):
    """What was done."""

    SEARCHED = "searched"
    CONFISCATED = "confiscated"
    BOTH = "both"


class Authority(StrEnum):
    """On whose word. Which law or policy that rests on is written in words: it differs by nation and by school."""

    AGREED = "agreed"
    HEAD = "head"
    AUTHORISED = "authorised"
    OTHER = "other"


DID_LABELS: dict[Did, str] = {
    Did.SEARCHED: "Something was searched",
    Did.CONFISCATED: "Something was taken away and kept",
    Did.BOTH: "Both",
}
AUTHORITY_LABELS: dict[Authority, str] = {
    Authority.AGREED: "Whose it is agreed to it",
    Authority.HEAD: "Whoever leads the school did it, or ordered it",
    Authority.AUTHORISED: "Somebody authorised in writing by whoever leads the school",
    Authority.OTHER: "Something else, or not known",
}


@dataclass(frozen=True)
class Searched:
    """One search or confiscation, as somebody wrote it down."""

    did: Did
    what: str
    done_by: str
    authority: Authority
    done_when: str = ""
    authority_words: str = ""
    where_now: str = ""

    def __post_init__(self) -> None:
        if not self.what.strip():
            raise Refused("Say what was searched or taken away, and whose it is.", "search_what")
        if not self.done_by.strip():
            raise Refused("Say who did it.", "search_done_by")

    def as_text(self) -> str:
        """All of it as one text, for the log's digest."""
        return "\n".join(f"{name}: {value}" for name, value in asdict(self).items())

    def in_words(self) -> list[tuple[str, str]]:
        """(what, words) for a page."""
        rows = [
            ("What was done", DID_LABELS[self.did]),
            ("What, and whose", self.what),
            ("Who did it", self.done_by),
            ("When", self.done_when),
            ("Under which authority", AUTHORITY_LABELS[self.authority]),
            ("Its law or policy", self.authority_words),
            ("Where it is now", self.where_now),
        ]
        return [(what, words) for what, words in rows if words]


def searched_in(row: object) -> Searched:
    """Out of a row that has the same names."""
    said = {field.name: getattr(row, field.name) for field in fields(Searched)}
    return Searched(**{**said, "did": Did(said["did"]), "authority": Authority(said["authority"])})
