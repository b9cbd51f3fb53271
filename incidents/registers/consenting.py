"""Photo consent, the flag that only safeguarding leads know of, and the question whether something may go up."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Permission
from incidents.accounts.queries import names_of
from incidents.database import writing
from incidents.errors import NotFound, Refused
from incidents.people.queries import contacts_of
from incidents.registers import agreed, queries, saying
from incidents.registers.consent import ANSWER_LABELS, HOW_LABELS, Answer, How
from incidents.registers.forms import ChildForm, NamesRuleForm, RiskForm, SheetForm
from incidents.registers.kinds import CHANNEL_LABELS, Channel, EntryState
from incidents.registers.models import RegisterEntry
from incidents.registers.publishing import Child, Place, Verdict, may_go_up
from incidents.schools.queries import calendar
from incidents.schools.year import short_day
from incidents.web import needs, now, viewer

bp = Blueprint("registers", __name__)
Page = str | Response | tuple[str, int]
NOTHING = ""  # nothing is entered for this child
MOST_CHILDREN = 400


def today() -> date:
    """The day at the school."""
    day: date = calendar().local(now()).date()
    return day


def _class_asked(classes: Sequence[str], typed: str) -> str:
    return typed if typed in classes else ""


# --- may this go up?


@bp.route("/may-this-go-up", methods=["GET", "POST"])
@needs(Permission.MAY_GO_UP)
def may_this_go_up() -> Page:
    """An account, the children in a picture, with or without names: yes or no, and why. Nothing of it is kept."""
    day = today()
    accounts = queries.accounts_of_school(EntryState.APPROVED, EntryState.ENDED)
    account = _chosen_account(accounts)
    classes = agreed.classes(day)
    shown = _class_asked(
        classes, request.form.get("show") or request.form.get("class") or request.args.get("class", "")
    )
    ticked = agreed.pupils_known(_ids(request.form.getlist("child")), day)
    pupils = agreed.pupils_of(shown, day) if shown else []
    if request.form.get("then") == "whole":
        ticked = agreed.pupils_known({*(each.id for each in ticked), *(each.id for each in pupils)}, day)
    names = request.form.get("then") == "with names"
    asked = request.form.get("then") in ("without names", "with names")
    verdict = _verdict(account, ticked, names) if asked and account else None
    page = render_template(
        "registers/may_go_up.html", accounts=[(each, queries.account_title(each)) for each in accounts], account=account,
        classes=classes, shown=shown, pupils=pupils, ticked=ticked, in_class={each.id for each in pupils}, verdict=verdict,
        names=names, missing=asked and not account, never=agreed.never_with_names(day), may=viewer().may, Permission=Permission,
    )  # fmt: skip
    return page, 422 if asked and not account else 200


def _chosen_account(accounts: Sequence[RegisterEntry]) -> RegisterEntry | None:
    """The account that was chosen; where there is only one, that one."""
    open_now = [each for each in accounts if each.state == EntryState.APPROVED]
    typed = request.form.get("account") or (str(open_now[0].id) if len(open_now) == 1 else "")
    return next((each for each in accounts if str(each.id) == typed), None)


def _ids(typed: Sequence[str]) -> set[uuid.UUID]:
    found = set()
    for each in typed[:MOST_CHILDREN]:
        try:
            found.add(uuid.UUID(each))
        except ValueError:
            continue
    return found


def _verdict(account: RegisterEntry, children: Sequence[agreed.Pupil], names: bool) -> Verdict:
    day = today()
    held = agreed.effective_consent([each.id for each in children], Channel(account.facts["channel"]), day)
    place = Place(
        queries.account_title(account),
        queries.holds(account, day),
        account.state == EntryState.ENDED,
        account.review_on,
    )
    several = [Child(each.name, held[each.id]) for each in children]
    return may_go_up(place, several, names, agreed.never_with_names(day), day)


@bp.route("/may-this-go-up/names", methods=["GET", "POST"])
@needs(Permission.NAMES_RULE)
def names_rule() -> Page:
    """The head says whether a name ever stands beside a picture."""
    held = agreed.names_rule()
    form = NamesRuleForm(never=None if held is None else ("yes" if held.never else "no"))
    if form.validate_on_submit():
        with writing():
            saying.set_names_rule(form.never.data == "yes", by=viewer(), at=now())
        flash("It holds from now on.", "success")
        return redirect(url_for("registers.may_this_go_up"), 303)
    clause = agreed.names_clause(today())
    return render_template("registers/names_rule.html", form=form, clause=clause), 422 if form.is_submitted() else 200


# --- photo consent


@bp.get("/photo-consent")
@needs(Permission.MAY_GO_UP)
def consents() -> str:
    """A class, and the one answer that holds for each child and place today."""
    day = today()
    classes = agreed.classes(day)
    name = _class_asked(classes, request.args.get("class", ""))
    pupils = agreed.pupils_of(name, day) if name else []
    held = agreed.effective_everywhere([each.id for each in pupils], day)
    return render_template(
        "registers/consents.html", classes=classes, name=name, pupils=pupils, held=held, channels=CHANNEL_LABELS,
        words=EFFECTIVE_WORDS, may=viewer().may, Permission=Permission,
    )  # fmt: skip


EFFECTIVE_WORDS: Mapping[Answer, str] = {
    Answer.NO: "No consent",
    Answer.PICTURE: "Picture",
    Answer.NAME_TOO: "Picture and name",
}


@bp.route("/photo-consent/sheet", methods=["GET", "POST"])
@needs(Permission.KEEP_CONSENT)
def sheet() -> Page:
    """A whole class at once, from the forms that came back."""
    day = today()
    classes = agreed.classes(day)
    name = _class_asked(classes, request.values.get("class", ""))
    pupils = agreed.pupils_of(name, day) if name else []
    form = SheetForm(starts=day, how=How.FORM.value)
    chosen = {each.id: _answer(request.form.get(f"child-{each.id}", NOTHING)) for each in pupils}
    then = request.form.get("then", "")
    if then.startswith("all:"):
        chosen = dict.fromkeys(chosen, _answer(then.removeprefix("all:")))
    elif pupils and form.validate_on_submit():
        done = _keep_sheet(form, chosen, day)
        if done:
            flash(done, "success")
            return redirect(f"{url_for('registers.consents')}?{urlencode({'class': name})}", 303)
    page = render_template("registers/sheet.html", form=form, classes=classes, name=name, pupils=pupils, chosen=chosen,
                           answers=[(NOTHING, "–"), *((each.value, words) for each, words in ANSWER_LABELS.items())])  # fmt: skip
    return page, 422 if form.is_submitted() and not then.startswith("all:") else 200


def _answer(typed: str) -> str:
    return typed if typed in set(Answer) else NOTHING


def _keep_sheet(form: SheetForm, chosen: Mapping[uuid.UUID, str], day: date) -> str:
    lines = [
        saying.Line(child, Channel(channel), Answer(answer))
        for child, answer in chosen.items()
        if answer
        for channel in form.channels.data or ()
    ]
    source = saying.Source(form.starts.data or day, form.until.data, None, How(form.how.data))
    try:
        with writing():
            saying.say(lines, source, by=viewer(), at=now(), today=day)
    except Refused as refused:
        form.refuse(refused)
        return ""
    children = sum(bool(answer) for answer in chosen.values())
    return f"The answers for {'one child' if children == 1 else f'{children} children'} are kept."


@bp.route("/photo-consent/<uuid:child_id>", methods=["GET", "POST"])
@needs(Permission.MAY_GO_UP)
def child(child_id: uuid.UUID) -> Page:
    """One child: what holds today, and a new answer. Anybody on the staff may take a consent away, at once."""
    day, keeps = today(), viewer().may(Permission.KEEP_CONSENT)
    found = agreed.pupil(child_id, day)
    parents = [each for each in contacts_of(child_id, day) if each.parental_responsibility]
    form = ChildForm(starts=day)
    form.said_by.offer([*((str(each.person_id), f"{each.name}, {each.relation}") for each in parents),
                        (str(child_id), "The pupil")])  # fmt: skip
    if not keeps:
        form.answer.offer([(Answer.NO.value, "No, from now on")])
    if form.validate_on_submit():
        try:
            with writing():
                source = saying.Source(form.starts.data or day, form.until.data,
                                       uuid.UUID(form.said_by.data) if form.said_by.data else None,
                                       How(form.how.data), form.words.data or "")  # fmt: skip
                lines = [
                    saying.Line(child_id, Channel(each), Answer(form.answer.data)) for each in form.channels.data or ()
                ]
                saying.say(lines, source, by=viewer(), at=now(), today=day)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("The answer is kept.", "success")
            return redirect(url_for("registers.child", child_id=child_id), 303)
    page = render_template(
        "registers/child.html", child=found, form=form, held=agreed.effective_everywhere([child_id], day)[child_id],
        channels=CHANNEL_LABELS, words=EFFECTIVE_WORDS, keeps=keeps, behind=agreed.may_know_risk(viewer(), child_id),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


# --- what only safeguarding leads know


@bp.get("/contact-risk")
@needs(Permission.CONTACT_RISK)
def risks() -> str:
    """The pupils whom it would endanger to be found."""
    return render_template("registers/risks.html", children=agreed.children_at_risk(viewer(), today()))


@bp.route("/contact-risk/<uuid:child_id>", methods=["GET", "POST"])
@needs(Permission.CONTACT_RISK)
def risk(child_id: uuid.UUID) -> Page:
    """The answers behind a child's consent, and the flag."""
    found = agreed.pupil(child_id, today())
    if not agreed.may_know_risk(viewer(), child_id):
        raise NotFound
    said = agreed.risks_of(child_id)
    flagged, form = bool(said and said[0].flagged), RiskForm()
    if form.validate_on_submit():
        try:
            with writing():
                saying.flag(child_id, not flagged, form.words.data or "", by=viewer(), at=now(), today=today())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("The flag is lifted." if flagged else "The flag is raised. Nobody else is told.", "success")
            return redirect(url_for("registers.risk", child_id=child_id), 303)
    answers = agreed.answers_of(child_id)
    page = render_template(
        "registers/risk.html", child=found, form=form, flagged=flagged, said=said, answers=answers, words=ANSWER_LABELS,
        channels=CHANNEL_LABELS, hows=HOW_LABELS, short_day=short_day,
        names=names_of([*(each.by for each in said), *(each.by for each in answers)]),
        sayers=queries.names_of_persons(each.said_by for each in answers),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200
