"""Writes docs/access.md from the tables in `access` and from what each page declares: `make docs`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from incidents.access import (
    CHAIN,
    PERMISSIONS,
    PRIVILEGED,
    RIGHTS,
    ROLE_LABELS,
    Basis,
    Permission,
    Right,
    Role,
    Sphere,
)

PERMISSION_WORDS: Mapping[Permission, str] = {
    Permission.SIGN_IN_PAGES: "their own pages",
    Permission.RECORD: "record an incident, follow their own records",
    Permission.DO_STEPS: "do a step that is theirs, read what is given to them",
    Permission.WORK: "the lists of incidents and cases",
    Permission.READ_REPORTS: "read published reports",
    Permission.ANNEX: "the annex for the chair",
    Permission.WRITE_REPORT: "write and publish the report",
    Permission.READ_LAW: "the law and the words of the school’s nation",
    Permission.READ_POLICIES: "read the school's policies",
    Permission.WRITE_POLICIES: "write a policy",
    Permission.APPROVE_POLICIES: "approve a policy",
    Permission.READ_DRAFTS: "read a policy that is being written",
    Permission.MANAGE_ACCOUNTS: "accounts and roles",
    Permission.MANAGE_SCHOOL: "calendar, numbers, people",
    Permission.KEEP_DECLARATIONS: "who signed which policy",
    Permission.SEE_AUDIT: "who saw what, by reference",
    Permission.REGISTERS: "ask for an entry of a register, read those for them",
    Permission.READ_REGISTERS: "read the registers, but for monitoring",
    Permission.MAY_GO_UP: "may this go up?",
    Permission.KEEP_CONSENT: "enter photo consent",
    Permission.CONTACT_RISK: "contact risk, and the answers behind a consent",
    Permission.NAMES_RULE: "the school’s rule on names beside pictures",
}

BASIS_WORDS: Mapping[Basis, str] = {
    Basis.DECIDER: "decides it: the first in the chain below who is free of conflict",
    Basis.SAFEGUARDING: "safeguarding lead or deputy, where a pupil is involved",
    Basis.YEAR: "head of year, for pupils of that year",
    Basis.OWNER: "owns the case",
    Basis.DELEGATE: "the head handed it over for a stated period",
    Basis.STEP: "a step of the case is theirs",
    Basis.READER: "panel member, investigator or adviser, by grant",
    Basis.REPORTER: "wrote the record",
    Basis.AUTHOR_ALLEGED: "wrote the record and proves to be the alleged",
    Basis.PARTY: "target or witness, or was told something as family",
}

RIGHT_WORDS: Mapping[Right, str] = {
    Right.SEE_IN_FULL: "all that was written",
    Right.SEE_FILES: "the files",
    Right.DECIDE: "decide",
    Right.WORK: "work on it",
    Right.SAFEGUARD: "safeguarding acts",
    Right.DO_OWN_STEPS: "their steps",
    Right.ADD_WORDS: "add and correct",
    Right.SEE_OWN_WORDS: "their own words",
    Right.SEE_WHAT_WAS_SAID_TO_THEM: "what was said to them",
}

SPHERE_WORDS: Mapping[Sphere, str] = {
    Sphere.PUPIL: "a pupil is involved",
    Sphere.ADULT: "no pupil, and nothing alleged of staff",
    Sphere.STAFF_CONDUCT: "something is alleged of staff, a governor or a volunteer",
    Sphere.HEAD: "something is alleged of the headteacher",
}

# What somebody reads of a matter, field by field: the field, and the rights of which any one shows it.
_FULL = frozenset({Right.SEE_IN_FULL})
_OWN = _FULL | {Right.SEE_OWN_WORDS}
_ANY = frozenset(Right)
FIELDS: tuple[tuple[str, frozenset[Right]], ...] = (
    ("that it exists, the day it was recorded, its state in neutral words", _ANY),
    ("what the school said to this person about it", _FULL | {Right.SEE_WHAT_WAS_SAID_TO_THEM}),
    ("the words this person wrote", _OWN),
    ("how many files came with the record, not what they show", _FULL | {Right.ADD_WORDS}),
    ("the step that is theirs, and what they need to know for it", _FULL | {Right.DO_OWN_STEPS}),
    ("the words of others, who is involved, when, where and how", _FULL),
    ("decisions, findings, outcome, chronology, who works on it", _FULL),
    ("the files themselves; each look is recorded", frozenset({Right.SEE_FILES})),
)


@dataclass(frozen=True)
class Page:
    """A route and what it declared. `permission` is None for a page that is open to all."""

    address: str
    methods: str
    permission: Permission | None
    rights: tuple[Right, ...]


def document(pages: Iterable[Page]) -> str:
    """The whole of docs/access.md."""
    return "\n".join([*_start(), *_roles(), *_matters(), *_fields(), *_chains(), *_pages(pages)])


def _start() -> list[str]:
    return [
        "# Who may see what",
        "",
        "Generated from `incidents/access.py` and from what each page declares: `make docs` writes it, a test compares it.",
        "",
        "A role opens kinds of pages. Which matters somebody finds there is another question, answered at each request:",
        "the union of what roles, ownership and grants give; then conflicts take away. Deny wins. Whoever something is alleged",
        "of finds nothing: no page, no count, no file, no message, and the same answer as for a reference that never was.",
    ]


def _roles() -> list[str]:
    head = [
        "",
        "## What a role opens",
        "",
        "Roles with * take two people: one proposes, another agrees, and those who hold the role are told.",
        "",
    ]
    rows = (
        [
            f"{ROLE_LABELS[role]}{' *' if role in PRIVILEGED else ''}",
            *_marks(p in PERMISSIONS[role] for p in Permission),
        ]
        for role in Role
    )
    return [*head, *_table(["role", *(PERMISSION_WORDS[permission] for permission in Permission)], rows)]


def _matters() -> list[str]:
    head = [
        "",
        "## What somebody may do with one matter",
        "",
        "By how they come to it; several may hold at once. A conflict (alleged, target, witness, close family of these, stepped",
        "aside, worked on it before) takes away every row but the last three, in everything that hangs together with the matter.",
        "",
    ]
    rows = ([BASIS_WORDS[basis], *_marks(right in RIGHTS[basis] for right in Right)] for basis in Basis)
    return [*head, *_table(["who", *(RIGHT_WORDS[right] for right in Right)], rows)]


def _fields() -> list[str]:
    rows = ([field, *_marks(bool(RIGHTS[basis] & shows) for basis in Basis)] for field, shows in FIELDS)
    return [
        "",
        "## What somebody reads of one matter, field by field",
        "",
        *_table(["field", *(_plain(basis) for basis in Basis)], rows),
    ]


def _chains() -> list[str]:
    rows = ([SPHERE_WORDS[sphere], ", then ".join(ROLE_LABELS[role] for role in CHAIN[sphere])] for sphere in Sphere)
    return [
        "",
        "## Who decides",
        "",
        "The first of these in whose role somebody stands who is not in conflict. Nobody left: the school's outside body, whose",
        "number the page shows.",
        "",
        *_table(["when", "who decides"], rows),
    ]


def _pages(pages: Iterable[Page]) -> list[str]:
    rows = (
        [f"`{page.address}`", page.methods, _needed(page)]
        for page in sorted(pages, key=lambda page: (page.address, page.methods))
    )
    return ["", "## What each page needs", "", *_table(["page", "methods", "needs"], rows), ""]


def _needed(page: Page) -> str:
    if page.permission is None:
        return "nothing: open to all"
    if page.rights:
        return "in that matter: " + " or ".join(RIGHT_WORDS[right] for right in page.rights)
    return PERMISSION_WORDS[page.permission]


def _plain(value: StrEnum) -> str:
    return value.replace("_", " ")


def _marks(answers: Iterable[bool]) -> Iterator[str]:
    return ("yes" if answer else "" for answer in answers)


def _table(heads: list[str], rows: Iterable[list[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)]
