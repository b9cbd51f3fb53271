"""The guards over the shape of the code: each reads sources and gives the problems it finds, in words."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

TOP = Path(__file__).parent.parent
SHELL = ("models", "queries", "actions", "forms", "views")  # the fixed names of a slice, from the bottom up


@dataclass(frozen=True)
class Source:
    """A file of ours: its path below the project's folder, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def module(self) -> str:
        """`incidents.schools.calendar` for `incidents/schools/calendar.py`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2].removesuffix(".py")

    @property
    def slice(self) -> str | None:
        """The folder below `incidents`, if there is one."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "incidents" and len(parts) > 2 else None


@dataclass(frozen=True)
class Import:
    """One imported module or name, wherever in the file the import stands."""

    line: int
    module: str
    name: str = ""

    @property
    def whole(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


def our_files() -> list[str]:
    """Every file that belongs to the project, new ones included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(path for path in set(listed.stdout.splitlines()) if (TOP / path).is_file())


def sources(*under: str, ending: str = ".py") -> list[Source]:
    """The sources below these folders."""
    paths = [path for path in our_files() if path.endswith(ending) and path.startswith(under)]
    return [Source(path, (TOP / path).read_text(encoding="utf-8")) for path in paths]


def imports(source: Source) -> list[Import]:
    """Everything a file imports, inside functions and for type checking too."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found += [Import(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = node.module or ""
            if node.level:
                package = ".".join([*source.module.split(".")[: -node.level], *filter(None, [node.module])])
            found += [Import(node.lineno, package, alias.name) for alias in node.names]
    return found


def imports_of_slices(source: Source, slices: Sequence[str]) -> Iterator[tuple[Import, str, str]]:
    """Each import from a slice: with the slice and the file in it."""
    for each in imports(source):
        parts = each.whole.split(".")
        if parts[0] == "incidents" and len(parts) > 1 and parts[1] in slices:
            yield each, parts[1], parts[2] if len(parts) > 2 else "__init__"


def out_of_order(source: Source, slices: Sequence[str]) -> Iterator[str]:
    """A slice imports only slices before it, and of another slice neither forms nor views."""
    own = source.slice
    for each, other, file in imports_of_slices(source, slices):
        if own is None or own == other:
            continue
        if slices.index(other) > slices.index(own):
            yield f"{source.path}:{each.line} imports {each.whole}, and {other} comes after {own}"
        if file in ("forms", "views"):
            yield f"{source.path}:{each.line} imports {each.whole}: another slice's {file}"


def out_of_layer(source: Source, slices: Sequence[str], stands_as: Mapping[str, str]) -> Iterator[str]:
    """Inside a slice: rules, models, queries, actions, forms, views; none imports what stands above it.

    `stands_as` says of a file with a name of its own which of these it is a part of.
    """
    own = level_of(source.path, stands_as)
    for each, other, file in imports_of_slices(source, slices):
        if other == source.slice and level_of(f"incidents/{other}/{file}.py", stands_as) > own:
            yield f"{source.path}:{each.line} imports {each.whole}, which stands above it"


def level_of(path: str, stands_as: Mapping[str, str]) -> int:
    """How high a file stands in its slice; a rule, or a name that is no file, is at the bottom."""
    name = stands_as.get(path, Path(path).stem)
    return SHELL.index(name) + 1 if name in SHELL else 0


def imports_any(source: Source, forbidden: Iterable[str], why: str) -> Iterator[str]:
    """Imports of these modules or of what lies in them."""
    banned = tuple(forbidden)
    for each in imports(source):
        if any(each.whole == name or each.whole.startswith(f"{name}.") for name in banned):
            yield f"{source.path}:{each.line} imports {each.whole}: {why}"


def session_in_view(source: Source) -> Iterator[str]:
    """A view translates; it does not speak to the database."""
    yield from imports_any(
        source, ("incidents.extensions.db", "sqlalchemy", "flask_sqlalchemy"), "a view holds no session"
    )


def clock_readers(source: Source) -> Iterator[str]:
    """`incidents.clock` is the only reader of the time; everything else is given it."""
    read = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "dt.datetime.now"}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in read:
            yield f"{source.path}:{node.lineno} reads the time"


def in_words(found: Iterable[str]) -> str:
    """What a failing test says."""
    return "\n" + "\n".join(found)


def too_long(source: Source, limit: int) -> Iterator[str]:
    """Files that have grown past the limit."""
    lines = source.text.count("\n")
    if lines > limit:
        yield f"{source.path} has {lines} lines"


def long_functions(source: Source, limit: int) -> Iterator[str]:
    """Functions that have grown past the limit, by path and name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > limit:
                yield f"{source.path}:{node.name}"


def shapeless_names(path: str) -> Iterator[str]:
    """Names that say nothing, and so gather everything."""
    name = Path(path).stem
    if re.search(r"(^|_)(utils?|helpers?|managers?|services?|base|common|misc)$", name) and path.endswith(".py"):
        yield path


def unexplained(source: Source) -> Iterator[str]:
    """Silenced checks: the first of a kind in a file says why behind it, those after it are for the same reason."""
    explained: set[str] = set()
    for number, line in enumerate(source.text.splitlines(), 1):
        for kind, reason in re.findall(r"#\s*(type: ?ignore\S*|noqa(?:: ?[A-Z0-9, ]+[0-9])?)\s*(.*)", line):
            if re.match(r"(#|-)\s*\w", reason):
                explained.add(kind)
            elif kind not in explained:
                yield f"{source.path}:{number} says `{kind}` and not why"


def cycles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The knots: groups of modules that import each other round in a circle."""

    def reach(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(graph.get(start, ()))
        while waiting:
            module = waiting.pop()
            if module not in seen:
                seen.add(module)
                waiting += graph.get(module, ())
        return seen

    reached = {module: reach(module) for module in graph}
    knots = {tuple(sorted(o for o in reached[m] if m in reached.get(o, ()))) for m in graph if m in reached[m]}
    return [list(knot) for knot in sorted(knots)]


def import_graph(all_sources: Iterable[Source]) -> dict[str, set[str]]:
    """Which of our modules imports which."""
    known = {source.module: source for source in all_sources}
    return {
        module: {each.whole if each.whole in known else each.module for each in imports(source)}
        & known.keys() - {module}
        for module, source in known.items()
    }


def leaks(path: str, text: str, forbidden: Iterable[str]) -> Iterator[str]:
    """Words that belong to one machine or to one place to download from."""
    for number, line in enumerate(text.splitlines(), 1):
        yield from (f"{path}:{number} holds {word}" for word in forbidden if word in line)


INLINE = {
    r"\sstyle\s*=": "a style attribute",
    r"<style\b": "inline styles",
    r"\son[a-z]+\s*=\s*[\"']": "an inline handler",
    r"<script(?![^>]*\ssrc=)": "an inline script",
    r"javascript:": "a script as an address",
}


def inline_parts(source: Source) -> Iterator[str]:
    """What the content security policy would stop."""
    markup = re.sub(r"\{#.*?#\}", "", source.text, flags=re.DOTALL)
    yield from (f"{source.path} has {what}" for pattern, what in INLINE.items() if re.search(pattern, markup))


def let_through(source: Source) -> Iterator[str]:
    """Text that a template takes for markup: what a person typed must never come here."""
    if re.search(r"\|\s*safe\b|autoescape\s+false", source.text):
        yield f"{source.path} lets text through as markup"


def without_frame(source: Source, fragments: Mapping[str, str]) -> Iterator[str]:
    """A template is a page in the frame, a set of macros, or a fragment named with its reason."""
    markup = re.sub(r"\{#.*?#\}", "", source.text, flags=re.DOTALL).lstrip()
    is_page = re.match(r"\{%-?\s*extends ", markup)
    outside = re.sub(r"\{%-?\s*macro\b.*?\{%-?\s*endmacro\s*-?%\}", "", markup, flags=re.DOTALL)
    is_macros = not re.sub(r"\{%.*?%\}", "", outside, flags=re.DOTALL).strip()
    if not is_page and not is_macros and source.path not in fragments:
        yield f"{source.path} stands in no frame"
