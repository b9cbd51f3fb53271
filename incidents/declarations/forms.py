"""The forms of the declarations' pages."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from incidents.declarations.lists import Line
from incidents.declarations.words import ANSWER_LABELS, Answer
from incidents.forms import ChoiceField, DateField, Form, LineField, SelectField, TextField, TicksField

ALL_BUT, ONLY = "all_but", "only"
NOT_KNOWN = "not_known"
LINK_DAYS = (7, 14, 21, 28, 42)
_ANSWERS = ((Answer.SIGNED.value, "Signed"), (Answer.DECLINED.value, "Declined"))
_SIGNED_ON = "Which date stands on the form?"


class NothingForm(Form):
    """A button."""


class AskForm(Form):
    """Who is asked to sign what, from when on."""

    policy = SelectField("Which policy?", needed="Choose the policy.")
    audience = ChoiceField("Who is asked to sign it?", needed="Say who is asked.", across=1)
    starts = DateField("From which day?", needed="Type the first day.", hint="For example, 1 9 2026")


def _whose(line: Line) -> str:
    """A form by its children and parents, so that two of one child are told apart; or a person by name and job."""
    tells = line.note and (line.household is None or line.household.parents)
    return f"{line.name} ({line.note})" if tells else line.name


class SheetForm(Form):
    """A pile of forms that came back, all of one date: the class is ticked off at once."""

    signed_on = DateField("Which date stands on them?", needed="Type the date.", hint="For example, 27 9 2026")
    answer = ChoiceField("What do they say?", _ANSWERS, needed="Say what they say.")
    which = ChoiceField(
        "Which came back?", ((ALL_BUT, "All but those I tick"), (ONLY, "Only those I tick")),
        needed="Say which came back.", across=1,
    )  # fmt: skip
    lines = TicksField("Tick here")

    def offer(self, several: Iterable[Line]) -> None:
        """The forms that are still out."""
        self.lines.offer([(str(line.key), _whose(line)) for line in several])
        if self.is_submitted():
            self.lines.process_formdata(self.lines.raw_data or [])  # offered first: what is not offered is left out

    @property
    def chosen(self) -> list[str]:
        """The keys of those that came back."""
        ticked = set(self.lines.data or ())
        return [key for key in self.lines.offered if (key in ticked) == (self.which.data == ONLY)]


class EnterForm(Form):
    """One answer on one form."""

    person = ChoiceField("Whose signature is it?", needed="Say whose signature it is.", across=1)
    typed_name = LineField("Name as it is printed there", longest=80, hint="You can leave it empty.")
    answer = ChoiceField("What does it say?", _ANSWERS, needed="Say what it says.")
    signed_on = DateField(_SIGNED_ON, needed="Type the date.", hint="For example, 27 9 2026")

    def offer(self, people: Sequence[tuple[str, str]], *, parents: bool) -> None:
        """Those who may sign; of a form it may not be readable which parent it was."""
        unknown = [(NOT_KNOWN, "Another, or I can’t tell")] if parents else []
        self.person.offer([*people, *unknown])


class CorrectForm(Form):
    """An answer put right."""

    answer = ChoiceField(
        "What is right?", [(each.value, words) for each, words in ANSWER_LABELS.items()], needed="Say what is right.", across=1
    )  # fmt: skip
    signed_on = DateField(_SIGNED_ON, needed="Type the date.", hint="For example, 27 9 2026")
    typed_name = LineField("Name as it is printed there", longest=80, hint="You can leave it empty.")
    reason = TextField("Why is it changed?", rows=3, longest=500, needed="Say why.")


class LinksForm(Form):
    """For whom links are made, and for how long they are good."""

    group = SelectField("For which class?", empty="The whole school")
    days = ChoiceField(
        "How long are they good?", [(str(days), f"{days} days") for days in LINK_DAYS], needed="Say how long."
    )  # fmt: skip


class HouseholdForm(Form):
    """What a household answers on its own phone: a name is a signature, and declining is an answer like the other."""

    answer = ChoiceField("Your answer", needed="Choose one of the two answers.", across=1)
    first_name = LineField(
        "Your name in full", needed="Type your name: that is your signature.", longest=80,
        look={"autocomplete": "name", "spellcheck": False},
    )  # fmt: skip
    second_name = LineField(
        "The other parent’s name, if they answer the same, here and now", longest=80,
        hint="They type it themselves. They can also answer later with the same link.", look={"spellcheck": False},
    )  # fmt: skip

    @property
    def names(self) -> list[str]:
        """The one or two names."""
        return [name for name in (self.first_name.data or "", self.second_name.data or "") if name]

    def validate(self, extra_validators: Any = None) -> bool:
        """A name has two words; and two parents have two names."""
        super().validate(extra_validators)
        for field in (self.first_name, self.second_name):
            if field.data and not field.errors and len(field.data.split()) < 2:
                field.errors = ["Type the first name and the family name."]
        return not self.errors


def today_in(form: SheetForm, day: date | None) -> None:
    """The date of the pile before: most piles were signed in the same days."""
    if not form.is_submitted() and day:
        form.signed_on.process_data(day)
