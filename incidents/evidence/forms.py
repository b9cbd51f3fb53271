"""The question before a file picker, and what an original is handed out for."""

from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from incidents.evidence.custody import PURPOSE_LABELS
from incidents.files.origins import LONGEST_ADDRESS, QUESTIONS, TAKEN_BY_LABELS, TAKEN_BY_LATER, Origin, said_as
from incidents.forms import ChoiceField, Form, LineField, TextField
from incidents.recording.words import INTIMATE_LABELS, INTIMATE_QUESTION


class IntimateForm(Form):
    """Asked before any file picker; nothing is chosen beforehand."""

    intimate = ChoiceField(
        INTIMATE_QUESTION,
        list(INTIMATE_LABELS.items()),
        needed="Answer this first. If you can’t tell, say “Not sure”.",
    )


class OriginForm(Form):
    """Where files come from: asked once for several, and put right for one. Nothing of it is needed."""

    taken_by = ChoiceField(QUESTIONS["taken_by"][0], list(TAKEN_BY_LABELS.items()), across=1)
    taken_by_name = LineField(QUESTIONS["taken_by_name"][0], hint=QUESTIONS["taken_by_name"][1])
    taken_when = LineField(QUESTIONS["taken_when"][0], hint=QUESTIONS["taken_when"][1])
    shown_on = LineField(QUESTIONS["shown_on"][0], width=None, hint=QUESTIONS["shown_on"][1])
    address = LineField(QUESTIONS["address"][0], width=None, longest=LONGEST_ADDRESS, hint=QUESTIONS["address"][1])

    def origin(self) -> Origin:
        """What was said."""
        return said_as(*(self._fields[name].data for name in QUESTIONS))


class OriginRightForm(OriginForm):
    """Where one file comes from, said later or put right: what stood before is kept beside it."""

    taken_by = ChoiceField(QUESTIONS["taken_by"][0], list(TAKEN_BY_LATER.items()), across=1)
    seen = IntegerField(widget=HiddenInput(), default=0)
    reason = TextField("Why is it changed?", rows=2, longest=1000)


class HandOutForm(Form):
    """For what the sealed original is taken out."""

    purpose = ChoiceField(
        "What is it for?",
        list(PURPOSE_LABELS.items()),
        needed="Say what it is for: it is kept with the file.",
        across=1,
    )
