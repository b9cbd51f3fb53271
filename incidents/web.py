"""The gate every request passes, the pages' shell, errors as pages, and the headers."""

import errno
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, wraps
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_login import UserMixin, current_user
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from config import Config
from incidents import clock, mail
from incidents.access import Permission, Right
from incidents.accounts.actions import SignedIn, session_of, who_rested
from incidents.accounts.carrying import Carried, seal, typed
from incidents.accounts.queries import viewer_of
from incidents.accounts.viewer import Viewer
from incidents.database import enter_scope
from incidents.errors import NotAllowed, NotFound, NotPossibleNow
from incidents.extensions import db, login_manager
from incidents.keys import keyring
from incidents.matters.models import Matter
from incidents.matters.queries import matter_for
from incidents.phrases import Phrase

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Declared:
    """What a route needs. A route without it answers 403: closed by default."""

    permission: Permission | None  # None: open to everybody, signed in or not
    rights: tuple[Right, ...] = ()  # for a route on one matter: any of these


OPEN: Final = Declared(None)


def open_to_all(view: F) -> F:
    """Declare a page that needs no sign-in."""
    view.access = OPEN  # type: ignore[attr-defined]  # the gate reads it off the view
    return view


def needs(permission: Permission) -> Callable[[F], F]:
    """Declare what a view needs."""

    def declare(view: F) -> F:
        view.access = Declared(permission)  # type: ignore[attr-defined]
        return view

    return declare


def on_matter(kind: type[Matter], *rights: Right) -> Callable[[F], F]:
    """Declare a view on one matter: called with the matter and the viewer's standing in place of `matter_id`.

    A matter that is not there, belongs to another school or is hidden gives the same 404.
    """

    def declare(view: F) -> F:
        @wraps(view)
        def guarded(matter_id: uuid.UUID, **rest: Any) -> Any:
            matter, standing = matter_for(viewer(), kind, matter_id, *rights)
            return view(matter, standing, **rest)

        guarded.access = Declared(Permission.SIGN_IN_PAGES, rights)  # type: ignore[attr-defined]
        return cast(F, guarded)

    return declare


class SessionUser(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login holds: the session's token stands for the person."""

    def __init__(self, signed_in: SignedIn) -> None:
        self.signed_in = signed_in

    def get_id(self) -> str:
        """The browser's cookie carries the token, signed; the server holds its digest."""
        return self.signed_in.token


def viewer() -> Viewer:
    """Who is asking. Only behind the gate."""
    return cast(Viewer, g.viewer)


def signed_in_since() -> datetime:
    """When this session began. Only behind the gate."""
    return cast(datetime, current_user.signed_in.since)


def now() -> Any:
    """The moment of this request: one moment for all that it does."""
    if "now" not in g:
        g.now = clock.now()
    return g.now


@dataclass(frozen=True)
class Tab:
    """An index tab of the book's cover. `count` is a number that waits there; `shown` says who has a use for it.

    A tab `under` another stands on the page of that one, with a sentence `about` it and what it `says` of itself there; what
    waits in it is a part of the other's number, and the other is shown while it has any.

    `count` and `shown` may give a phrase: the cover asks the database for all of them in one statement, which is put together
    once a process.
    """

    order: int
    label: str
    endpoint: str
    permission: Permission
    count: Callable[[Viewer], Phrase[int] | int] = lambda viewer: 0  # noqa: ARG005 - a field's default
    shown: Callable[[Viewer], Phrase[bool] | bool] = lambda viewer: True  # noqa: ARG005
    under: str = ""
    about: str = ""
    says: Callable[[Viewer], str] = lambda viewer: ""  # noqa: ARG005 - asked on that page alone


RULES: Final = "Rules"  # the tab under which the school's rules, registers and law stand

# What later slices ask of somebody who has just signed in: the address of a page to be seen first, or none.
AT_SIGN_IN: Final[list[Callable[[Viewer], str | None]]] = []


def inside(address: str | None) -> str | None:
    """An address of ours to go on to; anything that could lead elsewhere is dropped.

    A browser leaves out tabs and the ends of lines, and takes a backslash for a slash: an address of ours has neither.
    """
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if "\\" in address or not address.isprintable():
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


def form_token() -> str:
    """The sign of our own forms, made once for all that a page has of them."""
    if "form_token" not in g:
        g.form_token = generate_csrf()
    return cast(str, g.form_token)


@cache
def _address(under: str, endpoint: str, values: tuple[tuple[str, str], ...]) -> str:  # noqa: ARG001 - where we are mounted
    given: dict[str, Any] = dict(values)
    return url_for(endpoint, **given)


def fixed_address(endpoint: str, **values: str) -> str:
    """The address of a page that has only one, or of a file that stands on every page: worked out once a process."""
    return _address(request.script_root, endpoint, tuple(values.items()))


@cache
def _address_with_places(under: str, endpoint: str, names: tuple[str, ...]) -> str:  # noqa: ARG001 - where we are mounted
    places = {name: uuid.UUID(int=number) for number, name in enumerate(names)}
    given: dict[str, Any] = dict(places)
    address = url_for(endpoint, **given)
    for name, place in places.items():
        address = address.replace(str(place), f"{{{name}}}")
    return address


def address_of(endpoint: str, **ids: uuid.UUID) -> str:
    """The address of a page on one thing or several, by their ids: how it is put together is worked out once a process."""
    return _address_with_places(request.script_root, endpoint, tuple(ids)).format(**ids)


def flask_settings(settings: Config) -> dict[str, Any]:
    """Flask's own settings, from ours."""
    return {
        "SETTINGS": settings,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database_address,
        "MAX_CONTENT_LENGTH": settings.largest_request,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "incident-book",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_SECURE": settings.tls,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: half an hour of typing must not be lost
        "WTF_CSRF_SSL_STRICT": False,  # it would need the Referer that our own policy leaves out
        "TEMPLATES_AUTO_RELOAD": False,
    }


def set_up_web(app: Flask) -> None:
    """Bind the gate, the errors and the headers to the application."""
    login_manager.init_app(app)
    login_manager.user_loader(_load_session)
    app.before_request(_gate)
    app.after_request(_headers)
    app.after_request(_send_what_cannot_wait)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NotFound, lambda error: _page(404))  # noqa: ARG005 - the handler's form
    app.register_error_handler(NotAllowed, lambda error: _page(403))  # noqa: ARG005
    app.register_error_handler(NotPossibleNow, _not_possible_now)
    app.register_error_handler(CSRFError, lambda error: _page(400))  # noqa: ARG005
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(OSError, _disk_full)
    app.teardown_request(_forget)
    app.add_template_global(fixed_address)
    app.add_template_global(address_of)
    app.add_template_global(form_token)


def _load_session(token: str) -> SessionUser | None:
    if g.get("without_database"):
        return None  # the page that says so is drawn for nobody in particular
    idle = timedelta(minutes=current_app.config["SETTINGS"].idle_minutes)
    signed_in = session_of(token, now(), idle)
    return SessionUser(signed_in) if signed_in else None


def _gate() -> AnyResponse | None:
    if request.endpoint in (None, "static"):
        return None
    declared: Declared | None = getattr(current_app.view_functions[request.endpoint], "access", None)
    if declared is None:
        abort(403)
    if current_user.is_authenticated:
        enter_scope(current_user.signed_in.school_id)
        g.viewer = viewer_of(current_user.signed_in.account, now())
    if declared.permission is None:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if not viewer().may(declared.permission):
        abort(403)
    return None


def _to_sign_in() -> AnyResponse:
    """Where to, after signing in: the page that was asked for, if it was only to be looked at."""
    token = session.pop("_user_id", None)
    had_session = bool(token)
    if had_session:
        flash("You were signed out because nothing was done for a while. Sign in to go on.", "important")
    elif request.method != "GET":
        abort(403)
    if request.method == "GET" and request.path != "/":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if request.method == "POST" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        return _carried_to_sign_in(token)
    return redirect(url_for("accounts.sign_in"))


def _carried_to_sign_in(token: str) -> AnyResponse:
    """What was typed comes along, sealed for whoever typed it. A script keeps it in its page, and is only sent to the door.

    A mere press, to an address that has no page, never does: whoever else used this browser meanwhile could have made it,
    and the words “what you typed is here” would get it confirmed.
    """
    fields, whose = tuple(request.form.items(multi=True)), who_rested(token)
    has_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    if whose is None or not has_page or not typed(fields):
        return redirect(url_for("accounts.sign_in"))
    g.carried = seal(Carried(request.full_path.rstrip("?"), fields), whose, now(), keyring().cookies)
    door: Any = current_app.view_functions["accounts.sign_in"]
    return current_app.make_response(door())


def _page(code: int, **words: Any) -> tuple[str, int]:
    """An error page. It carries no form and nothing of the request, so that two of a kind are the same bytes."""
    db.session.rollback()
    return render_template(f"errors/{code}.html", **words), code


# The data folder is full, read-only, over its quota or failing: nothing that we could put right.
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
_PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})


def _http_error(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    return _page(code if code in _PAGES else (400 if code < 500 else 500))


def _not_possible_now(error: NotPossibleNow) -> Any:
    return _page(409, reasons=error.reasons)


def _database_away(error: OperationalError | InterfaceError) -> Any:
    """Away, locked or full: nothing was stored, and the page says so. The next request tries anew."""
    current_app.logger.error("The database did not answer: %s", type(error.orig).__name__)
    g.without_database = True
    db.session.rollback()
    return _page(503)


def _disk_full(error: OSError) -> Any:
    if error.errno not in _DISK:
        raise error
    current_app.logger.error("The data folder could not be written: %s", error.strerror)
    return _page(503)


def _send_what_cannot_wait(response: Response) -> Response:
    """After a change: danger goes out now. If it can't, it waits for the next round, and the log of the server says so."""
    if request.method == "POST" and response.status_code < 400 and "viewer" in g:
        try:
            mail.send_what_cannot_wait(now())
        except (OSError, OperationalError) as error:
            current_app.logger.error("A message about danger could not be handed over: %s", type(error).__name__)
    return response


def _forget(error: BaseException | None) -> None:  # noqa: ARG001 - the interface
    db.session.remove()


_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), browsing-topics=()"
    headers["X-Robots-Tag"] = "noindex, nofollow"  # for what has no page around it too, such as a household's copy
    if request.endpoint != "static":
        headers["Cache-Control"] = "no-store"
    if current_app.config["SETTINGS"].tls:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response
