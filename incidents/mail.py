"""Handing messages over: the same few words for everybody, into the outbox folder."""

from collections.abc import Collection
from datetime import datetime

from flask import current_app, render_template
from sqlalchemy import select

from incidents.accounts.models import Account
from incidents.database import across_schools, of_school, writing
from incidents.extensions import db
from incidents.notifications import actions, outbox
from incidents.notifications.models import Notice, NoticeKind

# Danger does not wait for the next round of messages.
AT_ONCE = (NoticeKind.DANGER,)


def deliver(at: datetime, kinds: Collection[NoticeKind] = tuple(NoticeKind)) -> int:
    """Send what waits in every school; returns how many messages went.

    A message leaves the outbox's list only with the transaction that marks it: after a crash it may go twice, never not at all.
    """
    with across_schools():
        waiting = set(
            db.session.scalars(
                select(Notice.school_id).where(
                    Notice.sent_at.is_(None), Notice.dropped_at.is_(None), Notice.kind.in_(kinds)
                )
            )
        )
    sent = 0
    for school_id in sorted(waiting):
        with of_school(school_id), writing(audited=False):  # the product's own round, not somebody's act

            def send(account: Account, kind: NoticeKind) -> None:
                _write(account, kind, at)

            sent += actions.deliver(send, at=at, kinds=kinds)
    return sent


def _write(account: Account, kind: NoticeKind, at: datetime) -> None:
    settings = current_app.config["SETTINGS"]
    words = render_template(f"notifications/{kind}.txt", address=settings.address)
    outbox.write(settings.data / "outbox", account.email, words, at)


def send_invitation(email: str, link: str, at: datetime) -> None:
    """The one message with a link of its own; the link says nothing about anybody."""
    settings = current_app.config["SETTINGS"]
    words = render_template("notifications/invitation.txt", link=link, address=settings.address)
    outbox.write(settings.data / "outbox", email, words, at)
