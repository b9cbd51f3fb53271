"""Handing messages over: the same few words for everybody, to the school's mail server or into the outbox folder."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from flask import Flask, current_app, render_template
from sqlalchemy import ColumnElement, Result, Select, or_, select

from config import Config
from incidents.database import across_schools, of_school, question, writing
from incidents.errors import NotPossibleNow
from incidents.extensions import db
from incidents.notifications import actions, outbox, smtp
from incidents.notifications.actions import AT_ONCE, EVERY_KIND, Parcel
from incidents.notifications.letter import letter
from incidents.notifications.models import Notice, NoticeKind
from incidents.notifications.queries import ON_ITS_WAY
from incidents.notifications.smtp import NotTaken, Problem, Send

WORDS = {True: "notifications/danger.txt", False: "notifications/needs_you.txt"}  # by whether it is urgent
NOT_HANDED_OVER = "The message with the link could not be handed over. Make a new link later."


def set_up_mail(app: Flask, settings: Config) -> None:
    """Read the settings of the mail server. Raises `SettingMissing` with advice when they can't be used."""
    app.extensions["mail_server"] = smtp.server_of(settings)


def deliver(at: datetime, kinds: Collection[NoticeKind] = EVERY_KIND) -> int:
    """Send all that waits of these kinds, whatever the hour; returns how many messages went."""
    for school_id in _schools_with(Notice.next_try_at.is_(None), kinds):
        with of_school(school_id), writing(audited=False):  # the product's own round, not somebody's act
            actions.let_go(at, kinds)
    return send(at, kinds)


def send_what_cannot_wait(at: datetime) -> None:
    """Send what tells of danger, if there is any: asked after every change."""
    if _cannot_wait(at).first():
        deliver(at, AT_ONCE)


def send(at: datetime, kinds: Collection[NoticeKind] = EVERY_KIND) -> int:
    """Send what may go at this moment, one message an account, whatever number of notices and schools; how many went.

    What is sent is taken out first and settled after: no transaction is open while a mail server answers. Cut off between
    the two a message goes twice, never not at all.
    """
    taken: dict[uuid.UUID, dict[uuid.UUID, Parcel]] = {}  # account → school → what goes
    for school_id in _schools_with(Notice.next_try_at <= at, kinds):
        with of_school(school_id), writing(audited=False):
            for parcel in actions.take_out(at, kinds):
                taken.setdefault(parcel.account_id, {})[school_id] = parcel
    sent = 0
    with _handed_over() as hand_over:
        for parcels in taken.values():
            problem = _try(hand_over, list(parcels.values()), at)
            _settle(parcels, problem, at)
            sent += problem is None
    return sent


def _schools_with(which: ColumnElement[bool], kinds: Collection[NoticeKind]) -> list[uuid.UUID]:
    """The schools in which such notices are on their way."""
    waiting = select(Notice.school_id).where(ON_ITS_WAY, Notice.kind.in_(kinds), which)
    with across_schools():
        return sorted(db.session.scalars(waiting.distinct()))


def _cannot_wait(at: datetime) -> Result[tuple[uuid.UUID]]:
    with across_schools():
        return _to_go(at, AT_ONCE)


@question
def _to_go(at: Any, kinds: Any) -> Select[tuple[uuid.UUID]]:
    may_go = or_(Notice.next_try_at.is_(None), Notice.next_try_at <= at)
    return select(Notice.school_id).where(ON_ITS_WAY, Notice.kind.in_(kinds), may_go).limit(1)


def _try(hand_over: Send, parcels: Sequence[Parcel], at: datetime) -> Problem | None:
    words = WORDS[any(parcel.urgent for parcel in parcels)]
    try:
        hand_over(_letter(parcels[0].address, words, at, min(parcel.key for parcel in parcels)))
    except NotTaken as not_taken:
        current_app.logger.error("A message was not taken: %s", not_taken.problem.value)
        return not_taken.problem
    return None


def _settle(parcels: Mapping[uuid.UUID, Parcel], problem: Problem | None, at: datetime) -> None:
    for school_id, parcel in parcels.items():
        with of_school(school_id), writing(audited=False):
            actions.settle(parcel.notices, problem, at)


def send_invitation(email: str, link: str, at: datetime) -> None:
    """The one message with a link of its own; the link says nothing about anybody. Raises `NotPossibleNow` if it can't go."""
    try:
        with _handed_over() as hand_over:
            hand_over(_letter(email, "notifications/invitation.txt", at, uuid.uuid4(), link=link))
    except NotTaken as not_taken:
        current_app.logger.error("An invitation was not taken: %s", not_taken.problem.value)
        raise NotPossibleNow(NOT_HANDED_OVER) from not_taken


def _letter(to: str, words: str, at: datetime, key: uuid.UUID, **more: str) -> EmailMessage:
    """A message in the words of one of the few templates; besides them nothing may come into it but the address."""
    server: smtp.MailServer | None = current_app.extensions["mail_server"]
    text = render_template(words, address=current_app.config["SETTINGS"].address, **more)
    return letter(server.sender if server else outbox.SENDER, to, text, at, key)


@contextmanager
def _handed_over() -> Iterator[Send]:
    server: smtp.MailServer | None = current_app.extensions["mail_server"]
    if server:
        with smtp.connected(server) as hand_over:
            yield hand_over
    else:
        yield _keep


def _keep(message: EmailMessage) -> None:
    try:
        outbox.keep(current_app.config["SETTINGS"].data / "outbox", message)
    except OSError as error:
        raise NotTaken(Problem.AWAY) from error
