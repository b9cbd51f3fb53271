"""The door: sign in, sign out, hide, take up an invitation, change school; who holds which role."""

import uuid
from urllib.parse import urlencode

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from incidents.access import Permission
from incidents.accounts import actions, membership, queries, roster
from incidents.accounts.administration import bp
from incidents.accounts.carrying import opened
from incidents.accounts.forms import NewPasswordForm, NothingForm, SignInForm
from incidents.database import of_school, writing
from incidents.errors import NotFound, NotPossibleNow, Refused
from incidents.keys import keyring
from incidents.shell import behind, shell
from incidents.web import AT_SIGN_IN, SessionUser, Tab, inside, needs, now, open_to_all, viewer

TABS = (Tab(60, "Accounts", "accounts.accounts", Permission.MANAGE_ACCOUNTS, roster.how_many_wait),)


@bp.get("/healthz")
@open_to_all
def healthz() -> tuple[str, int]:
    """Ready once the database answers."""
    queries.answers()
    return "ready", 200


@bp.get("/")
@open_to_all
def home() -> Response:
    """Each role's first page: the first tab that is theirs."""
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in"))
    return redirect(next((tab.href for tab in shell().tabs), url_for("accounts.no_role")))


@bp.get("/more")
@needs(Permission.SIGN_IN_PAGES)
def more() -> str:
    """The tabs that found no room on the cover."""
    return render_template("accounts/more.html", tabs=behind("accounts.more"))


@bp.get("/no-role")
@open_to_all
def no_role() -> str:
    """Signed in, and nothing to do here."""
    return render_template("accounts/no_role.html")


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> str | Response | tuple[str, int]:
    """Ask who it is."""
    if current_user.is_authenticated:
        return redirect(url_for("accounts.home"))
    form = SignInForm()
    status = 200
    if "carried" in g:  # another page's form, whose session had ended: the gate brings it here
        form.carried.data, status = g.carried, 401
    elif form.validate_on_submit():
        try:
            signed_in = actions.sign_in(form.email.data or "", form.password.data or "", now())
        except Refused as refused:
            form.refuse(refused)
            status = 422
        else:
            session.clear()
            login_user(SessionUser(signed_in))
            carried = opened(form.carried.data or "", signed_in.account.id, now(), keyring().cookies)
            if carried:
                return render_template("accounts/carry_on.html", carried=carried)
            return redirect(_first(signed_in, inside(request.args.get("next"))))
    elif form.is_submitted():
        status = 422
    return render_template("accounts/sign_in.html", form=form), status


def _first(signed_in: actions.SignedIn, wanted: str | None) -> str:
    """Where to, after signing in. What is asked at sign-in comes first, but never before an incident is recorded."""
    if wanted is None or not wanted.startswith("/record"):
        with of_school(signed_in.school_id):
            asking = queries.viewer_of(signed_in.account, now())
            asked = next(filter(None, (ask(asking) for ask in AT_SIGN_IN)), None)
        if asked:
            return f"{asked}?{urlencode({'next': wanted})}" if wanted else asked
    return wanted or url_for("accounts.home")


@bp.route("/sign-out", methods=["GET", "POST"])
@open_to_all
def sign_out() -> str | Response:
    """End the session on the server. A link leads to the button, so that no other site can press it."""
    form = NothingForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_out.html", form=form)
    _leave()
    return redirect(url_for("accounts.sign_in"))


def _leave() -> None:
    if current_user.is_authenticated:
        actions.sign_out(current_user.signed_in.token, now())
    logout_user()
    session.clear()


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@open_to_all
def take_up(token: str) -> str | Response | tuple[str, int]:
    """Choose a password with a link. Whoever else sits signed in at this browser is signed out by it."""
    form = NewPasswordForm()
    try:
        invitation = membership.invitation_of(token, now())
        if form.validate_on_submit():
            with of_school(invitation.school_id), writing():
                membership.take_up(token, form.password.data or "", at=now())
            _leave()
            flash("Your password is kept. Sign in with it now.", "success")
            return redirect(url_for("accounts.sign_in"))
    except NotPossibleNow:
        return render_template("accounts/link_ended.html"), 410
    except Refused as refused:
        form.refuse(refused)
    return render_template("accounts/take_up.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/roles")
@needs(Permission.SIGN_IN_PAGES)
def roles() -> str:
    """Who holds the roles that take two people, and what changed lately in those that concern the viewer."""
    return render_template(
        "accounts/roles.html", held=roster.who_holds_what(now()), changes=roster.changes_to_know(viewer())
    )


@bp.route("/hidden", methods=["GET", "POST"])
@open_to_all
def hide() -> str:
    """What Hide shows without a script: the cover and nothing else. Going back asks for nothing; sign-out does."""
    return render_template("accounts/hidden.html")


@bp.post("/hidden/open")
@needs(Permission.SIGN_IN_PAGES)
def open_again() -> tuple[str, int]:
    """A page that was hidden for a while asks its script for the password; what was typed waits behind the cover."""
    try:
        actions.prove(current_user.signed_in.account.email, request.form.get("password", ""), now())
    except Refused:
        return "", 422
    return "", 204


@bp.post("/stay")
@needs(Permission.SIGN_IN_PAGES)
def stay() -> tuple[str, int]:
    """The session is in use: asking for this notes it, as any page does, and changes nothing else."""
    return "", 204


@bp.get("/accessibility")
@open_to_all
def accessibility() -> str:
    """What works for whom, and whom to tell when it does not."""
    return render_template("accounts/accessibility.html")


@bp.get("/what-the-school-keeps")
@open_to_all
def privacy() -> str:
    """What is kept, why, how long, and who sees it."""
    return render_template("accounts/privacy.html")


@bp.route("/schools", methods=["GET", "POST"])
@needs(Permission.SIGN_IN_PAGES)
def choose_school() -> str | Response:
    """For those who work in more than one school."""
    form = NothingForm()
    if form.validate_on_submit():
        try:
            school_id = uuid.UUID(request.form.get("school", ""))
            actions.move_to_school(current_user.signed_in.token, school_id, now())
        except (ValueError, Refused) as error:
            raise NotFound from error
        return redirect(url_for("accounts.home"))
    return render_template(
        "accounts/choose_school.html", form=form, schools=queries.schools_of(viewer().account_id, now())
    )
