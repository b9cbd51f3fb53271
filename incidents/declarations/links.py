"""Links that need no account: made by the office, good for one household and one version, ended in many ways."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import across_schools, current_school
from incidents.declarations import actions, codes
from incidents.declarations.answers import Given
from incidents.declarations.households import Household
from incidents.declarations.lists import Line
from incidents.declarations.models import HouseholdLink, LinkChild
from incidents.declarations.queries import lines_around, ones
from incidents.declarations.words import Answer
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.people.matching import fold, means
from incidents.people.models import Identifier
from incidents.policies.kinds import Audience
from incidents.policies.models import PolicyVersion
from incidents.policies.queries import version_on
from incidents.schools.queries import one_at_a_time, this_school

LINK_ENDED = "This link works no longer."


@dataclass(frozen=True)
class Slip:
    """A link as it is given out, once: its code is not kept."""

    code: str
    household: Household
    ends_at: datetime


def make_links(
    version: PolicyVersion, several: Sequence[Household], days: int, *, by: Viewer, at: datetime
) -> list[Slip]:  # fmt: skip
    """A link for each of these households. Those of earlier slips stay good until they end: a parent may hold either.

    A household without a parent whom we may tell gets none.
    """
    slips = []
    for household in (each for each in several if each.parents):
        slip = Slip(codes.draw(), household, at + timedelta(days=days))
        link = HouseholdLink(
            school_id=current_school(), version_id=version.id, household=household.key,
            token_digest=codes.digest(slip.code), made_by=by.account_id, made_at=at, ends_at=slip.ends_at,
        )  # fmt: skip
        db.session.add(link)
        db.session.flush()
        db.session.add_all(
            LinkChild(school_id=link.school_id, link_id=link.id, child_id=child.person_id)
            for child in household.children
        )
        record("made link", link, by=by.account_id, at=at, version=version.id, children=len(household.children))
        slips.append(slip)
    return slips


def open_links(version_id: uuid.UUID, household: uuid.UUID, at: datetime) -> Sequence[HouseholdLink]:
    """The links of a household that have not ended."""
    return db.session.scalars(
        select(HouseholdLink).where(
            HouseholdLink.version_id == version_id, HouseholdLink.household == household, HouseholdLink.ends_at > at
        )
    ).all()


def end_links(version_id: uuid.UUID, household: uuid.UUID, *, by: Viewer, at: datetime) -> int:
    """A slip was lost: every link of the household ends now. Returns how many."""
    ending = open_links(version_id, household, at)
    for link in ending:
        link.ends_at = at
        record("ended link", link, by=by.account_id, at=at, version=version_id)
    return len(ending)


def codes_of(person_ids: Collection[uuid.UUID], schemes: Sequence[str]) -> dict[uuid.UUID, str]:
    """By which code the school's records system knows each of these, the first of the schemes that is there."""
    rows = db.session.execute(
        select(Identifier.person_id, Identifier.scheme, Identifier.value).where(
            Identifier.person_id.in_(list(person_ids)), Identifier.scheme.in_(schemes)
        )
    )
    ranked = sorted(rows.tuples(), key=lambda row: schemes.index(row[1]), reverse=True)
    return {person_id: value for person_id, _, value in ranked}


# --- at the door


@dataclass(frozen=True)
class Door:
    """What stands behind a link that is good now: one household's form, and nothing else of the school."""

    school_id: uuid.UUID
    school: str
    timezone: str
    link_id: uuid.UUID
    ends_at: datetime
    version: PolicyVersion
    line: Line

    @property
    def household(self) -> Household:
        """Whose it is."""
        assert self.line.household
        return self.line.household

    @property
    def room(self) -> int:
        """How many may still answer."""
        return max(0, self.household.room - len(self.answers))

    @property
    def answers(self) -> tuple[Given, ...]:
        """What these very parents answered, or somebody on the form of this very household.

        A name that is nobody's on the list, from a household that is one no longer, may be the other parent's, who lives
        apart now: the office sees it on both forms, and no parent on either.
        """
        parents = {parent.person_id for parent in self.household.parents}
        return tuple(
            each for each in self.line.own if each.person_id in parents or each.household == self.household.key
        )


def school_of(code: str) -> uuid.UUID:
    """Which school's a link is. Raises `NotPossibleNow` for one that there never was, in the words for one that ended."""
    with across_schools():
        found = db.session.scalar(
            select(HouseholdLink.school_id).where(HouseholdLink.token_digest == codes.digest(code))
        )
    if found is None:
        raise NotPossibleNow(LINK_ENDED)
    return found


def door(code: str, at: datetime) -> Door:
    """What a link opens, within its school. Raises `NotPossibleNow` if it has ended.

    It ends with its days; when the school stops asking; when a newer version is in force; and when the household is
    another one than it was made for: a parent whom the school may not tell any more, or who lives apart now, finds
    nothing behind the link that both once had.
    """
    link = db.session.scalar(select(HouseholdLink).where(HouseholdLink.token_digest == codes.digest(code)))
    school = this_school()
    today = at.astimezone(ZoneInfo(school.timezone)).date()
    if link is None or link.ends_at <= at:
        raise NotPossibleNow(LINK_ENDED)
    version = db.session.get_one(PolicyVersion, (school.id, link.version_id))
    current = version_on(version.policy_id, today)
    if current is None or current.id != version.id or not actions.is_asked(version.policy_id, Audience.PARENTS, today):
        raise NotPossibleNow(LINK_ENDED)
    line = _line(link, version, today)
    if line is None:
        raise NotPossibleNow(LINK_ENDED)
    return Door(school.id, school.name, school.timezone, link.id, link.ends_at, version, line)


def _line(link: HouseholdLink, version: PolicyVersion, today: date) -> Line | None:
    children = db.session.scalars(select(LinkChild.child_id).where(LinkChild.link_id == link.id)).all()
    around = lines_around(version.id, ones(children), today)
    return next((each for each in around if each.key == link.household), None)


def answer(code: str, names: Sequence[str], said: Answer, at: datetime) -> None:
    """Both parents at once, or one now and another later, as long as the link is good and there is room.

    Raises `Refused` for a name that has answered already, and `NotPossibleNow` for a link that was used up or has ended.
    """
    one_at_a_time()
    found = door(code, at)
    if not found.room:
        raise NotPossibleNow("Everybody has answered with this link already. Nothing was changed.")
    today = at.astimezone(ZoneInfo(found.timezone)).date()
    known = {fold(each.who) for each in found.answers if each.who}
    for place, name in enumerate(names):
        field = ("first_name", "second_name")[place]
        if fold(name) in known:
            raise Refused("This name has answered already.", field)
        if place >= found.room:
            raise Refused("There is room for one more name only.", field)
        known.add(fold(name))
    taken = {each.person_id for each in found.answers}
    for name in names:
        person_id = _meant(name, found.household, taken)
        taken.add(person_id)
        actions.by_link(found.version, found.line, actions.Entered(said, today, person_id, name), found.link_id, at)


def _meant(name: str, household: Household, taken: Collection[uuid.UUID | None]) -> uuid.UUID | None:
    """Which of the household's parents a typed name means; nobody if it could be two, or one who has answered."""
    meant = [each.person_id for each in household.parents if means(name, *_halves(each.name))]
    return meant[0] if len(meant) == 1 and meant[0] not in taken else None


def _halves(name: str) -> tuple[str, str]:
    given, _, family = name.rpartition(" ")
    return given, family
