"""The page of one's own messages, and what the office sees of those that could not be sent."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Permission
from incidents.database import writing
from incidents.notifications import actions, outbox, queries
from incidents.notifications.rhythm import rounds_in_words
from incidents.notifications.smtp import Problem
from incidents.web import needs, now, viewer

bp = Blueprint("notifications", __name__)

PROBLEM_WORDS: dict[Problem, str] = {
    Problem.AWAY: "The mail server could not be reached.",
    Problem.SETTINGS: "The mail server did not let Incident Book in. Whoever runs the server must put its settings right.",
    Problem.ADDRESS: "The mail server does not take mail for this address. Check the address under Accounts.",
    Problem.REFUSED: "The mail server refused the message.",
}


@bp.get("/messages")
@needs(Permission.SIGN_IN_PAGES)
def messages() -> str:
    """What this account was sent and when; in the demo, the mail itself."""
    try:
        before = datetime.fromisoformat(request.args.get("before", ""))
    except ValueError:
        before = None
    address = queries.address_of(viewer().account_id)
    rows, after = queries.sent_to(viewer().account_id, before if before and before.tzinfo else None)
    office = viewer().may(Permission.MANAGE_ACCOUNTS)
    return render_template(
        "notifications/messages.html",
        address=address,
        rounds=rounds_in_words(),
        rows=rows,
        after=after.isoformat() if after else None,
        first=before is None,
        mail=_kept(address) if before is None else (),
        stuck=queries.not_sent(now()) if office else (),
        late=office and queries.rounds_are_late(now()),
        why=PROBLEM_WORDS,
    )


def _kept(address: str) -> Sequence[EmailMessage]:
    """One's own mail, where it goes nowhere else: in a demo it lies in a folder."""
    settings = current_app.config["SETTINGS"]
    if not settings.demo or current_app.extensions["mail_server"]:
        return ()
    return list(outbox.kept_for(settings.data / "outbox", address))[: queries.PAGE]


@bp.post("/messages/seen")
@needs(Permission.SIGN_IN_PAGES)
def seen() -> Response:
    """Silence the bell."""
    with writing(audited=False):  # like a session's last use: nobody's act upon a record
        actions.have_seen(viewer().account_id, now())
    return redirect(url_for("notifications.messages"), 303)


@bp.post("/messages/again")
@needs(Permission.MANAGE_ACCOUNTS)
def again() -> Response:
    """Try once more to send what was given up."""
    with writing():
        tried = actions.try_again(by=viewer(), at=now())
    if tried:
        flash("They are tried again within a minute.", "success")
    return redirect(url_for("notifications.messages"), 303)
