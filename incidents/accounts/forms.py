"""The forms at the door and of the accounts."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from wtforms import HiddenField

from incidents.access import PRIVILEGED, Role
from incidents.forms import ChoiceField, DateField, EmailField, Form, LineField, PasswordField, SelectField, TicksField
from incidents.people.matching import fold
from incidents.people.models import Employed

OUTSIDE = "outside"
SOMEBODY_ELSE = "somebody else"
_KINDS = (
    (Employed.EMPLOYEE.value, "Works here"),
    (Employed.AGENCY.value, "Works here through an agency"),
    (Employed.GOVERNOR.value, "Governor or trustee"),
    (Employed.VOLUNTEER.value, "Volunteer"),
    (OUTSIDE, "None of these"),
)


class SignInForm(Form):
    """Address and password."""

    email = EmailField("E-mail address", needed="Enter your e-mail address.")
    password = PasswordField("Password", needed="Enter your password.")
    carried = HiddenField()  # what was typed when the session ended, sealed


class NewPasswordForm(Form):
    """A password, once: it can be shown, so it is not asked for twice."""

    password = PasswordField(
        "New password",
        needed="Choose a password.",
        new=True,
        hint="At least 12 characters. Three or four words of your own are good.",
    )


class NothingForm(Form):
    """A press of a button: only its protection against forged requests."""


class _WhoForm(Form):
    """Who gets an account. Defined before the roles, so that errors come in the page's order."""

    person = SelectField("Somebody on the list of people", empty="Not on the list: I type the name")
    given_name = LineField("First name", longest=80)
    family_name = LineField("Family name", longest=80)
    known = ChoiceField("There is somebody of this name already. Is it the same person?", across=1,
                        needed="Say whether it is the same person.")  # fmt: skip
    kind = ChoiceField("What are they to the school?", _KINDS, across=1)
    job = LineField("Job", hint="For example, Year 4 teacher, or site manager.", longest=80)
    email = EmailField("E-mail address", needed="Type their e-mail address.",
                       hint="The link goes there. It must be an address that only they read.")  # fmt: skip


class RoleForm(Form):
    """Which roles, and what some of them need."""

    alone = TicksField("Roles that you give by yourself", two=True)
    two_people = TicksField(
        "Roles that take two people", two=True, hint="You propose them. They begin when another administrator agrees."
    )
    year_group = LineField("Year group", hint="Only for a head of year.", width=10, longest=40)
    phone = LineField(
        "Telephone number",
        hint="Only for a safeguarding lead or deputy. Every page about an incident shows it.",
        longest=40,
    )
    until = DateField("Last day", hint="Leave it empty if there is none. An outside adviser needs one.")

    def prepare(self, words: Mapping[Role, str], years: Collection[str], today: date) -> None:
        """Offer the roles in the school's own words; `years` are the year groups that have pupils."""
        if Role.GOVERNOR not in words and "kind" in self:
            self.kind.offer([each for each in _KINDS if each[0] != Employed.GOVERNOR.value])
        self.alone.offer([(role.value, words[role]) for role in Role if role in words and role not in PRIVILEGED])
        self.two_people.offer([(role.value, words[role]) for role in Role if role in words and role in PRIVILEGED])
        self.years, self.today = {fold(year): year for year in years}, today
        for field in (self.alone, self.two_people):
            field.process_formdata(field.raw_data or [])  # what was ticked, now that it is known what there is

    def roles(self) -> list[Role]:
        """Those ticked."""
        return [Role(value) for value in (*(self.alone.data or ()), *(self.two_people.data or ()))]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what the roles need of the others."""
        super().validate(extra_validators)
        for field, message in self._missing():
            if not self._fields[field].errors:
                self._fields[field].errors = [message]
        return not self.errors

    def _missing(self) -> list[tuple[str, str]]:
        roles, year, until = set(self.roles()), (self.year_group.data or "").strip(), self.until.data
        ringable = bool(roles & {Role.DSL, Role.DEPUTY_DSL})
        if year and fold(year) in self.years:
            self.year_group.data = self.years[fold(year)]
        rules = (
            (not roles, "alone", "Tick at least one role."),
            (Role.HEAD_OF_YEAR in roles and not year, "year_group", "Type the year group of the head of year."),
            (bool(year and self.years and fold(year) not in self.years), "year_group",
             f"No pupil is in that year group. There are: {', '.join(self.years.values())}."),
            (ringable and not self.phone.data, "phone", "Type the number on which staff reach them."),
            (Role.EXTERNAL in roles and until is None, "until", "Type the last day of the outside adviser."),
            (until is not None and until < self.today, "until", "That day has passed."),
        )  # fmt: skip
        return [(field, message) for broken, field, message in rules if broken]


class AddAccountForm(_WhoForm, RoleForm):
    """A new account: who, and as what."""

    def _missing(self) -> list[tuple[str, str]]:
        typed = bool(self.given_name.data or self.family_name.data)
        by_hand = not self.person.data
        rules = (
            (not by_hand and typed, "person", "Choose somebody on the list or type a name, not both."),
            (
                by_hand and not self.given_name.data,
                "given_name",
                "Type the first name, or choose somebody on the list.",
            ),
            (by_hand and not self.family_name.data, "family_name", "Type the family name."),
            (by_hand and not self.kind.data, "kind", "Say what they are to the school."),
            (by_hand and self.kind.data not in (None, OUTSIDE) and not self.job.data, "job", "Type their job."),
        )
        return [(field, message) for broken, field, message in rules if broken] + super()._missing()
