"""The accounts of the school: who may sign in, as what, and by whose two words."""

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents import mail
from incidents.access import PRIVILEGED, Permission, Role
from incidents.accounts import membership, roster
from incidents.accounts.forms import OUTSIDE, SOMEBODY_ELSE, AddAccountForm, NothingForm, RoleForm
from incidents.accounts.models import Account
from incidents.database import writing
from incidents.errors import NotFound, NotPossibleNow, Refused
from incidents.people import actions as people
from incidents.people.models import Employed
from incidents.schools.queries import this_school
from incidents.web import needs, now, viewer

bp = Blueprint("accounts", __name__)

Answer = str | Response | tuple[str, int]
SENT = "A link to choose a password is on its way to their address. It works once, for seven days."
WAITS = " The roles that take two people wait for another administrator."


def _zone() -> ZoneInfo:
    return ZoneInfo(this_school().timezone)


def _today() -> date:
    day: date = now().astimezone(_zone()).date()
    return day


@bp.app_template_filter()
def dated(at: datetime) -> str:
    """A moment with its year, for what goes back further than a term: “Monday 23 November 2026, 08:10”."""
    local = at.astimezone(_zone())
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}"


@bp.get("/accounts")
@needs(Permission.MANAGE_ACCOUNTS)
def accounts() -> str:
    """What waits for a second person, then everybody who can sign in."""
    after = _id_in("after")
    lines, next_after = roster.listed(now(), after)
    waiting = roster.waiting(viewer()) if after is None else []
    return render_template(
        "accounts/accounts.html", lines=lines, after=next_after, first=after is None, form=NothingForm(),
        mine=[held for held in waiting if not held.why_not], others=[held for held in waiting if held.why_not],
        only=roster.only_administrator(viewer()),
    )  # fmt: skip


def _id_in(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args[name]) if name in request.args else None
    except ValueError as error:
        raise NotFound from error


@bp.route("/accounts/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_ACCOUNTS)
def add() -> Answer:
    """Somebody on the list of people or typed by hand, their address, their roles; the link goes out at once."""
    form = _add_form()
    if form.validate_on_submit():
        try:
            with writing():
                account_id, email, link = _added(form)
        except Refused as refused:
            form.refuse(refused)
        else:
            _send_link(email, link, WAITS if set(form.roles()) & PRIVILEGED else "")
            return redirect(url_for("accounts.account", account_id=account_id))
    return render_template("accounts/add.html", form=form), 422 if form.is_submitted() else 200


def _add_form() -> AddAccountForm:
    form, today = AddAccountForm(), _today()
    form.prepare(roster.roles_to_give(), roster.year_groups(today), today)
    form.person.offer(
        [(str(each), f"{name}, {job}" if job else name) for each, name, job in roster.people_to_invite(today)]
    )
    typed = "" if form.person.data else f"{form.given_name.data or ''}{form.family_name.data or ''}"
    same = roster.same_name(form.given_name.data or "", form.family_name.data or "", today) if typed else []
    if same:
        form.known.offer([*((str(each), f"Yes: {name}", was) for each, name, was in same),
                          (SOMEBODY_ELSE, "No, somebody else")])  # fmt: skip
    else:
        del form.known
    return form


def _added(form: AddAccountForm) -> tuple[uuid.UUID, str, str]:
    """Within the transaction: the person if new, the account, its roles, the link."""
    by, at = viewer(), now()
    chosen = form.person.data or (form.known.data if form.known and form.known.data != SOMEBODY_ELSE else None)
    person_id = uuid.UUID(chosen) if chosen else None
    if person_id is None:
        person = people.add_person(form.given_name.data or "", form.family_name.data or "", by=by.account_id, at=at)
        person_id = person.id
        if form.kind.data != OUTSIDE:
            kind = Employed(form.kind.data)
            people.employ(person, kind, form.job.data or "", _today(), by=by.account_id, at=at)
    name = roster.name_of_person(person_id)
    account = membership.add_account(form.email.data or "", name, person_id, by=by.account_id, at=at)
    _give(account, form)
    return account.id, account.email, _new_link(account)


def _give(account: Account, form: RoleForm) -> None:
    for role in form.roles():
        membership.propose_role(
            account, role, by=viewer(), at=now(), ends=_end_of(form.until.data),
            year_group=(form.year_group.data or "") if role is Role.HEAD_OF_YEAR else "",
            phone=(form.phone.data or "") if role in (Role.DSL, Role.DEPUTY_DSL) else "",
        )  # fmt: skip


def _end_of(day: date | None) -> datetime | None:
    """The end of the last day, in the school's own time."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=_zone()) if day else None


def _new_link(account: Account) -> str:
    """The address is the one in the settings: that of the request is the browser's word, and could lead elsewhere."""
    token = membership.invite(account, by=viewer().account_id, at=now())
    return f"{current_app.config['SETTINGS'].address}{url_for('accounts.take_up', token=token)}"


def _send_link(email: str, link: str, more: str = "") -> None:
    """After the transaction: a mail server that hangs holds nobody up. A link that did not go is made anew by a press."""
    try:
        mail.send_invitation(email, link, now())
    except NotPossibleNow as not_now:
        flash(" ".join(not_now.reasons), "important")
    else:
        flash(SENT + more, "success")


@bp.get("/accounts/<uuid:account_id>")
@needs(Permission.MANAGE_ACCOUNTS)
def account(account_id: uuid.UUID) -> str:
    """One account: who, which roles now and before, what waits, what can be done."""
    found = roster.account_of(account_id)
    held, proposed, earlier = roster.roles_held(account_id, viewer())
    return render_template(
        "accounts/account.html", account=found, name=roster.names_here([found.id])[found.id], held=held, proposed=proposed,
        earlier=earlier, was=roster.person_status(account_id, _today()), link=roster.last_invitation(account_id), at=now(),
        own=account_id == viewer().account_id, form=NothingForm(),
    )  # fmt: skip


@bp.route("/accounts/<uuid:account_id>/role", methods=["GET", "POST"])
@needs(Permission.MANAGE_ACCOUNTS)
def give_role(account_id: uuid.UUID) -> Answer:
    """One more role, or several."""
    found, form, today = roster.account_of(account_id), RoleForm(), _today()
    form.prepare(roster.roles_to_give(), roster.year_groups(today), today)
    if form.validate_on_submit():
        try:
            with writing():
                _give(roster.account_of(account_id), form)
        except Refused as refused:
            form.refuse(refused)
        else:
            waits = set(form.roles()) & PRIVILEGED
            flash("It is proposed, and waits for another administrator." if waits else "The role is given.", "success")
            return redirect(url_for("accounts.account", account_id=account_id))
    name = roster.names_here([found.id])[found.id]
    return render_template(
        "accounts/give_role.html", form=form, account=found, name=name
    ), 422 if form.is_submitted() else 200


@bp.post("/accounts/<uuid:account_id>/roles/<uuid:membership_id>/agree")
@needs(Permission.MANAGE_ACCOUNTS)
def agree(account_id: uuid.UUID, membership_id: uuid.UUID) -> Response:
    """The second person's yes."""
    if NothingForm().validate_on_submit():
        with writing():
            membership.agree_role(roster.membership_of(account_id, membership_id), by=viewer(), at=now())
        flash("Agreed. The role is theirs from now on, and those who hold it are told.", "success")
    return redirect(url_for("accounts.accounts"))


@bp.post("/accounts/<uuid:account_id>/roles/<uuid:membership_id>/refuse")
@needs(Permission.MANAGE_ACCOUNTS)
def refuse(account_id: uuid.UUID, membership_id: uuid.UUID) -> Response:
    """The second person's no."""
    if NothingForm().validate_on_submit():
        with writing():
            membership.refuse_role(roster.membership_of(account_id, membership_id), by=viewer(), at=now())
        flash("Refused. Nothing changes, and those who hold the role are told.", "success")
    return redirect(url_for("accounts.accounts"))


@bp.route("/accounts/<uuid:account_id>/roles/<uuid:membership_id>/end", methods=["GET", "POST"])
@needs(Permission.MANAGE_ACCOUNTS)
def end_role(account_id: uuid.UUID, membership_id: uuid.UUID) -> Answer:
    """A role ends now; what follows from it stands before the button."""
    found, form = roster.membership_of(account_id, membership_id), NothingForm()
    if not found.agreed_at or (found.ends and found.ends <= now()):
        raise NotPossibleNow("This role is not in force.")
    if form.validate_on_submit():
        with writing():
            membership.end_role(roster.membership_of(account_id, membership_id), by=viewer(), at=now())
        flash("The role has ended.", "success")
        return redirect(url_for("accounts.account", account_id=account_id))
    held = roster.held_by_one(found, viewer())
    return render_template(
        "accounts/end_role.html", form=form, account_id=account_id, held=held, told=found.role in PRIVILEGED,
        own=found.role == Role.ADMINISTRATOR and account_id == viewer().account_id,
    )  # fmt: skip


@bp.post("/accounts/<uuid:account_id>/link")
@needs(Permission.MANAGE_ACCOUNTS)
def new_link(account_id: uuid.UUID) -> Response:
    """A new link to the account's own address; an earlier one ends."""
    roster.account_of(account_id)
    if NothingForm().validate_on_submit():
        with writing():
            found = roster.account_of(account_id)
            email, link = found.email, _new_link(found)
        _send_link(email, link, " An earlier link works no longer.")
    return redirect(url_for("accounts.account", account_id=account_id))


@bp.route("/accounts/<uuid:account_id>/disable", methods=["GET", "POST"])
@needs(Permission.MANAGE_ACCOUNTS)
def disable(account_id: uuid.UUID) -> Answer:
    """Somebody has left: what follows from it stands before the button."""
    found, form = roster.account_of(account_id), NothingForm()
    if form.validate_on_submit():
        with writing():
            membership.disable(roster.account_of(account_id), by=viewer(), at=now())
        flash("From now on this account opens nothing of the school.", "success")
        return redirect(url_for("accounts.account", account_id=account_id))
    held, proposed, _ = roster.roles_held(account_id, viewer())
    return render_template(
        "accounts/disable.html", form=form, account=found, name=roster.names_here([found.id])[found.id], held=held,
        proposed=proposed, own=account_id == viewer().account_id,
    )  # fmt: skip
