"""The form of the page of who saw what."""

from incidents.forms import Form, LineField


class ReferenceForm(Form):
    """Which matter, by what stands on it."""

    class Meta:
        """Asked by a link that can be followed again, so it carries no token; it changes nothing but the log."""

        csrf = False

    reference = LineField(
        "Reference of the incident or case",
        needed="Type the reference.",
        hint="For example, 7K4M.",
        width=10,
        longest=20,
    )
