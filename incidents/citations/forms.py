"""The forms for citing a rule or a law, and for withdrawing it."""

from incidents.citations.words import MeantAs
from incidents.forms import ChoiceField, Form, TextField, TicksField

AS_IT_FITS = "as_it_fits"


class CiteForm(Form):
    """Rules and laws to tick. What was not offered is refused by the act, which says why."""

    rules = TicksField("Rules and laws", needed="Tick at least one rule or law.", keep_all=True)
    meant_as = ChoiceField(
        "Cite rules as",
        [
            (AS_IT_FITS, "Said to be broken, where it can be", "Rules for the people on the record. Advice is context."),
            (MeantAs.CONTEXT.value, "Context only", "Nobody is said to have broken it."),
        ],
        needed="Choose what the rules are cited as.",
        across=1,
    )  # fmt: skip
    rules_why = TextField("Why do you judge by this version?", rows=2, longest=2_000)

    @property
    def as_(self) -> MeantAs | None:
        """What was chosen; None where it follows from each rule."""
        return MeantAs.CONTEXT if self.meant_as.data == MeantAs.CONTEXT else None


class WithdrawForm(Form):
    """Why it is withdrawn."""

    reason = TextField("Why is it withdrawn?", needed="Say why it is withdrawn.", rows=3, longest=2_000)
