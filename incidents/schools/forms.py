"""The forms of the school's page."""

from datetime import date, time
from typing import Any

from incidents.errors import Refused
from incidents.forms import ChoiceField, DateField, Form, LineField, TextField
from incidents.schools.calendar import ClosureKind
from incidents.schools.entering import time_of_day
from incidents.schools.models import NumberKind
from incidents.schools.year import CLOSURE_LABELS

# The safeguarding leads' numbers come with their roles, and those of the police are the same everywhere.
NUMBER_KINDS = (NumberKind.LADO, NumberKind.SOCIAL_CARE, NumberKind.OUTSIDE)


class ClockField(LineField):
    """A time of day, kept as it was typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Refuse what can't be read as a time; a ValueError here is the message by the field."""
        super().process_formdata(valuelist)
        try:
            if self.data:
                time_of_day(self.data)
        except Refused as refused:
            raise ValueError(refused.message) from refused


class DayForm(Form):
    """When the school day starts and ends."""

    day_starts = ClockField("School starts at", needed="Type when school starts.", hint="For example, 8:45", width=5)
    day_ends = ClockField("School ends at", needed="Type when school ends.", hint="For example, 15:20", width=5)

    def answer(self) -> tuple[time, time]:
        """From and to, once the form holds both."""
        return time_of_day(self.day_starts.data or ""), time_of_day(self.day_ends.data or "")


class TermForm(Form):
    """A term, from its first to its last day."""

    name = LineField("Name of the term", needed="Type the name of the term.", longest=60,
                     hint="With the year, for example: Autumn term 2026.")  # fmt: skip
    starts = DateField("First day", needed="Type the first day.", hint="Training days count too. For example, 2 9 2026")
    ends = DateField("Last day", needed="Type the last day.", hint="For example, 18 12 2026")

    def answer(self) -> tuple[str, date, date]:
        """Name, first and last day, once the form holds them."""
        assert self.name.data
        assert self.starts.data
        assert self.ends.data
        return self.name.data, self.starts.data, self.ends.data


class ClosureForm(Form):
    """Days on which pupils are not in school."""

    kind = ChoiceField("Why is school shut for pupils?", [(kind.value, CLOSURE_LABELS[kind]) for kind in CLOSURE_LABELS],
                       needed="Say why school is shut.", across=1)  # fmt: skip
    name = LineField(
        "What is it called?", longest=60, hint="For example: autumn half-term, or snow. You can leave it empty."
    )
    starts = DateField("First day without pupils", needed="Type the first day.", hint="For example, 26 10 2026")
    ends = DateField("Last day without pupils", hint="Leave it empty if it is one day. For example, 30 10 2026")

    def answer(self) -> tuple[ClosureKind, str, date, date]:
        """Why, its name, first and last day, once the form holds them."""
        assert self.starts.data
        return ClosureKind(self.kind.data), self.name.data or "", self.starts.data, self.ends.data or self.starts.data


class NumberForm(Form):
    """A number to ring."""

    kind = ChoiceField("Whose number is it?", needed="Say whose number it is.", across=1)
    who = LineField("Who answers, and when?", longest=80, width=None,
                    hint="For example: Council, weekdays 9 to 5. You can leave it empty.")  # fmt: skip
    phone = LineField("Phone number", needed="Type the phone number.", longest=40)

    def answer(self) -> tuple[NumberKind, str, str]:
        """Whose, who answers, and the number, once the form holds them."""
        return NumberKind(self.kind.data), self.who.data or "", self.phone.data or ""


class DutyForm(Form):
    """Who is to be rung now."""

    account = ChoiceField("Who is on duty?", needed="Choose who is on duty.", across=1)


class NothingForm(Form):
    """A press of a button: only its protection against forged requests."""


class ValueForm(Form):
    """The school's own words for a value of its pack: typed, or chosen where there are only a few."""

    choice = ChoiceField("What it should be", across=1)
    says = TextField("What it should say", rows=3, longest=500)
    reason = TextField("Why? Who said so?", needed="Say why.", rows=3, longest=500,
                       hint="For example: our solicitor, in a letter of 3 March. It stays on record.")  # fmt: skip

    def typed(self) -> str:
        """What was typed or chosen."""
        return self.choice.data or self.says.data or ""


class PutBackForm(Form):
    """Why the pack's own value is back."""

    reason = TextField("Why?", needed="Say why.", rows=3, longest=500)
