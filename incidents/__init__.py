"""Incident Book: the application and the one order of its slices."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask

from config import Config

# A slice imports only the slices before it.
SLICES = (
    "audit",
    "schools",
    "people",
    "accounts",
    "matters",
    "notifications",
    "files",
    "policies",
    "declarations",
    "registers",
    "recording",
    "evidence",
    "decisions",
    "citations",
    "casework",
    "triage",
    "governors",
    "demo",
)


def create_app(settings: Config) -> Flask:
    """The application for these settings. Raises `SettingMissing` with advice when it can't start."""
    # Here and not above, so that a pure rule can be imported without the web.
    from incidents import cli, database, extensions, forms, keys, mail, shell, uploads, web

    top = Path(__file__).parent.parent
    app = Flask(__name__, template_folder=str(top / "templates"), static_folder=str(top / "static"))
    app.config.update(web.flask_settings(settings))
    app.extensions["keyring"] = keyring = keys.Keyring.read(settings.data / "keys")
    app.config["SECRET_KEY"] = keyring.cookies
    uploads.set_up_uploads(app, settings)
    mail.set_up_mail(app, settings)
    extensions.db.init_app(app)
    with app.app_context():
        database.prepare(extensions.db.engine)
    for name in SLICES:
        for module in ("models", "views"):
            if find_spec(f"incidents.{name}.{module}"):
                loaded = import_module(f"incidents.{name}.{module}")
                if module == "views":
                    app.register_blueprint(loaded.bp)
                    shell.add_tabs(app, getattr(loaded, "TABS", ()))
    forms.set_up_forms(app)
    web.set_up_web(app)
    # After the gate: whoever is turned away there has not had a form read for them.
    extensions.csrf.init_app(app)
    shell.set_up_shell(app)
    cli.set_up_commands(app)
    return app
