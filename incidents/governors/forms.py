"""The forms of the report."""

from incidents.forms import DateField, Form, LineField, SelectField, TextField, TickField


class StartForm(Form):
    """Which term."""

    term = SelectField("Term", needed="Choose a term.")


class WordsForm(Form):
    """What the head says, what is asked of the board, and for which meeting."""

    words = TextField(
        "Your words",
        rows=8,
        longest=4000,
        counted=True,
        hint="What changed, what worries you, what you did. Name nobody.",
    )
    asks = TextField(
        "What you ask the board",
        rows=4,
        longest=2000,
        hint="One thing a line. Begin with the verb: approve, agree, note.",
    )
    meeting_on = DateField("Date of the meeting", hint="For example, 19 1 2027. Leave it empty if there is none yet.")
    changed = TextField(
        "What this version corrects", rows=2, longest=500, hint="Say which table and why, never by how much."
    )
    not_names = TickField("I have read my words again: nobody on record is meant by them")


class AnnexForm(Form):
    """What the chair alone is told."""

    words = TextField(
        "Your words for the chair",
        rows=8,
        longest=4000,
        counted=True,
        needed="Write something, or leave the page: without an annex nothing is missing.",
        hint="What was done and what is still open. No names and no numbers.",
    )
    not_names = TickField("I have read my words again: nobody on record is meant by them")


class RecallForm(Form):
    """Why a published report is taken back."""

    why = LineField("Why is it recalled?", needed="Say why it is recalled. Name nobody.", width=None, longest=300)


class NothingForm(Form):
    """A press of a button: only its protection against forged requests."""
