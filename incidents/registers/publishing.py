"""May this go up? Yes or no, and why, from an account, the children in a picture, and what is agreed for each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from incidents.registers.consent import Answer


@dataclass(frozen=True)
class Child:
    """Somebody in the picture, with the one answer that holds for them where it would be seen."""

    name: str
    answer: Answer


@dataclass(frozen=True)
class Place:
    """The account it would go up on. `review_on` is the day by which the head looks at it again."""

    title: str
    approved: bool
    closed: bool = False
    review_on: date | None = None


@dataclass(frozen=True)
class Verdict:
    """Yes or no; why, in sentences; and what could go up instead."""

    yes: bool
    reasons: tuple[str, ...]
    instead: tuple[str, ...] = ()


NOT_GIVEN = "{}: there is no consent for a picture here."
NO_NAME = "{}: a picture, but not with the name."
NEVER_NAMES = "The school never puts a name to a picture of a child."


def may_go_up(place: Place, children: Sequence[Child], names: bool, never_names: bool, today: date) -> Verdict:
    """Whether this picture may go up there today; `never_names` is the school's own rule on names beside pictures."""
    against_place = [*_of_place(place, today)]
    without = [child for child in children if child.answer is Answer.NO]
    unnamed = [child for child in children if names and child.answer is Answer.PICTURE]
    against_names = [NEVER_NAMES] if names and never_names and children else []
    reasons = [
        *against_place,
        *against_names,
        *(NOT_GIVEN.format(child.name) for child in without),
        *(NO_NAME.format(child.name) for child in unnamed if not never_names),
    ]
    if reasons:
        return Verdict(
            False, tuple(reasons), () if against_place else _instead(children, without, unnamed, against_names)
        )
    return Verdict(True, tuple(_for_it(place, children, names)))


def _of_place(place: Place, today: date) -> Iterable[str]:
    if place.closed:
        yield f"{place.title} is closed."
    elif not place.approved:
        yield f"{place.title} is not approved. An account is approved before it is used."
    elif place.review_on and place.review_on < today:
        yield f"{place.title} was due for a review on {place.review_on:%-d %B %Y}. It is reviewed before it is used again."


def _instead(
    children: Sequence[Child], without: Sequence[Child], unnamed: Sequence[Child], against_names: Sequence[str]
) -> tuple[str, ...]:
    """What could go up: fewer children, no names, or both. Nothing if nobody would be left."""
    left = len(children) - len(without)
    if not left:
        return ("A picture on which none of these children can be seen.",)
    fewer = f"without {'this child' if len(without) == 1 else f'these {len(without)} children'}" if without else ""
    no_names = "without names" if against_names or unnamed else ""
    whole = " and ".join(filter(None, (fewer, no_names)))
    return (f"It could go up {whole}.",)


def _for_it(place: Place, children: Sequence[Child], names: bool) -> Iterable[str]:
    yield f"{place.title} is approved."
    if not children:
        yield "You ticked no child: then no child may be seen in it."
    elif names:
        yield "There is consent for a picture with the name of each child you ticked."
    else:
        yield "There is consent for a picture of each child you ticked. Leave the names out."
