"""The office's pages: who is asked, the shares, a class ticked off at once, and the switches."""

import uuid
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Permission
from incidents.database import writing
from incidents.declarations import actions, asking, families, household_pages, printing, queries, shares, signing
from incidents.declarations.answers import STATE_LABELS, Given, State, share_of
from incidents.declarations.forms import AskForm, NothingForm, SheetForm, today_in
from incidents.declarations.lists import Line, in_order, total
from incidents.declarations.pages import Answer as Page
from incidents.declarations.pages import Group, Here, bp, group, group_args, here, today
from incidents.declarations.wording import class_words
from incidents.declarations.words import ANSWER_LABELS, ASKED, HOW_LABELS, Answer
from incidents.errors import Refused
from incidents.policies.kinds import AUDIENCE_LABELS, Audience
from incidents.policies.queries import latest, policies_with_drafts, policy
from incidents.schools import year
from incidents.web import RULES, Tab, needs, now, viewer

MORE_PAGES = (families, household_pages, printing, signing)  # their routes stand on the same blueprint


def _in_short(_me: object) -> str:
    """What stands of them on the page of the rules."""
    whom = [AUDIENCE_LABELS[each].lower() for each in queries.audiences_asked()]
    return f"Asked of: {', '.join(whom)}." if whom else "Nobody is asked to sign anything yet."


TABS = (
    Tab(66, "To sign", "declarations.to_sign", Permission.SIGN_IN_PAGES, asking.how_many, asking.waits, under=RULES,
        about="What you are asked to read and sign."),
    Tab(69, "Declarations", "declarations.overview", Permission.KEEP_DECLARATIONS, under=RULES,
        about="Who is asked to sign which policy, and who has.", says=_in_short),
)  # fmt: skip
MAY = Permission.KEEP_DECLARATIONS


@bp.get("/declarations")
@needs(MAY)
def overview() -> str:
    """Who is asked to sign what, and how far it has come."""
    asked, titles = queries.every_asked(), {each.id: each for each, _ in policies_with_drafts()}
    far, rows = shares.how_far(asked, today()), []
    for row in asked:
        version, share = far.get(row.id, (None, None))
        rows.append((row, titles[row.policy_id], version, AUDIENCE_LABELS[Audience(row.audience)], share))
    return render_template(
        "declarations/overview.html", rows=[each for each in rows if each[0].ends is None], year=year,
        earlier=[each for each in rows if each[0].ends is not None], policies=latest(),
    )  # fmt: skip


@bp.route("/declarations/new", methods=["GET", "POST"])
@needs(MAY)
def ask() -> Page:
    """Ask an audience to sign a policy, from a day on."""
    form = AskForm(starts=today())
    form.policy.offer([(str(each.policy_id), each.title) for each in latest()])
    form.audience.offer([(each.value, AUDIENCE_LABELS[each]) for each in ASKED])
    if form.validate_on_submit():
        try:
            with writing():
                asked_id = _asked(form)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("They are asked from that day on.", "success")
            return redirect(url_for("declarations.round", asked_id=asked_id))
    return render_template("declarations/ask.html", form=form), 422 if form.is_submitted() else 200


def _asked(form: AskForm) -> uuid.UUID:
    assert form.starts.data
    chosen, audience = policy(uuid.UUID(form.policy.data)), Audience(form.audience.data)
    return actions.ask(chosen, audience, form.starts.data, by=viewer(), at=now()).id


@bp.get("/declarations/<uuid:asked_id>")
@needs(MAY)
def round(asked_id: uuid.UUID) -> Page:
    """How far it has come: by class for parents, else the list of people; and what may be done."""
    where = here(asked_id)
    words = {
        "where": where, "year": year, "audience": AUDIENCE_LABELS[where.audience], "form": NothingForm(),
        "class_words": class_words, "group_args": group_args, "parents": where.audience is Audience.PARENTS,
    }  # fmt: skip
    if where.audience is Audience.PARENTS:
        classes = shares.by_class([where.version.id], where.today)[where.version.id]
        return render_template("declarations/round.html", shares=classes, share=total(classes), **words)
    lines = queries.lines(where.version.id, where.audience, where.today)
    return render_template(
        "declarations/round.html", lines=_shown(lines), share=share_of(each.state for each in lines), **words
    )


def _shown(lines: list[Line]) -> list[dict[str, object]]:
    """Each form of a list with its state in words, those without an answer first."""
    order = [State.OPEN, State.DECLINED, State.SIGNED]
    rows = sorted(lines, key=lambda line: order.index(line.state))
    return [
        {"line": line, "state": line.state, "says": "; ".join(_said(line, each) for each in line.own) or
         STATE_LABELS[line.state] + (" on another form" if line.state is not State.OPEN else "")}
        for line in rows
    ]  # fmt: skip


def _said(line: Line, given: Given) -> str:
    who = f": {given.who}" if given.who and line.household else ""
    return f"{ANSWER_LABELS[given.answer]} {year.short_day(given.signed_on)}, {HOW_LABELS[given.how]}{who}"


# --- a class at once


@bp.route("/declarations/<uuid:asked_id>/sheet", methods=["GET", "POST"])
@needs(MAY)
def sheet(asked_id: uuid.UUID) -> Page:
    """The forms of a class that came back, ticked off at once; then the next class, with the same date."""
    where, wanted = here(asked_id), group()
    lines = queries.lines(where.version.id, where.audience, where.today, wanted)
    form = SheetForm()
    today_in(form, _day_in("on"))
    form.offer(line for line in lines if line.is_open)
    if not form.is_submitted():
        form.answer.data = Answer.SIGNED.value
    if form.validate_on_submit():
        try:
            return _taken_in(where, wanted, form)
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "declarations/sheet.html", form=form, where=where, title=_title(where, wanted), group=wanted, year=year,
        rows=_shown([line for line in lines if not line.is_open]), group_args=group_args,
        next=_next(where, wanted), class_words=class_words,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _title(where: Here, wanted: Group | None) -> str:
    return class_words(wanted) if wanted else AUDIENCE_LABELS[where.audience]


def _day_in(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _next(where: Here, wanted: Group | None) -> Group | None:
    """The class after this one, for somebody with a box full of them."""
    later = (each for each in queries.classes_on(where.today) if wanted and in_order(each) > in_order(wanted))
    return next(later, None)


def _taken_in(where: Here, wanted: Group | None, form: SheetForm) -> Response:
    if not form.chosen:
        raise Refused("No form is chosen. Tick those that came back, or choose “All but those I tick”.", "lines")
    day = form.signed_on.data
    assert day
    entered = actions.Entered(Answer(form.answer.data), day)
    with writing():
        new = actions.take_in(
            where.version, where.audience, [uuid.UUID(key) for key in form.chosen], entered, where.today, by=viewer(),
            at=now(), group=wanted,
        )  # fmt: skip
    after = _next(where, wanted)
    flash(f"{new} kept for {_title(where, wanted)}: {entered.answer.value} {year.short_day(day)}."
          + (f" Now {class_words(after)}." if after else ""), "success")  # fmt: skip
    if wanted and after:
        return redirect(where.address("sheet", on=day.isoformat(), **group_args(after)), 303)
    return redirect(where.address("round"), 303)


# --- the switches


@bp.post("/declarations/<uuid:asked_id>/chasing")
@needs(MAY)
def chasing(asked_id: uuid.UUID) -> Response:
    """Turn reminders on or off."""
    on = request.form.get("then") == "on"
    with writing():
        actions.chase(queries.asked(asked_id), on, by=viewer(), at=now())
    flash("Reminders are on." if on else "Reminders are off.", "success")
    return redirect(url_for("declarations.round", asked_id=asked_id), 303)


@bp.route("/declarations/<uuid:asked_id>/stop", methods=["GET", "POST"])
@needs(MAY)
def stop(asked_id: uuid.UUID) -> Page:
    """Ask nobody any more; what was answered stays."""
    where, form = here(asked_id), NothingForm()
    if form.validate_on_submit():
        with writing():
            actions.stop_asking(queries.asked(asked_id), where.today, by=viewer(), at=now())
        flash("Nobody is asked any more.", "success")
        return redirect(url_for("declarations.overview"), 303)
    return render_template("declarations/stop.html", form=form, where=where, audience=AUDIENCE_LABELS[where.audience])
