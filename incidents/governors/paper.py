"""What one edition of the report says, whole: the published figures and the words that go with them."""

from dataclasses import dataclass
from datetime import date

from incidents.governors.disclosure import Figures


@dataclass(frozen=True, slots=True)
class Paper:
    """All that page and PDF need. `published` is None for a preview; a blank line in `words` parts paragraphs."""

    school: str
    figures: Figures
    words: str = ""
    asks: tuple[str, ...] = ()
    meeting: date | None = None
    edition: int = 1
    published: date | None = None
    changed: str = ""
    board: str = "governing body"

    @property
    def title(self) -> str:
        """As in "Online incidents, autumn term 2026": never a name."""
        return f"Online incidents, {self.figures.term.name}"

    @property
    def paragraphs(self) -> list[str]:
        """The headteacher's words, a paragraph each."""
        return [" ".join(part.split()) for part in self.words.replace("\r\n", "\n").split("\n\n") if part.strip()]
