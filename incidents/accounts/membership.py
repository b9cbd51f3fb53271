"""Accounts, roles and invitations: who may sign in, and as what; privileged roles take two people."""

import secrets
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select

from incidents.access import PRIVILEGED, Role
from incidents.accounts.actions import digest_of, end_sessions_of, fold
from incidents.accounts.models import Account, AccountPerson, Invitation, Lockout, Membership
from incidents.accounts.passwords import hash_password, reasons_against
from incidents.accounts.queries import persons_of_accounts
from incidents.accounts.viewer import Viewer
from incidents.audit.actions import record
from incidents.database import across_schools, current_school
from incidents.errors import NotPossibleNow, Refused
from incidents.extensions import db
from incidents.schools.models import School
from incidents.schools.queries import pack_of, this_school

INVITATION_DAYS = 7

# What later slices do in the same transaction: tell those who hold a privileged role, end what was given to who leaves.
WHEN_ROLE_CHANGED: Final[list[Callable[[Membership, datetime], None]]] = []
WHEN_LEFT: Final[list[Callable[[uuid.UUID, datetime], None]]] = []


def add_account(email: str, name: str, person_id: uuid.UUID | None, *, by: uuid.UUID | None, at: datetime) -> Account:
    """An account for an address, linked to its person here. Somebody known from another school keeps the account they have.

    That there is such a school is never said: for this one the account is a new one. Raises `Refused` for an address or a
    person that has an account here.
    """
    db.session.execute(select(School.id).where(School.id == current_school()).with_for_update())  # two at once: in turn
    account = db.session.scalar(select(Account).where(Account.email == fold(email)))
    if account is None:
        account = Account(email=fold(email), name=name, created_at=at)
        db.session.add(account)
        db.session.flush()
    elif is_here(account.id):
        raise Refused("There is an account with this address in the school already.", "email")
    if person_id is not None:
        if db.session.scalar(select(AccountPerson.id).where(AccountPerson.person_id == person_id)):
            raise Refused("This person has an account already.", "person")
        link = AccountPerson(school_id=current_school(), account_id=account.id, person_id=person_id)
        db.session.add(link)
        db.session.flush()
        record("added account", link, by=by, at=at, account=account.id)
    return account


def is_here(account_id: uuid.UUID) -> bool:
    """Whether this school ever had to do with the account. The table of accounts is common to all schools."""
    rows = (
        select(AccountPerson.id).where(AccountPerson.account_id == account_id),
        select(Membership.id).where(Membership.account_id == account_id),
    )
    return any(db.session.scalar(each.limit(1)) is not None for each in rows)


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
        raise Refused("Nobody gives themselves this role. Ask another administrator to propose it.", "two_people")
    if any(held.role == role and held.year_group == year_group for held in roles_of(account.id, at=at)):
        raise Refused(
            "They hold this role already, or it was proposed.", "two_people" if role in PRIVILEGED else "alone"
        )
    _must_have_the_office(account, role, at)
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
    if not alone:
        tell(membership, at)
    return membership


# They lead the school: what is alleged of them is not for them, nor for whoever works under them.
_LEADS = frozenset({Role.HEADTEACHER, Role.DEPUTY_HEAD})


def _must_have_the_office(account: Account, role: Role, at: datetime) -> None:
    """Refuse an office that such a school has not, and one person on both sides of a case about the head."""
    pack = pack_of(this_school())
    field = "two_people" if role in PRIVILEGED else "alone"
    if role in pack.offices_missing:
        raise Refused("A school of this type has no such office.", field)
    held = {Role(each.role) for each in roles_of(account.id, at=at)}
    if (role is Role.CASE_MANAGER and held & _LEADS) or (role in _LEADS and Role.CASE_MANAGER in held):
        head = pack.term("headteacher")
        raise Refused(f"Whoever leads the school can’t manage cases about the {head}. Choose somebody else.", field)


def why_not(membership: Membership, by: Viewer) -> str:
    """Why this person has no say about a proposal, as a sentence; empty if they do."""
    if membership.account_id == by.account_id:
        return "It is for you, so another administrator decides it."
    if membership.proposed_by == by.account_id:
        return "You proposed it, so another administrator decides it."
    return ""


def agree_role(membership: Membership, *, by: Viewer, at: datetime) -> None:
    """The second person's word: from here on the role is in force."""
    _must_wait(membership, by)
    if membership.ends is not None and membership.ends <= at:
        raise NotPossibleNow("The last day of this role has passed. Refuse it, and propose it again.")
    membership.agreed_by, membership.agreed_at = by.account_id, at
    membership.starts = max(membership.starts, at)
    record("agreed role", membership, by=by.account_id, at=at, role=membership.role, account=membership.account_id)
    tell(membership, at)


def refuse_role(membership: Membership, *, by: Viewer, at: datetime) -> None:
    """A proposal comes to nothing, by the second person's word."""
    _must_wait(membership, by)
    _refuse(membership, by, at)


def _refuse(membership: Membership, by: Viewer, at: datetime) -> None:
    membership.refused_at = at
    record("refused role", membership, by=by.account_id, at=at, role=membership.role, account=membership.account_id)
    tell(membership, at)


def end_role(membership: Membership, *, by: Viewer | None, at: datetime) -> None:
    """A role ends now; what was done in it stays theirs in the records.

    Nobody ends their own administrator's role: so there is always one left, the one who acts.
    """
    if by is not None and membership.role == Role.ADMINISTRATOR and membership.account_id == by.account_id:
        raise NotPossibleNow("Nobody ends their own administrator’s role. Ask another administrator.")
    if membership.ends is None or membership.ends > at:
        membership.ends = at
        record("ended role", membership, by=by.account_id if by else None, at=at, role=membership.role,
               account=membership.account_id)  # fmt: skip
        if membership.role in PRIVILEGED:
            tell(membership, at)


def _must_wait(membership: Membership, by: Viewer) -> None:
    if membership.agreed_at or membership.refused_at:
        raise NotPossibleNow("This was decided already.")
    if reason := why_not(membership, by):
        raise NotPossibleNow(reason)
    persons = persons_of_accounts(filter(None, (membership.account_id, membership.proposed_by)))
    if any(several & by.person_ids for several in persons.values()):
        raise NotPossibleNow(
            "It is from you or for you, by another account of yours. Another administrator decides it."
        )


def tell(membership: Membership, at: datetime) -> None:
    """Let those know whom a change in a privileged role concerns."""
    db.session.flush()
    for act in WHEN_ROLE_CHANGED:
        act(membership, at)


def roles_of(account_id: uuid.UUID, *, at: datetime | None = None) -> Sequence[Membership]:
    """The account's roles in this school that have not ended, proposed ones too."""
    lasting = or_(Membership.ends.is_(None), Membership.ends > at) if at else Membership.ends.is_(None)
    return db.session.scalars(
        select(Membership)
        .where(Membership.account_id == account_id, Membership.refused_at.is_(None), lasting)
        .order_by(Membership.starts)
    ).all()


def disable(account: Account, *, by: Viewer, at: datetime) -> None:
    """From this moment the account opens nothing of this school: its roles, proposals, grants, links and sessions end.

    The account itself is shut too, unless it has a role in another school: that school's administrators decide about it
    there, and no school may put somebody out of another one. Which of the two it was is not shown, for it would tell
    this school where else somebody works. A new link (`invite`) opens a shut account again, with a new password.
    """
    if by.account_id == account.id:
        raise NotPossibleNow("Nobody shuts their own account. Ask another administrator.")
    link = db.session.scalar(
        select(AccountPerson).where(AccountPerson.account_id == account.id).limit(1)
    ) or db.session.scalar(select(Membership).where(Membership.account_id == account.id).limit(1))
    if link is None:
        raise NotPossibleNow("This account has nothing to do with the school.")
    for membership in roles_of(account.id, at=at):
        if membership.agreed_at:
            end_role(membership, by=by, at=at)
        else:
            _refuse(membership, by, at)
    for invitation in _open_invitations(account.id):
        invitation.ends_at = min(invitation.ends_at, at)
    if _works_elsewhere(account.id, at):
        end_sessions_of(account.id, at, in_school=current_school())
    else:
        account.disabled_at = account.disabled_at or at
        end_sessions_of(account.id, at)
    record("disabled account", link, by=by.account_id, at=at, account=account.id)
    for act in WHEN_LEFT:
        act(account.id, at)


def _works_elsewhere(account_id: uuid.UUID, at: datetime) -> bool:
    here = current_school()
    elsewhere = select(Membership.id).where(
        Membership.account_id == account_id,
        Membership.school_id != here,
        Membership.refused_at.is_(None),
        or_(Membership.ends.is_(None), Membership.ends > at),
    )
    with across_schools():
        return db.session.scalar(elsewhere.limit(1)) is not None


def _open_invitations(account_id: uuid.UUID) -> Sequence[Invitation]:
    return db.session.scalars(
        select(Invitation).where(Invitation.account_id == account_id, Invitation.used_at.is_(None))
    ).all()


def invite(account: Account, *, by: uuid.UUID | None, at: datetime) -> str:
    """A link's token, good once and for seven days; an earlier one that was not used ends.

    The link goes to the account's own address and is shown to nobody: whoever read it could sign in as them. A shut
    account is opened again, but not with the password that it had.
    """
    for invitation in _open_invitations(account.id):
        invitation.ends_at = min(invitation.ends_at, at)
    if account.disabled_at:
        account.disabled_at = account.password_hash = None
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
        found = db.session.execute(
            select(Invitation, Account)
            .join(Account, Account.id == Invitation.account_id)
            .where(Invitation.token_digest == digest_of(token))
            .with_for_update(of=Invitation)  # two presses at once: one of them finds it used
        ).first()
    if found is None or found[0].used_at or found[0].ends_at <= at or found[1].disabled_at:
        raise NotPossibleNow("This link was used, or it has ended. Ask the school office for a new one.")
    invitation: Invitation = found[0]
    return invitation


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
    if lockout := db.session.get(Lockout, digest_of(account.email)):
        db.session.delete(lockout)  # the new link is what somebody is told to ask for when they are locked out
    record("took up invitation", invitation, by=account.id, at=at, account=account.id)
    return account
