"""The door: signing in and out, locking, sessions."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from incidents.accounts.models import Account, Lockout, SignIn
from incidents.accounts.passwords import is_right
from incidents.accounts.queries import has_several_schools, schools_of
from incidents.audit.actions import record_sign_in
from incidents.database import across_schools, question, writing
from incidents.errors import Refused
from incidents.extensions import db

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)  # a session's last use is written at most this often

WRONG = "The address or the password is not right."
LOCKED = "Too many tries. Wait 15 minutes and try again, or ask the school office for a new link."


@dataclass(frozen=True)
class SignedIn:
    """A session found by its token."""

    token: str
    account: Account
    school_id: uuid.UUID
    since: datetime
    elsewhere: bool = False  # has a role in another school too


def digest_of(token: str) -> str:
    """Tokens are kept as their digests only: a copy of the database opens no session."""
    return hashlib.sha256(token.encode()).hexdigest()


def fold(email: str) -> str:
    """An address as it is kept and compared."""
    return email.strip().casefold()


def sign_in(email: str, password: str, at: datetime) -> SignedIn:
    """Open a session in the first of the account's schools. Raises `Refused` as `prove` does."""
    account = prove(email, password, at)
    return _open(account, schools_of(account.id, at)[0].id, digest_of(fold(email)), at)


def prove(email: str, password: str, at: datetime) -> Account:
    """The account whose password this is; a wrong try counts towards the lock.

    Raises `Refused` in the same words for an unknown address, a wrong password, a disabled account and one without a role.
    """
    address = digest_of(fold(email))
    with across_schools():
        account = db.session.scalar(select(Account).where(Account.email == fold(email)))
        lockout = db.session.get(Lockout, address)
        if lockout and lockout.locked_until and lockout.locked_until > at:
            with writing():
                record_sign_in("was locked out", account=account.id if account else None, at=at)
            raise Refused(LOCKED, "password")
        right = is_right(account.password_hash if account and not account.disabled_at else None, password)
        if not account or not right or not schools_of(account.id, at):
            _count_failure(address, account, at)
            raise Refused(WRONG, "password")
        return account


def _open(account: Account, school_id: uuid.UUID, address: str, at: datetime) -> SignedIn:
    token = secrets.token_urlsafe(32)
    with across_schools(), writing():
        if lockout := db.session.get(Lockout, address):
            db.session.delete(lockout)
        db.session.add(
            SignIn(
                token_digest=digest_of(token),
                account_id=account.id,
                school_id=school_id,
                started_at=at,
                last_seen_at=at,
            )
        )
        record_sign_in("signed in", account=account.id, at=at)
    return SignedIn(token, account, school_id, at)


def _count_failure(address: str, account: Account | None, at: datetime) -> None:
    with writing():
        lockout = db.session.get(Lockout, address, with_for_update=True)
        if lockout is None:
            lockout = Lockout(address_digest=address, failures=0, last_failed_at=at)
            db.session.add(lockout)
        if at - lockout.last_failed_at > LOCKED_FOR:
            lockout.failures = 0
        lockout.failures += 1
        lockout.last_failed_at = at
        if lockout.failures >= TRIES:
            lockout.locked_until = at + LOCKED_FOR
            lockout.failures = 0
        record_sign_in("failed to sign in", account=account.id if account else None, at=at)


def session_of(token: str, at: datetime, idle: timedelta) -> SignedIn | None:
    """The session behind a token, if it is open, was used within `idle`, and its account may still sign in."""
    with across_schools():
        found = _open_session(digest_of(token), at).first()
        if found is None:
            return None
        session, account, elsewhere = found._tuple()
        if at - session.last_seen_at > idle:
            return None
        signed_in = SignedIn(token, account, session.school_id, session.started_at, elsewhere)
        if at - session.last_seen_at > SEEN_EVERY:
            with writing(audited=False):  # nobody's act: the session is simply still in use
                db.session.get_one(SignIn, digest_of(token)).last_seen_at = at
        return signed_in


def who_rested(token: str) -> uuid.UUID | None:
    """Whose session it was that ended because nothing was done; none for one that somebody ended."""
    with across_schools():
        session = db.session.get(SignIn, digest_of(token))
        return session.account_id if session and session.ended_at is None else None


@question
def _open_session(digest: Any, at: Any) -> Select[tuple[SignIn, Account, bool]]:
    return (
        select(SignIn, Account, has_several_schools(at))
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.token_digest == digest, SignIn.ended_at.is_(None), Account.disabled_at.is_(None))
    )


def sign_out(token: str, at: datetime) -> None:
    """End the session on the server: the token opens nothing from here on, whoever kept a copy."""
    with across_schools(), writing():
        session = db.session.get(SignIn, digest_of(token))
        if session and not session.ended_at:
            session.ended_at = at
            record_sign_in("signed out", account=session.account_id, at=at)


def end_sessions_of(account_id: uuid.UUID, at: datetime, *, in_school: uuid.UUID | None = None) -> None:
    """End all sessions of an account, or those in one school: disabled, or a new password. Within the caller's transaction."""
    open_now = select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    for session in db.session.scalars(open_now.where(SignIn.school_id == in_school) if in_school else open_now):
        session.ended_at = at


def move_to_school(token: str, school_id: uuid.UUID, at: datetime) -> None:
    """Go on in another school where the account has a role. Raises `Refused` where it has none."""
    with across_schools():
        session = db.session.get_one(SignIn, digest_of(token))
        if school_id not in {school.id for school in schools_of(session.account_id, at)}:
            raise Refused("You have no role in that school.")
        with writing():
            session = db.session.get_one(SignIn, digest_of(token))
            session.school_id = school_id
            record_sign_in("changed school", account=session.account_id, at=at, school=school_id)
