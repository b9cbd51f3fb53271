"""What must be true before a pupil is punished: the check list for a sanction, and exclusion’s own path."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from incidents.schools.jurisdiction import Nation, SchoolType
from incidents.schools.pack import Check

MOST_DAYS_IN_A_YEAR: Final = 45
GOVERNORS_MEET_IF_ASKED_OVER: Final = 5
GOVERNORS_MUST_MEET_OVER: Final = 15
# Of the three numbers above, a lawyer has not confirmed the two about governors: pages that show them say so.
TO_CONFIRM: Final = frozenset({"GOVERNORS_MEET_IF_ASKED_OVER", "GOVERNORS_MUST_MEET_OVER"})

UNDER_SECTION_51A: Final = frozenset({SchoolType.MAINTAINED, SchoolType.ACADEMY, SchoolType.SPECIAL, SchoolType.PRU})


def reasons_against_sanction(checks: Collection[Check], ticked: Collection[str]) -> list[str]:
    """Which statements of the pack's list nobody has said to be so.

    In England and Wales the list is section 91 of the Education and Inspections Act 2006: a paid member of staff or
    someone authorised decides; decided and carried out on the premises or under lawful control; in breach of no law;
    reasonable, proportionate; the pupil's age, needs, disability and religion considered. It does not speak of
    suspension and exclusion.
    """
    return [f"Before a sanction, this must be so: {check.text}" for check in checks if check.key not in ticked]


class Telling(StrEnum):
    """Whether someone whom not every pupil has was told."""

    TOLD = "told"
    HAS_NONE = "has_none"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Exclusion:
    """A suspension or permanent exclusion as it stands. Days are school days, halves too; totals include this one."""

    permanent: bool = False
    days: float = 0
    days_in_term: float = 0
    days_in_year: float = 0
    decided_by_head: bool = False
    notice_in_writing: bool = False
    parents_told: bool = False
    local_authority_told: bool = False
    social_worker: Telling = Telling.NOT_YET
    virtual_head: Telling = Telling.NOT_YET
    parents_asked_governors: bool = False
    governors_meet: bool = False
    rules_followed: str = ""  # where section 51A does not apply: which rules were, in the school's words


def section_51a_applies(nation: Nation, school_type: SchoolType) -> bool:
    """Education Act 2002, section 51A, is about England, and about schools that are not independent of the state."""
    return nation is Nation.ENGLAND and school_type in UNDER_SECTION_51A


def reasons_against_exclusion(facts: Exclusion, *, under_51a: bool) -> list[str]:
    """What is missing before an exclusion can stand, for a time or for good (Education Act 2002, section 51A).

    Elsewhere the law differs and is not encoded: the school says which rules it followed, and only what is asked of
    everybody is checked.
    """
    needs = [
        (facts.decided_by_head, "Only the headteacher, or whoever acts as headteacher, may decide it."),
        (facts.notice_in_writing, "The notice must be given in writing."),
        (facts.parents_told, "The parents who may be told must be told without delay."),
        (facts.permanent or facts.days > 0, "Say for how many days, or that it is permanent."),
    ]
    if under_51a:
        needs += _section_51a(facts)
    else:
        needs.append((bool(facts.rules_followed.strip()), "Write down which rules were followed: they differ here."))
    return [sentence for met, sentence in needs if not met]


def governors(facts: Exclusion) -> str:
    """Whether governors meet: "must" (over 15 days in a term, or for good), "if asked" (over 5), or nothing."""
    if facts.permanent or facts.days_in_term > GOVERNORS_MUST_MEET_OVER:
        return "must"
    return "if asked" if facts.days_in_term > GOVERNORS_MEET_IF_ASKED_OVER else ""


def _section_51a(facts: Exclusion) -> list[tuple[bool, str]]:
    meeting_needed = governors(facts) == "must" or (governors(facts) == "if asked" and facts.parents_asked_governors)
    return [
        (
            facts.social_worker is not Telling.NOT_YET,
            "A social worker, if the pupil has one, must be told without delay.",
        ),
        (
            facts.virtual_head is not Telling.NOT_YET,
            "For a child in care, the virtual school head must be told without delay.",
        ),
        (facts.local_authority_told, "The local authority must be told."),
        (
            facts.permanent or facts.days_in_year <= MOST_DAYS_IN_A_YEAR,
            f"A pupil can’t be suspended for more than {MOST_DAYS_IN_A_YEAR} days in a school year.",
        ),
        (facts.governors_meet or not meeting_needed, "The governors have to meet about it: set the meeting up."),
    ]
