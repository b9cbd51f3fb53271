"""The forms at the door."""

from wtforms import PasswordField, StringField
from wtforms.validators import Length

from incidents.forms import Form, Given


class SignInForm(Form):
    """Address and password."""

    email = StringField("E-mail address", validators=[Given("Enter your e-mail address."), Length(max=254)])
    password = PasswordField("Password", validators=[Given("Enter your password."), Length(max=1000)])


class NewPasswordForm(Form):
    """A password, once: it can be shown, so it is not asked for twice."""

    password = PasswordField("New password", validators=[Given("Choose a password."), Length(max=1000)])


class NothingForm(Form):
    """A press of a button: only its protection against forged requests."""
