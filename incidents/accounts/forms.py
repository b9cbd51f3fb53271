"""The forms at the door."""

from incidents.forms import EmailField, Form, PasswordField


class SignInForm(Form):
    """Address and password."""

    email = EmailField("E-mail address", needed="Enter your e-mail address.")
    password = PasswordField("Password", needed="Enter your password.")


class NewPasswordForm(Form):
    """A password, once: it can be shown, so it is not asked for twice."""

    password = PasswordField("New password", needed="Choose a password.", new=True)


class NothingForm(Form):
    """A press of a button: only its protection against forged requests."""
