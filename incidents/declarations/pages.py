"""What the office's pages share: which request, which version, which class, which day."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Role
from incidents.accounts.queries import holders
from incidents.accounts.roster import names_here
from incidents.declarations import queries
from incidents.declarations.models import Asked
from incidents.declarations.wording import Subject, invites, signatories
from incidents.errors import NotFound
from incidents.policies.kinds import Audience, Force
from incidents.policies.models import Clause, PolicyVersion
from incidents.policies.queries import clauses_of
from incidents.schools.queries import this_school
from incidents.web import now

bp = Blueprint("declarations", __name__)

Answer = str | Response | tuple[str, int]
Group = tuple[str, str]


@dataclass(frozen=True)
class Here:
    """Where a page of the office stands: asked of whom, which version of those in force so far, on which day."""

    asked: Asked
    version: PolicyVersion
    versions: list[PolicyVersion]
    today: date

    @property
    def audience(self) -> Audience:
        """Who is asked."""
        return Audience(self.asked.audience)

    @property
    def is_current(self) -> bool:
        """Whether it is the version in force now."""
        return self.version.id == self.versions[0].id

    def address(self, page: str, **more: Any) -> str:
        """Another page about the same version."""
        number: dict[str, Any] = {} if self.is_current else {"version": self.version.number}
        return url_for(f"declarations.{page}", **{"asked_id": self.asked.id, **more, **number})


def today() -> date:
    """The day by the school's own clock."""
    day: date = now().astimezone(ZoneInfo(this_school().timezone)).date()
    return day


def here(asked_id: uuid.UUID) -> Here:
    """Read off the address. Raises `NotFound`, also for a version that is not in force yet."""
    row, day = queries.asked(asked_id), today()
    versions = queries.versions_asked(row, day)
    number = request.args.get("version", type=int)
    chosen = next((each for each in versions if number is None or each.number == number), None)
    if chosen is None:
        raise NotFound
    return Here(row, chosen, versions, day)


def group() -> Group | None:
    """The class in the address; none for the whole school."""
    if "year" not in request.args:
        return None
    return request.args["year"][:80], request.args.get("form", "")[:80]


def group_args(wanted: Group | None) -> dict[str, str]:
    """A class as it stands in an address."""
    return {"year": wanted[0], "form": wanted[1]} if wanted else {}


def parents_clauses(version: PolicyVersion) -> list[Clause]:
    """What the version says to parents."""
    return [each for each in clauses_of([version.id]) if Audience.PARENTS in each.audiences]


def subject(version: PolicyVersion) -> Subject:
    """What is signed, with the names of those who sign for the school."""
    held = {Role(row.role): account.id for row, account in reversed(holders(Role.CHAIR, Role.HEADTEACHER, at=now()))}
    names = names_here(held.values())
    head, chair = (names.get(held[role], "") if role in held else "" for role in (Role.HEADTEACHER, Role.CHAIR))
    only_invited = invites(Force(each.force) for each in parents_clauses(version))
    return Subject(
        this_school().name, version.title, version.number, version.in_force_from, only_invited,
        signatories(version.signatories, head, chair),
    )  # fmt: skip
