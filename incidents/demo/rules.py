"""What a school of the demo goes by: its policies in their versions, and who is asked to sign them."""

from dataclasses import dataclass
from functools import cache

from incidents.demo.cast import SchoolCast
from incidents.demo.tables import FOLDER, DataWrong, Table, read_file
from incidents.policies.reading import PolicyPack, PolicyText, from_json, packs, read_pack


@dataclass(frozen=True)
class Next:
    """A later version: what is other in it, and the school days back on which it was begun, approved and in force.

    Without a day on which it is in force it is a draft that the headteacher has approved and the chair has not.
    """

    file: str
    begun: int
    approved: int
    in_force: int | None
    review_in: int | None

    def words(self, before: PolicyText) -> PolicyText:
        """The words of the version before it with what this one changes."""
        raw = Table(read_file(self.file), self.file)
        content, fresh = before.as_json(), {row["code"]: row for row in raw.take("clauses", list)}
        kept = [fresh.pop(row["code"], row) for row in content["clauses"]]
        content |= {"changed": raw.text("changed"), "clauses": [*kept, *fresh.values()]}
        raw.done()
        return from_json(content, self.file)


@dataclass(frozen=True)
class Policy:
    """A policy: its first version as a pack, and the later ones. `approved_here`: by the head and the chair of today."""

    key: str
    first: PolicyPack
    approved_here: bool
    review_in: int | None  # days from when the demo is made
    later: tuple[Next, ...]


@dataclass(frozen=True)
class Signing:
    """Who signed: people by their keys of the cast; days are school days back."""

    policy: str
    by: str
    first_on_paper: tuple[str, ...]
    asked: int
    signed: tuple[str, ...]
    parents_asked: int
    classes_of: tuple[str, ...]  # a child of each: in September the classes have other names
    forms_back: int
    not_back: tuple[str, ...]  # children whose form did not come
    declined: str
    online: tuple[str, ...]  # the parents of one household
    link_open: str  # a child


@dataclass(frozen=True)
class Rules:
    """All of it."""

    policies: tuple[Policy, ...]
    signing: Signing | None


@cache
def rules_of(cast: SchoolCast) -> Rules:
    """The rules of one school. Raises DataWrong for whatever can't be used."""
    top = Table(read_file(cast.rules), cast.rules)
    signing = top.table("signing")
    found = Rules(
        tuple(_policy(each) for each in top.tables("policy")), _signing(signing, cast) if signing else None
    )  # fmt: skip
    top.done()
    return found


def _policy(table: Table) -> Policy:
    found = Policy(
        table.text("key"), _first(table), table.take("approved_here", bool, False), _days(table, "review_in"),
        tuple(_next(each) for each in table.tables("next")),
    )  # fmt: skip
    table.done()
    return found


def _first(table: Table) -> PolicyPack:
    if "pack" in table:
        return next(each for each in packs() if each.name == table.text("pack"))
    path = FOLDER / table.text("file")
    return read_pack(path.stem, path.read_text(encoding="utf-8"))


def _next(table: Table) -> Next:
    found = Next(
        table.text("file"), table.take("begun", int), table.take("approved", int), _days(table, "in_force"),
        _days(table, "review_in"),
    )  # fmt: skip
    table.done()
    return found


def _days(table: Table, key: str) -> int | None:
    return table.take(key, int) if key in table else None


def _signing(table: Table, cast: SchoolCast) -> Signing:
    found = Signing(
        policy=table.text("policy"),
        by=table.text("by"),
        first_on_paper=table.texts("first_on_paper"),
        asked=table.take("asked", int),
        signed=table.texts("signed"),
        parents_asked=table.take("parents_asked", int),
        classes_of=table.texts("classes_of"),
        forms_back=table.take("forms_back", int),
        not_back=table.texts("not_back"),
        declined=table.text("declined"),
        online=table.texts("online"),
        link_open=table.text("link_open"),
    )
    table.done()
    named = {
        found.by,
        *found.first_on_paper,
        *found.signed,
        *found.classes_of,
        *found.not_back,
        found.declined,
        *found.online,
    }
    if missing := (named | {found.link_open}) - cast.keys:
        raise DataWrong(f"{cast.rules}: not in the cast of {cast.key}: {', '.join(sorted(missing))}.")
    return found
