"""Somebody who is signed in reads a policy and says so, or not now. A part of the views."""

from flask import flash, redirect, render_template, request, url_for

from incidents.access import Permission
from incidents.accounts.viewer import Viewer
from incidents.database import writing
from incidents.declarations import actions, asking
from incidents.declarations.forms import NothingForm
from incidents.declarations.pages import Answer as Page
from incidents.declarations.pages import bp, today
from incidents.declarations.wording import I_SAY
from incidents.policies.kinds import AUDIENCE_LABELS, FORCE_LABELS, Force
from incidents.policies.queries import clauses_of
from incidents.schools import year
from incidents.web import AT_SIGN_IN, inside, needs, now, viewer


@bp.route("/to-sign", methods=["GET", "POST"])
@needs(Permission.SIGN_IN_PAGES)
def to_sign() -> Page:
    """The oldest of what is asked. Nothing hangs on it: “Not now” goes on, and recording an incident never comes here."""
    onward = inside(request.args.get("next"))
    waiting = asking.to_sign(viewer())
    form = NothingForm()
    chosen = next((each for each in waiting if str(each.version.id) == request.form.get("version")), None)
    if form.validate_on_submit() and chosen:
        key = asking.own_key(viewer())
        assert key
        with writing():
            actions.sign_myself(chosen.version, chosen.audience, key, today(), by=viewer(), at=now())
        flash("Kept: you have read it.", "success")
        more = len(waiting) > 1
        return redirect(
            url_for("declarations.to_sign", next=onward) if more else onward or url_for("accounts.home"), 303
        )
    first = next(iter(waiting), None)
    clauses = clauses_of([first.version.id]) if first else []
    return render_template(
        "declarations/to_sign.html", form=form, first=first, more=len(waiting) - 1, year=year, says=I_SAY,
        mine=[each for each in clauses if first and first.audience in each.audiences],
        others=[each for each in clauses if first and first.audience not in each.audiences],
        audience=AUDIENCE_LABELS[first.audience] if first else "", onward=onward or url_for("accounts.home"),
        forces={each.value: words for each, words in FORCE_LABELS.items()}, audiences=AUDIENCE_LABELS, force=Force,
    )  # fmt: skip


def _asked_at_sign_in(who: Viewer) -> str | None:
    return url_for("declarations.to_sign") if asking.to_sign(who) else None


AT_SIGN_IN.append(_asked_at_sign_in)
