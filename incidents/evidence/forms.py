"""The question before a file picker, and what an original is handed out for."""

from incidents.evidence.custody import PURPOSE_LABELS
from incidents.forms import ChoiceField, Form
from incidents.recording.words import INTIMATE_LABELS, INTIMATE_QUESTION


class IntimateForm(Form):
    """Asked before any file picker; nothing is chosen beforehand."""

    intimate = ChoiceField(
        INTIMATE_QUESTION,
        list(INTIMATE_LABELS.items()),
        needed="Answer this first. If you can’t tell, say “Not sure”.",
    )


class HandOutForm(Form):
    """For what the sealed original is taken out."""

    purpose = ChoiceField(
        "What is it for?",
        list(PURPOSE_LABELS.items()),
        needed="Say what it is for: it is kept with the file.",
        across=1,
    )
