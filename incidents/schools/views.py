"""The school's page: its day, its year, the numbers to ring and who is on duty."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Permission
from incidents.database import writing
from incidents.errors import Refused
from incidents.forms import Form
from incidents.schools import actions, months, queries, year
from incidents.schools.calendar import ClosureKind
from incidents.schools.forms import NUMBER_KINDS, ClosureForm, DayForm, DutyForm, NothingForm, NumberForm, TermForm
from incidents.schools.law_pages import bp, in_short
from incidents.schools.models import Closure, NumberKind, SafetyNumber, Term
from incidents.shell import on_call
from incidents.web import RULES, Tab, needs, now, viewer

TABS = (
    Tab(50, "School", "schools.school", Permission.MANAGE_SCHOOL),
    Tab(71, "Law and words", "schools.law", Permission.READ_LAW, under=RULES, says=in_short,
        about="What the school goes by: laws that may be relevant, days, numbers and words of its nation."),
)  # fmt: skip

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Asked:
    """A page that asks one thing: its heading, what stands before the button, the button, and what is said when done."""

    heading: str
    press: str
    done: str
    says: tuple[str, ...] = ()
    kind: str = "main"


def _ask(asked: Asked, form: Form, does: Callable[[], object]) -> Answer:
    """Ask; do it in one transaction; or show again what was typed, with what is wrong by its field."""
    if form.validate_on_submit():
        try:
            with writing():
                does()
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(asked.done, "success")
            return redirect(url_for("schools.school"))
    return render_template("schools/ask.html", form=form, asked=asked), 422 if form.is_submitted() else 200


def _today() -> date:
    day: date = queries.calendar().local(now()).date()
    return day


def _by() -> uuid.UUID:
    return viewer().account_id


@bp.get("/school")
@needs(Permission.MANAGE_SCHOOL)
def school() -> str:
    """What the school has entered about itself, and what is missing."""
    today, here, words = _today(), queries.this_school(), _number_words()
    numbers = [(words[NumberKind(each.kind)], each) for each in queries.numbers()]
    missing = year.gaps(queries.calendar(), today) + [
        f"No number for: {label}." for kind, label in words.items() if all(kind != each.kind for _, each in numbers)
    ]
    parts = queries.year_parts()
    return render_template(
        "schools/school.html", school=here, pack=queries.pack_of(here), missing=missing, numbers=numbers, year=year,
        newer_pack=queries.newer_pack(here),
        earlier=[part for part in parts if part.term and part.term.ends < today],
        parts=[part for part in parts if not part.term or part.term.ends >= today],
        labels={kind.value: label for kind, label in year.CLOSURE_LABELS.items()},
        duty=next(iter(on_call(viewer()).values()), None), **_months(today),
    )  # fmt: skip


def _months(today: date) -> dict[str, object]:
    """The year of a school day, as months: the one that is now, or another that was asked for."""
    this, typed = year.august_before(today), request.args.get("from", "")
    asked = int(typed) if re.fullmatch("[0-9]{4}", typed) else this.year
    first = date(asked, year.AUGUST, 1) if year.can_be_shown(asked, today) else this
    names = queries.pack_of(queries.this_school()).bank_holiday_names([first.year, first.year + 1])
    return {"months": months.months(queries.calendar(), first, names), "marks": months.MARKS.values(), "today": today,
            "first_year": first.year, "can_be_shown": year.can_be_shown}  # fmt: skip


def _number_words() -> dict[NumberKind, str]:
    """What each number is called in this nation."""
    pack = queries.pack_of(queries.this_school())
    words = (pack.term("lado"), pack.term("social_care"), "whoever takes a case when nobody in school may")
    return {kind: label[:1].upper() + label[1:] for kind, label in zip(NUMBER_KINDS, words, strict=True)}


@bp.route("/school/day", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def day() -> Answer:
    """When school starts and ends."""
    here = queries.this_school()
    form = DayForm(day_starts=f"{here.day_starts:%H:%M}", day_ends=f"{here.day_ends:%H:%M}")
    asked = Asked("Change the school day", "Keep these times", "The school day is changed.",
                  ("What was decided before stays as it is.",
                   "From now on these times say whether something happened in school hours."))  # fmt: skip
    return _ask(asked, form, lambda: actions.change_day(*form.answer(), by=_by(), at=now()))


@bp.route("/school/terms/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def add_term() -> Answer:
    """One more term."""
    form = TermForm()
    return _ask(
        Asked("Add a term", "Add this term", "The term is added."), form,
        lambda: actions.add_term(*form.answer(), by=_by(), at=now()),
    )  # fmt: skip


@bp.route("/school/terms/<uuid:term_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def change_term(term_id: uuid.UUID) -> Answer:
    """Put a term's name or dates right."""
    term = queries.entry(Term, term_id)
    form = TermForm(name=term.name, starts=term.starts, ends=term.ends)
    asked = Asked("Change a term", "Keep these dates", "The term is changed.",
                  ("Deadlines in school days move with it, and each says why. Those that a person set stay.",
                   "A report that is published stays as it is.",))  # fmt: skip
    return _ask(
        asked, form,
        lambda: actions.change_term(
            queries.entry(Term, term_id), *form.answer(), by=_by(), at=now()
        ),
    )  # fmt: skip


@bp.route("/school/terms/<uuid:term_id>/remove", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def remove_term(term_id: uuid.UUID) -> Answer:
    """Take back a term that was entered by mistake."""
    term = queries.entry(Term, term_id)
    asked = Asked("Take away a term", "Take it away", "The term is taken away.",
                  (f"{term.name}, {year.span(term.starts, term.ends)}.",
                   "After this nobody can count school days in it. The log keeps that you took it away."), "warning")  # fmt: skip
    return _ask(asked, NothingForm(), lambda: actions.remove_term(queries.entry(Term, term_id), by=_by(), at=now()))


@bp.route("/school/closures/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def add_closure() -> Answer:
    """Days without pupils."""
    form = ClosureForm()
    asked = Asked("Add days without pupils", "Add these days", "The days are added.",
                  ("Bank holidays are known already. Deadlines in school days move, and each says why.",
                   "Add half-terms, training days, and days when school had to close."))  # fmt: skip
    return _ask(asked, form, lambda: actions.add_closure(*form.answer(), by=_by(), at=now()))


@bp.route("/school/closures/<uuid:closure_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def change_closure(closure_id: uuid.UUID) -> Answer:
    """Put closed days right."""
    shut = queries.entry(Closure, closure_id)
    form = ClosureForm(kind=shut.kind, name=shut.name, starts=shut.starts, ends=shut.ends)
    asked = Asked("Change days without pupils", "Keep these days", "The days are changed.",
                  ("Deadlines in school days move with them, and each says why.",))  # fmt: skip
    return _ask(
        asked, form,
        lambda: actions.change_closure(
            queries.entry(Closure, closure_id), *form.answer(), by=_by(), at=now()
        ),
    )  # fmt: skip


@bp.route("/school/closures/<uuid:closure_id>/remove", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def remove_closure(closure_id: uuid.UUID) -> Answer:
    """Take back closed days that were entered by mistake."""
    shut = queries.entry(Closure, closure_id)
    called = f" ({shut.name})" if shut.name else ""
    asked = Asked("Take away days without pupils", "Take them away", "The days are taken away.",
                  (f"{year.CLOSURE_LABELS[ClosureKind(shut.kind)]}{called}, {year.span(shut.starts, shut.ends)}.",
                   "After this they count as school days. The log keeps that you took them away."), "warning")  # fmt: skip
    return _ask(
        asked, NothingForm(), lambda: actions.remove_closure(queries.entry(Closure, closure_id), by=_by(), at=now())
    )


@bp.route("/school/numbers/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def add_number() -> Answer:
    """One more number to ring."""
    form = _number_form()
    asked = Asked("Add a number to ring", "Add this number", "The number is added.",
                  ("Every page about an incident shows it.",
                   "The police’s numbers, and those of the safeguarding leads, are there by themselves."))  # fmt: skip
    return _ask(asked, form, lambda: actions.add_number(*form.answer(), by=_by(), at=now()))


def _number_form(**known: str) -> NumberForm:
    form = NumberForm(**known)
    form.kind.offer([(kind.value, label) for kind, label in _number_words().items()])
    return form


@bp.route("/school/numbers/<uuid:number_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def change_number(number_id: uuid.UUID) -> Answer:
    """Put a number right."""
    number = queries.entry(SafetyNumber, number_id)
    form = _number_form(kind=number.kind, who=number.who, phone=number.phone)
    return _ask(
        Asked("Change a number to ring", "Keep this number", "The number is changed."), form,
        lambda: actions.change_number(
            queries.entry(SafetyNumber, number_id), *form.answer(), by=_by(), at=now()
        ),
    )  # fmt: skip


@bp.route("/school/numbers/<uuid:number_id>/remove", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def remove_number(number_id: uuid.UUID) -> Answer:
    """Take a number off every page."""
    number = queries.entry(SafetyNumber, number_id)
    asked = Asked("Take away a number to ring", "Take it away", "The number is taken away.",
                  (f"{_number_words().get(NumberKind(number.kind), 'Number')}: {number.phone}.",
                   "After this no page shows it. The log keeps that you took it away."), "warning")  # fmt: skip
    return _ask(
        asked, NothingForm(), lambda: actions.remove_number(queries.entry(SafetyNumber, number_id), by=_by(), at=now())
    )


@bp.route("/school/on-duty", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def on_duty() -> Answer:
    """Say which safeguarding lead or deputy is rung now."""
    ready = on_call(viewer())
    here = queries.this_school().on_duty_id
    form = DutyForm(account=str(here) if here in ready else None)
    form.account.offer([
        (str(account_id), each.name, f"{each.role}, {each.phone or 'no number yet'}") for account_id, each in ready.items()
    ])  # fmt: skip
    asked = Asked("Who is on duty", "Keep", "Every page about an incident now says who is on duty.",
                  ("Their name and number stand at the top of every page about an incident until you change it.",
                   *(() if ready else ("Nobody can be on duty yet. Give somebody the role under Accounts.",))))  # fmt: skip
    return _ask(asked, form, lambda: actions.put_on_duty(uuid.UUID(form.account.data), by=_by(), at=now()))
