"""What can go wrong, in words and without HTTP."""

from collections.abc import Sequence


class NotAllowed(Exception):
    """This person may not do this; says nothing about whether the thing exists."""


class NotFound(Exception):
    """There is no such thing, or none that this person may know of: the two are never told apart."""


class NotPossibleNow(Exception):
    """The act is a right one, but not in this state. `reasons` are sentences for the person."""

    def __init__(self, reasons: Sequence[str] | str) -> None:
        self.reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        super().__init__(" ".join(self.reasons))


class Refused(Exception):
    """Something given to us can't be taken. `field` names the form field it belongs beside, if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        self.message = message
        self.field = field
        super().__init__(message)


class SettingMissing(Exception):
    """The product can't start as it is set up; the message says what to do."""


class NoSchool(Exception):
    """A statement reached the database without saying whose rows it is about."""
