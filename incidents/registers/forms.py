"""The forms of photo consent, of the question whether something may go up, and of an incident's registers."""

from wtforms import HiddenField

from incidents.forms import ChoiceField, DateField, Form, SelectField, TextField, TicksField
from incidents.registers.consent import ANSWER_LABELS, HOW_LABELS
from incidents.registers.kinds import CHANNEL_LABELS

CHANNELS = [(each.value, label) for each, label in CHANNEL_LABELS.items()]
HOWS = [(each.value, label) for each, label in HOW_LABELS.items()]
ANSWERS = [(each.value, label) for each, label in ANSWER_LABELS.items()]


class SheetForm(Form):
    """What holds for a whole class: for which places, from when, how it was said."""

    channels = TicksField("For which places is the answer?", CHANNELS, needed="Tick at least one place.", two=True)
    how = ChoiceField("How was it said?", HOWS, needed="Say how it was said.", across=4)
    starts = DateField("From which day?", needed="Type the first day.")
    until = DateField("Until which day?", hint="You can leave it empty: then it holds until somebody changes it.")


class ChildForm(Form):
    """One child's answer."""

    answer = ChoiceField("What is the answer?", ANSWERS, needed="Choose the answer.")
    channels = TicksField("For which places?", CHANNELS, needed="Tick at least one place.", two=True)
    said_by = SelectField("Who said it?", empty="A form, without a name")
    how = ChoiceField("How was it said?", HOWS, needed="Say how it was said.", across=4)
    starts = DateField("From which day?", needed="Type the first day.")
    until = DateField("Until which day?", hint="You can leave it empty.")
    words = TextField("Anything to add?", rows=2, longest=500, hint="Only safeguarding leads read it later.")


class RiskForm(Form):
    """The flag, and why."""

    words = TextField("Why?", needed="Say why, in a sentence.", rows=3, longest=2000)


class NamesRuleForm(Form):
    """The school's rule on names beside pictures."""

    never = ChoiceField("May a child’s name stand beside their picture?",
                        (("no", "Only if the parents agreed to that"), ("yes", "Never")),
                        needed="Choose one of the two.", across=1)  # fmt: skip


class LinkForm(Form):
    """Which entry has to do with a matter."""

    entry = SelectField("Which entry?", needed="Choose the entry.")


class NothingForm(Form):
    """A button alone."""

    seen = HiddenField()
