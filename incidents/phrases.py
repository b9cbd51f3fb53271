"""A piece of SQL that is worded once a process for each form it takes; the values travel beside it."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import BindParameter, ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

T = TypeVar("T")


def value(given: Any, kind: TypeEngine[Any], *, several: bool = False) -> BindParameter[Any]:
    """One value of a phrase; `several` for what `in_` looks in."""
    return bindparam(None, list(given) if several else given, kind, unique=True, expanding=several)


class Phrase(ColumnElement[T], Generic[T]):
    """Says what `worded(form, values)` says, without calling it again for a form that was worded before.

    To SQLAlchemy two phrases are the same if `worded` and `form` are: so `worded` is a function of a module, and knows nothing
    but from `form` how to say it and from `values`, bound parameters, of whom. What it speaks of is not seen from outside:
    the statement in which it stands selects from those tables itself.
    """

    __visit_name__ = "phrase"
    _traverse_internals = [
        ("worded", InternalTraversal.dp_plain_obj),
        ("form", InternalTraversal.dp_plain_obj),
        ("values", InternalTraversal.dp_clauseelement_list),
        ("type", InternalTraversal.dp_type),
    ]
    _is_implicitly_boolean = True  # it stands in brackets, whatever is in it

    def __init__(
        self,
        worded: Callable[[Any, Sequence[BindParameter[Any]]], ColumnElement[T]],
        form: Hashable,
        values: Sequence[BindParameter[Any]],
        kind: TypeEngine[T],
    ) -> None:
        self.worded, self.form, self.values, self.type = worded, form, values, kind

    def self_group(self, against: Any = None) -> "Phrase[T]":  # noqa: ARG002 - the interface
        """No more brackets than its own."""
        return self

    def said(self) -> ColumnElement[T]:
        """The whole wording, with these values."""
        return self.worded(self.form, self.values)

    def outline(self, name: str) -> "Outline[T]":
        """The phrase without its values, each of which is asked for by a name that begins with `name`."""
        places = tuple((f"{name}_{at}", type(each.type), each.expanding) for at, each in enumerate(self.values))
        return Outline(self.worded, self.form, type(self.type), places)


@dataclass(frozen=True)
class Outline(Generic[T]):
    """A phrase whose values are not known yet. Two of the same outline make the same statement of what they stand in."""

    worded: Callable[[Any, Sequence[BindParameter[Any]]], ColumnElement[T]]
    form: Hashable
    kind: type[TypeEngine[T]]
    places: tuple[tuple[str, type[TypeEngine[Any]], bool], ...]

    def phrase(self) -> Phrase[T]:
        """The phrase, which asks for its values when the statement is sent."""
        values = [bindparam(name, type_=kind(), expanding=several) for name, kind, several in self.places]
        return Phrase(self.worded, self.form, values, self.kind())


@compiles(Phrase)
def _say(phrase: Phrase[Any], compiler: SQLCompiler, **how: Any) -> str:
    return f"({compiler.process(phrase.said(), **how)})"
