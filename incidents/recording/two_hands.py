"""One draft written on two devices: what stands, and what is kept beside it so that no text is lost."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

Kept = Mapping[str, list[str]]


@dataclass(frozen=True)
class Together:
    """A page after both have written: its fields, which of them changed, and what the other had that differs."""

    fields: dict[str, list[str]]
    changed: frozenset[str] = frozenset()
    beside: dict[str, list[str]] = field(default_factory=dict)


def laid_together(held: Kept, typed: Kept, elsewhere: Collection[str], texts: Collection[str]) -> Together:
    """`typed` comes later; `elsewhere` are the fields that were changed since this device last saw them.

    What was typed stands. What the other device had written there is kept beside it, unless one of the two texts holds the
    other: then the longer stands. `texts` are the fields in somebody's own words; an answer to choose holds no other.
    """
    fields, changed, beside = dict(held), set(), {}
    for name, values in typed.items():
        was = held.get(name, [])
        if (blank(was) and blank(values)) or list(was) == list(values):
            continue
        if name in elsewhere and not blank(was):
            if blank(values) or (name in texts and holds(was, values)):
                continue
            if not (name in texts and holds(values, was)):
                beside[name] = list(was)
        fields[name] = list(values)
        changed.add(name)
    return Together(fields, frozenset(changed), beside)


def blank(values: list[str]) -> bool:
    """Nothing typed, or only spaces."""
    return not any(value.strip() for value in values)


def holds(longer: list[str], shorter: list[str]) -> bool:
    """Whether all of one text is in the other, whatever the spaces and line ends between the words."""
    return _flat(shorter) in _flat(longer)


def _flat(values: list[str]) -> str:
    return " ".join(" ".join(values).split())
