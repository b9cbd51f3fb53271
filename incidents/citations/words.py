"""The words for citing: what is cited, what it is cited as, and by which day it was judged."""

from enum import StrEnum


class What(StrEnum):
    """What can be cited."""

    CLAUSE = "clause"
    STATUTE = "statute"


class MeantAs(StrEnum):
    """What a citation says. Nothing is established by it: that is what a finding is for."""

    BREACHED = "breached"  # said to be broken; only an order or a ban can be, and only by those it speaks to
    CONTEXT = "context"
    RELEVANT = "relevant"  # a law, always: the product never says that an offence was committed


class JudgedBy(StrEnum):
    """How surely what is cited was in force when it happened."""

    DAY = "day"  # on each day on which it may have happened
    PART = "part"  # on some of these days only: a person chose it, with a reason
    RECORDED = "recorded"  # the day is not known: by the day on which it was recorded


MEANT_AS_LABELS: dict[MeantAs, str] = {
    MeantAs.BREACHED: "Said to be broken",
    MeantAs.CONTEXT: "Context",
    MeantAs.RELEVANT: "May be relevant",
}
