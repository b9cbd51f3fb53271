"""The words that are signed, on paper and online: the same for each, and to decline weighs as much as to sign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from incidents.declarations.households import Child
from incidents.declarations.words import Answer
from incidents.policies.kinds import BREACHABLE, Force

SCHOOL_SAYS = "For the staff and governors of this school: we have read this policy and keep to what it asks of us."
I_SAY = "I have read this policy and understand what it asks of me."
WE_SAY: dict[tuple[bool, Answer], str] = {
    (True, Answer.SIGNED): "I have read this policy and take up the school’s invitation.",
    (True, Answer.DECLINED): "I have read this policy and do not take up the invitation.",
    (False, Answer.SIGNED): "I have read this policy and understand what the school asks of me.",
    (False, Answer.DECLINED): "I have read this policy and do not sign it.",
}
EITHER = "Either is an answer. Nothing follows from it for your child."
ONE_IS_ENOUGH = "One signature of somebody with parental responsibility is enough. There is room for two."
# Who signs for the school where the policy names nobody.
SIGNATORIES = ("Headteacher", "Chair of governors")


@dataclass(frozen=True)
class Signatory:
    """Who signs for the school: the policy's title, and the name of whoever holds it now, if anybody does."""

    title: str
    name: str


@dataclass(frozen=True)
class Subject:
    """What is signed: the policy's title and version, since when it is in force, and whether parents are only invited."""

    school: str
    title: str
    number: int
    since: date
    invites: bool
    signatories: tuple[Signatory, ...]

    def says(self, answer: Answer) -> str:
        """What a parent says with this answer."""
        return WE_SAY[self.invites, answer]


def invites(forces: Iterable[Force]) -> bool:
    """Whether a policy only invites parents: nothing that it says to them can be breached."""
    return not BREACHABLE & set(forces)


def signatories(titles: Sequence[str], head: str, chair: str) -> tuple[Signatory, ...]:
    """The titles with the names of those who hold them; a title that is neither the head’s nor the chair’s has a line to fill."""
    found = []
    for title in titles or SIGNATORIES:
        words = title.casefold()
        name = chair if "chair" in words else head if "head" in words or "principal" in words else ""
        found.append(Signatory(title, name))
    return tuple(found)


def of_class(child: Child) -> str:
    """A child with their class, as on a form."""
    return f"{child.name} ({child.form or child.year_group})"


def class_words(group: tuple[str, str]) -> str:
    """A class: “Year 6, 6R”."""
    return ", ".join(filter(None, group)) or "No class"
