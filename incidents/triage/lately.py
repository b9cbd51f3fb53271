"""What changed in a matter, in words for somebody who has not looked for a while: acts, never what was said."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

# Which acts of the log are told, by verb and kind of thing. What is not here changes nothing for whoever follows a matter.
CHANGES: Final[Mapping[tuple[str, str], str]] = {
    ("said", "statement"): "something was added to what was said",
    ("wrote down", "search"): "a search was written down",
    ("put right", "particulars"): "when, where or how was put right",
    ("put right", "involvement"): "who was involved was put right",
    ("involved", "involvement"): "somebody was added",
    ("identified", "identification"): "it was said whose account it is",
    ("numbered", "evidence"): "a file was added",
    ("blanked", "file"): "a file was blanked",
    ("linked", "case_incident"): "an incident was put in",
    ("unlinked", "case_incident"): "an incident was taken out",
    ("done", "step"): "a step was done",
    ("skipped", "step"): "a step was put aside",
    ("took up again", "step"): "a step was taken up again",
    ("noted", "note"): "a note was added",
    ("told", "told"): "somebody was told",
    ("handed over", "case"): "it was handed over",
    ("decided", "decision"): "a decision was made",
    ("cited", "citation"): "a rule or a law was cited",
    ("withdrew", "citation_withdrawn"): "what was cited was withdrawn",
    ("closed", "case"): "it was closed",
    ("reopened", "case"): "it was opened again",
}


@dataclass(frozen=True)
class Act:
    """One act on one matter, as the log has it."""

    matter_id: uuid.UUID
    at: datetime
    by: uuid.UUID | None
    says: str


def newest_of_each(acts: Iterable[Act], most: int) -> Sequence[Act]:
    """The last act on each matter, the newest first, and no more than `most`: what there is to look at again."""
    newest: dict[uuid.UUID, Act] = {}
    for act in sorted(acts, key=lambda act: act.at, reverse=True):
        newest.setdefault(act.matter_id, act)
    return list(newest.values())[:most]
