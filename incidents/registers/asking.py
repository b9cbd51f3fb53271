"""Forms made from the registers' fields: what is asked for an entry, and what each act on one needs."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from wtforms import Field as FormField
from wtforms import HiddenField

from incidents.forms import ChoiceField, DateField, Form, LineField, SelectField, TextField
from incidents.people.queries import Found
from incidents.registers.actions import Asked, Given
from incidents.registers.kinds import Field, FieldType, Register
from incidents.registers.lifecycle import Verb

Choices = Sequence[tuple[str, str]]
DAY_LABELS: Final[Mapping[str, str]] = {
    "starts": "From which day?",
    "ends": "Until which day?",
    "review_on": "When is it reviewed?",
    "on": "On which day were they told?",
}
EMPTY: Final = "You can leave it empty. For example, 27 3 2027"
# The columns that people and accounts are kept in.
PEOPLE: Final[Mapping[FieldType, str]] = {
    FieldType.STAFF: "person_id", FieldType.ANYBODY: "person_id", FieldType.SECOND: "second_id", FieldType.ACCOUNT: "account_id",
}  # fmt: skip

_MADE_BY: Final[Mapping[FieldType, Callable[[Field], FormField]]] = {
    FieldType.LINE: lambda each: LineField(each.label, needed=each.needed, hint=each.hint, longest=120, width=20),
    FieldType.TEXT: lambda each: TextField(each.label, needed=each.needed, hint=each.hint, rows=3, longest=2000),
    FieldType.CHOICE: lambda each: ChoiceField(
        each.label, each.choices, needed=each.needed, hint=each.hint, across=1 if len(each.choices) > 4 else 3
    ),
    FieldType.STAFF: lambda each: SelectField(each.label, needed=each.needed, hint=each.hint),
    FieldType.SECOND: lambda each: SelectField(each.label, needed=each.needed, hint=each.hint),
    FieldType.ACCOUNT: lambda each: SelectField(each.label, needed=each.needed, hint=each.hint),
    FieldType.ANYBODY: lambda _each: ChoiceField("Who is it?", across=1),
}  # fmt: skip


class EntryForm(Form):
    """Something asked for in a register. `order` are its fields as the page shows them."""

    register: Register
    order: tuple[str, ...]

    def offer(self, staff: Choices, accounts: Choices, found: Iterable[Found]) -> None:
        """Fill the lists."""
        lists = {FieldType.STAFF: staff, FieldType.SECOND: staff, FieldType.ACCOUNT: accounts}
        for each in self.register.fields:
            if each.type in lists:
                self[each.key].offer(lists[each.type])
            elif each.type is FieldType.ANYBODY:
                self[each.key].offer([(str(one.person_id), one.name, one.as_was) for one in found])

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody must be chosen where the register needs them; before a search found anybody, the search says so."""
        super().validate(extra_validators)
        for each in self.register.fields:
            if each.type is FieldType.ANYBODY and each.needed and not self[each.key].data:
                self[each.key if self[each.key].offered else "q"].errors = [each.needed]
        return not self.errors

    @property
    def nobody(self) -> bool:
        """Whether a search found nobody."""
        return not any(each.type is FieldType.ANYBODY and self[each.key].offered for each in self.register.fields)

    def answer(self) -> Asked:
        """What was typed, once the form holds it."""
        columns: dict[str, Any] = {
            PEOPLE[each.type]: _id(self[each.key].data) for each in self.register.fields if each.type in PEOPLE
        }
        facts = {each.key: self[each.key].data or "" for each in self.register.fields if each.type not in PEOPLE}
        untold = str(facts.pop("untold", ""))
        days = {name: self[name].data for name in self.register.days}
        return Asked(facts=facts, untold=untold, **columns, **days)


def entry_form(register: Register, today: date) -> EntryForm:
    """The form of one register."""
    fields: dict[str, Any] = {"register": register}
    order: list[str] = []
    for each in register.fields:
        if each.type is FieldType.ANYBODY:
            fields["q"] = LineField(each.label, hint=each.hint, longest=80)
            order.append("q")
        fields[each.key] = _MADE_BY[each.type](each)
        order.append(each.key)
    for name in register.days:
        fields[name] = _day(register, name)
    form = type("EntryForm", (EntryForm,), {**fields, "order": (*order, *register.days)})
    known = {"starts": today} if "starts" in register.days else {}
    made: EntryForm = form(**known)
    return made


def _day(register: Register, name: str) -> DateField:
    needed = {
        "starts": "Type the first day." if register.has_end else "Type the day.",
        "ends": "Say until which day." if register.end_needed else "",
        "review_on": "Say on which day it is reviewed." if register.review_needed else "",
    }[name]
    label = "On which day?" if name == "starts" and not register.has_end else DAY_LABELS[name]
    return DateField(label, needed=needed, hint="For example, 27 3 2027" if needed else EMPTY)


def _id(typed: str | None) -> uuid.UUID | None:
    return uuid.UUID(typed) if typed else None


# --- acts


class ActForm(Form):
    """What an act on an entry needs."""

    order: tuple[str, ...]

    def given(self) -> Given:
        """What was typed."""
        days = {name: self[name].data for name in ("starts", "ends", "review_on", "on") if name in self._fields}
        people: dict[str, Any] = {
            column: _id(self[key].data)
            for key, column in (("owner", "person_id"), ("second", "second_id"))
            if key in self._fields
        }
        return Given(words=self["words"].data or "", **days, **people)

    @property
    def seen_events(self) -> int:
        """How many events the page had shown."""
        return int(self["seen"].data) if str(self["seen"].data).isdecimal() else -1


_WORDS: Final[Mapping[Verb, tuple[str, bool]]] = {
    Verb.APPROVE: ("Anything to add?", False),
    Verb.REFUSE: ("Why not?", True),
    Verb.WITHDRAW: ("Anything to add?", False),
    Verb.CHANGE: ("Why is it changed?", True),
    Verb.TELL: ("How were they told, and by whom?", True),
    Verb.NOT_TELL: ("Why are they not told?", True),
    Verb.END: ("Why does it end?", True),
}


def act_form(register: Register, verb: Verb, known: Mapping[str, Any], staff: Choices) -> ActForm:
    """The form of one act; `known` is what stands now."""
    fields: dict[str, Any] = {}
    if verb is Verb.APPROVE:
        fields["starts"] = DateField("From which day?", needed="Type the first day.")
    if verb is Verb.CHANGE and any(each.key == "owner" for each in register.fields):
        fields |= {key: SelectField(register.field(key).label, staff) for key in ("owner", "second")}
    if verb in (Verb.APPROVE, Verb.CHANGE):
        fields["ends"] = _day(register, "ends")
        if register.review_needed:
            fields["review_on"] = _day(register, "review_on")
    if verb is Verb.END:
        fields["ends"] = DateField("Which day was the last?", needed="Type the last day.")
    if verb is Verb.TELL:
        fields["on"] = DateField(DAY_LABELS["on"], needed="Say on which day.")
    label, needed = _WORDS[verb]
    fields["words"] = TextField(label, needed="Give the reason in a sentence: it is kept." if needed else "", rows=3,
                                longest=2000)  # fmt: skip
    made: ActForm = type("ActForm", (ActForm,), {**fields, "order": tuple(fields), "seen": HiddenField()})(**known)
    return made
