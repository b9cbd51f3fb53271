"""The words a school uses for an incident: kept in the database as these values, shown to people as these labels."""

from enum import StrEnum

from incidents.matters.words import DIRECTION_LABELS as DIRECTION_LABELS
from incidents.matters.words import METHOD_LABELS as METHOD_LABELS
from incidents.matters.words import Direction as Direction
from incidents.matters.words import Method as Method
from incidents.people.kinds import PERSON_KIND_LABELS as PERSON_KIND_LABELS
from incidents.people.kinds import PersonKind as PersonKind


class Part(StrEnum):
    """What someone's part in an incident is said to be."""

    TARGET = "target"
    ALLEGED = "alleged"
    WITNESS = "witness"
    SOURCE = "source"
    AUTHOR = "author"
    PHOTOGRAPHED = "photographed"


class FourCs(StrEnum):
    """The first grouping of online harm that inspectors know."""

    CONTENT = "content"
    CONTACT = "contact"
    CONDUCT = "conduct"
    COMMERCE = "commerce"


class Danger(StrEnum):
    """Is anyone in danger right now? Never answered for the person who records."""

    YES = "yes"
    NOT_SURE = "not_sure"
    NO = "no"


class Intimate(StrEnum):
    """Might any of it show a nude or sexual image of anyone under 18, or an intimate image of anyone?"""

    YES = "yes"
    NOT_SURE = "not_sure"
    NO = "no"


PART_LABELS: dict[Part, str] = {
    Part.TARGET: "Target",
    Part.ALLEGED: "Said to have done it",
    Part.WITNESS: "Saw it or was there",
    Part.SOURCE: "Told us about it",
    Part.AUTHOR: "Wrote the post",
    Part.PHOTOGRAPHED: "Child in the picture",
}

FOUR_CS_LABELS: dict[FourCs, str] = {
    FourCs.CONTENT: "Content: what was seen",
    FourCs.CONTACT: "Contact: who got in touch",
    FourCs.CONDUCT: "Conduct: how people behaved",
    FourCs.COMMERCE: "Commerce: money, scams and selling",
}

DANGER_LABELS: dict[Danger, str] = {Danger.YES: "Yes", Danger.NOT_SURE: "Not sure", Danger.NO: "No"}

INTIMATE_QUESTION = (
    "Does any of it show, or might it show, a nude or sexual image of anyone under 18, or an intimate image of anyone?"
)
INTIMATE_LABELS: dict[Intimate, str] = {Intimate.YES: "Yes", Intimate.NOT_SURE: "Not sure", Intimate.NO: "No"}
