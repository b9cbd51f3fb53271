"""Accounts, roles and invitations: who may sign in, and as what; privileged roles take two people."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from incidents.access import PRIVILEGED, Role
from incidents.accounts.actions import digest_of, end_sessions_of, fold
from incidents.accounts.models import Account, AccountPerson, Invitation, Membership
from incidents.accounts.passwords import hash_password, reasons_against
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import across_schools, current_school
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.people.models import Person

INVITATION_DAYS = 7


def add_account(email: str, name: str, person_id: uuid.UUID | None, *, by: uuid.UUID | None, at: datetime) -> Account:
    """An account for an address, linked to its person here. Somebody known from another school keeps the account they have."""
    account = db.session.scalar(select(Account).where(Account.email == fold(email)))
    if account is None:
        account = Account(email=fold(email), name=name, created_at=at)
        db.session.add(account)
        db.session.flush()
    if person_id is not None:
        if db.session.scalar(select(AccountPerson.id).where(AccountPerson.account_id == account.id)):
            raise Refused("There is an account with this address in the school already.", "email")
        link = AccountPerson(school_id=current_school(), account_id=account.id, person_id=person_id)
        db.session.add(link)
        db.session.flush()
        record("added account", link, by=by, at=at, account=account.id)
    return account


def propose_role(
    account: Account,
    role: Role,
    *,
    by: Viewer | None,
    at: datetime,
    starts: datetime | None = None,
    ends: datetime | None = None,
    year_group: str = "",
    phone: str = "",
) -> Membership:
    """Give a role, or propose one that takes two people. `by=None` is the machine's own set-up, which has no second person.

    Raises `Refused` for a role that the account holds already, and for a privileged one that somebody wants for themselves.
    """
    if by is not None and role in PRIVILEGED and by.account_id == account.id:
        raise Refused("Nobody gives themselves this role. Ask another administrator to propose it.", "role")
    if any(held.role == role and held.year_group == year_group for held in roles_of(account.id, at=at)):
        raise Refused("They hold this role already, or it was proposed.", "role")
    alone = by is None or role not in PRIVILEGED
    membership = Membership(
        school_id=current_school(), account_id=account.id, role=role, year_group=year_group, phone=phone, starts=starts or at,
        ends=ends, proposed_by=by.account_id if by else None, proposed_at=at, agreed_at=at if alone else None,
        agreed_by=by.account_id if by and alone else None,
    )  # fmt: skip
    db.session.add(membership)
    db.session.flush()
    verb = "gave role" if alone else "proposed role"
    record(verb, membership, by=by.account_id if by else None, at=at, role=role, account=account.id)
    return membership


def agree_role(membership: Membership, *, by: Viewer, at: datetime) -> None:
    """The second person's word: from here on the role is in force."""
    _must_wait(membership)
    if by.account_id in (membership.proposed_by, membership.account_id):
        raise NotPossibleNow("It takes two people, and neither may be the one who gets the role.")
    membership.agreed_by, membership.agreed_at = by.account_id, at
    membership.starts = max(membership.starts, at)
    record("agreed role", membership, by=by.account_id, at=at, role=membership.role, account=membership.account_id)


def refuse_role(membership: Membership, *, by: Viewer, at: datetime) -> None:
    """A proposal comes to nothing."""
    _must_wait(membership)
    membership.refused_at = at
    record("refused role", membership, by=by.account_id, at=at, role=membership.role, account=membership.account_id)


def end_role(membership: Membership, *, by: Viewer | None, at: datetime) -> None:
    """A role ends now; what was done in it stays theirs in the records."""
    if membership.ends is None or membership.ends > at:
        membership.ends = at
        record("ended role", membership, by=by.account_id if by else None, at=at, role=membership.role,
               account=membership.account_id)  # fmt: skip


def _must_wait(membership: Membership) -> None:
    if membership.agreed_at or membership.refused_at:
        raise NotPossibleNow("This was decided already.")


def roles_of(account_id: uuid.UUID, *, at: datetime | None = None) -> Sequence[Membership]:
    """The account's roles in this school that have not ended, proposed ones too."""
    lasting = or_(Membership.ends.is_(None), Membership.ends > at) if at else Membership.ends.is_(None)
    return db.session.scalars(
        select(Membership)
        .where(Membership.account_id == account_id, Membership.refused_at.is_(None), lasting)
        .order_by(Membership.starts)
    ).all()


def disable(account: Account, *, by: Viewer, at: datetime) -> None:
    """Nobody signs in with this account from now on, in any school; its sessions end at once."""
    if account.disabled_at is None:
        account.disabled_at = at
        end_sessions_of(account.id, at)
        for membership in roles_of(account.id, at=at):
            record("disabled account", membership, by=by.account_id, at=at, account=account.id)


def invite(account: Account, *, by: uuid.UUID | None, at: datetime) -> str:
    """A link's token, good once and for seven days; an earlier one that was not used ends."""
    earlier = select(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None))
    for invitation in db.session.scalars(earlier):
        invitation.ends_at = min(invitation.ends_at, at)
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        school_id=current_school(), account_id=account.id, token_digest=digest_of(token), made_by=by, made_at=at,
        ends_at=at + timedelta(days=INVITATION_DAYS),
    )  # fmt: skip
    db.session.add(invitation)
    db.session.flush()
    record("invited", invitation, by=by, at=at, account=account.id)
    return token


def invitation_of(token: str, at: datetime) -> Invitation:
    """The invitation behind a link. Raises `NotPossibleNow` in one sentence for an unknown, used and ended one."""
    with across_schools():
        found = db.session.scalar(select(Invitation).where(Invitation.token_digest == digest_of(token)))
    if found is None or found.used_at or found.ends_at <= at:
        raise NotPossibleNow("This link was used, or it has ended. Ask the school office for a new one.")
    return found


def take_up(token: str, password: str, *, at: datetime) -> Account:
    """Choose a password with an invitation. Within the invitation's school."""
    invitation = invitation_of(token, at)
    account = db.session.get_one(Account, invitation.account_id)
    reasons = reasons_against(password, account.email, account.name)
    if reasons:
        raise Refused(" ".join(reasons), "password")
    account.password_hash = hash_password(password)
    invitation.used_at = at
    end_sessions_of(account.id, at)
    record("took up invitation", invitation, by=account.id, at=at, account=account.id)
    return account


def people_without_account() -> Sequence[Person]:
    """Those who could be given one."""
    linked = select(AccountPerson.person_id)
    return db.session.scalars(select(Person).where(Person.id.not_in(linked)).order_by(Person.family_name)).all()
