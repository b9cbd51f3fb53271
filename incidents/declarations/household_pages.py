"""The page behind a household's link: no account, one household, in the parent's own time. A part of the views."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.database import of_school, writing
from incidents.declarations import links, paper
from incidents.declarations.codes import USES_AN_HOUR, WRONG_AN_HOUR, Knocks, digest
from incidents.declarations.forms import HouseholdForm
from incidents.declarations.pages import Answer as Page
from incidents.declarations.pages import bp, subject
from incidents.declarations.wording import EITHER
from incidents.declarations.words import Answer
from incidents.errors import NotPossibleNow, Refused
from incidents.policies.kinds import FORCE_LABELS, Audience
from incidents.policies.models import Clause
from incidents.policies.queries import clauses_of
from incidents.schools import year
from incidents.shell import shell
from incidents.web import now, open_to_all

_wrong: Final = Knocks(WRONG_AN_HOUR)
_uses: Final = Knocks(USES_AN_HOUR)


def _behind(token: str, does: Callable[[], Page]) -> Page:
    """Do it within the link's school; or say in one page, the same for each reason, that the link works no longer.

    What was knocked at too often answers 429: a wrong code by who asks, a right one by itself, so that nobody can shut
    others out.
    """
    shell()  # of whoever happens to be signed in here, in their own school and not in the link's
    try:
        school_id = links.school_of(token)
        if _uses.too_many(digest(token), now()):
            return render_template("errors/429.html"), 429
        with of_school(school_id):
            return does()
    except NotPossibleNow:
        if _wrong.too_many(request.remote_addr or "", now()):
            return render_template("errors/429.html"), 429
        return render_template("declarations/link_ended.html"), 410


@bp.route("/declaration/<token>", methods=["GET", "POST"])
@open_to_all
def household(token: str) -> Page:
    """Read the policy; both parents sign or decline, together or one after the other."""
    return _behind(token, lambda: _answered(token) or _asked(token))


def _form(door: links.Door) -> HouseholdForm:
    form, about = HouseholdForm(), subject(door.version)
    form.answer.offer([(each.value, about.says(each)) for each in (Answer.SIGNED, Answer.DECLINED)])
    return form


def _answered(token: str) -> Page | None:
    """What was posted is kept, and the page is shown anew; None where there is something to put right or to read."""
    door = links.door(token, now())
    form = _form(door)
    if not form.is_submitted():
        return None
    if not door.room:
        return _shown(token, door, form), 409
    if form.validate():
        try:
            with writing():
                links.answer(token, form.names, Answer(form.answer.data), now())
            flash("Your answer is kept.", "success")
            return redirect(url_for("declarations.household", token=token), 303)
        except Refused as refused:
            form.refuse(refused)
    return _shown(token, links.door(token, now()), form), 422


def _asked(token: str) -> Page:
    door = links.door(token, now())
    return _shown(token, door, _form(door))


def _shown(token: str, door: links.Door, form: HouseholdForm) -> str:
    clauses = clauses_of([door.version.id])
    return render_template(
        "declarations/household.html", form=form, about=subject(door.version), version=door.version, year=year, token=token,
        children=[child.given_name for child in door.household.children], answers=_said(door), room=door.room,
        until=_moment(door.ends_at, door.timezone), either=EITHER,
        asks=[each for each in clauses if Audience.PARENTS in each.audiences], promises=_promises(clauses),
        others=[each for each in clauses if not {Audience.PARENTS, Audience.SCHOOL} & set(each.audiences)],
        forces={each.value: words for each, words in FORCE_LABELS.items()},
    )  # fmt: skip


def _promises(clauses: list[Clause]) -> list[Clause]:
    return [each for each in clauses if Audience.SCHOOL in each.audiences and Audience.PARENTS not in each.audiences]


def _moment(at: datetime, timezone: str) -> str:
    local = at.astimezone(ZoneInfo(timezone))
    return f"{year.whole_day(local.date())}, {local:%H:%M}"


def _said(door: links.Door) -> list[paper.Said]:
    """What was answered, by the school's own clock."""
    return [paper.Said(each.who, each.answer, year.whole_day(each.signed_on)) for each in door.answers]


@bp.get("/declaration/<token>/copy")
@open_to_all
def household_copy(token: str) -> Page:
    """What was answered, for the household to keep."""
    return _behind(token, lambda: _copied(token))


def _copied(token: str) -> Page:
    door = links.door(token, now())
    if not door.answers:
        return redirect(url_for("declarations.household", token=token))
    pdf = paper.copy(subject(door.version), [child.given_name for child in door.household.children], _said(door))
    return Response(
        pdf, mimetype="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="declaration.pdf"', "Content-Security-Policy": "sandbox"},
    )  # fmt: skip
