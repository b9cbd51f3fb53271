"""The page “Law and words”: what the product knows of the school's nation, and what the school may put in its place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Permission
from incidents.database import writing
from incidents.errors import NotPossibleNow, Refused
from incidents.forms import Form
from incidents.schools import law_changes, queries
from incidents.schools.calendar import day_in_words
from incidents.schools.forms import NothingForm, PutBackForm, ValueForm
from incidents.schools.law import GROUP_LABELS, Group, Value, differences, values_of
from incidents.schools.models import PackChange
from incidents.schools.pack import Pack
from incidents.schools.statutes import TOPIC_LABELS, Statute, Statutes, Topic
from incidents.web import needs, now, viewer

bp = Blueprint("schools", __name__)
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Line:
    """One value as the page shows it; `own` is the school's change that stands, `day` when it was made."""

    value: Value
    own: PackChange | None
    day: str


@dataclass(frozen=True)
class Law:
    """One law with the lines by which it can be put right."""

    statute: Statute
    lines: Sequence[Line]


@bp.get("/school/law")
@needs(Permission.READ_LAW)
def law() -> str:
    """The whole pack, part by part; what no lawyer has confirmed says so."""
    school = queries.this_school()
    pack, laws = queries.pack_of(school), queries.statutes_of(school)
    lines = _lines(pack, laws)
    parts = [(GROUP_LABELS[group], [line for line in lines if line.value.group is group]) for group in Group]
    return render_template(
        "schools/law.html",
        pack=pack,
        parts=[(label, rows) for label, rows in parts[:-1] if rows],
        topics=_topics(laws.of_nation(pack.nation, pack.school_type), parts[-1][1]),
        open=sum(line.value.confirm for line in lines if line.value.group is not Group.STATUTES),
        open_laws=sum(law.confirm for law in laws.of_nation(pack.nation, pack.school_type)),
        newer=queries.newer_pack(school),
        may_change=viewer().may(Permission.MANAGE_SCHOOL),
    )


def in_short(_me: object) -> str:
    """What stands of it on the page of the rules."""
    school = queries.this_school()
    newer = " A newer version is here." if queries.newer_pack(school) else ""
    return f"{queries.pack_of(school).nation_name}.{newer}"


def _lines(pack: Pack, laws: Statutes) -> list[Line]:
    own: Mapping[str, PackChange] = {each.key: each for each in queries.pack_changes(queries.this_school())}
    made = []
    for value in values_of(pack, laws):
        change = own.get(value.path)
        stands = change if change is not None and change.says is not None else None
        made.append(Line(value, stands, _day(stands) if stands else ""))
    return made


def _day(change: PackChange) -> str:
    return f"{day_in_words(queries.calendar().local(change.at).date())} {change.at.year}"


def _topics(statutes: Sequence[Statute], lines: Sequence[Line]) -> list[tuple[str, list[Law]]]:
    by_law: dict[str, list[Line]] = {}
    for line in lines:
        by_law.setdefault(line.value.path.split(".")[1], []).append(line)
    topics = [(label, [Law(s, by_law[s.key]) for s in statutes if s.topic is topic]) for topic, label in _IN_ORDER]
    return [(label, laws) for label, laws in topics if laws]


_IN_ORDER: Sequence[tuple[Topic, str]] = tuple(TOPIC_LABELS.items())


@bp.route("/school/law/change", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def change_value() -> Answer:
    """The school's own words for one value; without one, the page to choose it on."""
    if "what" not in request.args:
        return redirect(url_for("schools.law"))
    value = law_changes.value_of(request.args.get("what", ""))
    form = ValueForm(choice=value.says, says=value.says)
    form.choice.offer([(choice, choice) for choice in value.choices])
    if value.choices:
        del form.says
    else:
        del form.choice
    typed = form.choice if value.choices else form.says
    return _ask(
        value, form, "Change what it says", "Keep this",
        lambda: law_changes.edit_value(value.path, typed.data or "", form.reason.data or "", by=viewer().account_id, at=now()),
    )  # fmt: skip


@bp.route("/school/law/put-back", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def put_back_value() -> Answer:
    """What the pack itself says, again."""
    if "what" not in request.args:
        return redirect(url_for("schools.law"))
    value = law_changes.value_of(request.args.get("what", ""))
    form = PutBackForm()
    return _ask(
        value, form, "Put it back as it came", "Put it back",
        lambda: law_changes.put_back_value(value.path, form.reason.data or "", by=viewer().account_id, at=now()),
    )  # fmt: skip


def _ask(value: Value, form: Form, heading: str, press: str, does: Callable[[], object]) -> Answer:
    if form.validate_on_submit():
        try:
            with writing():
                does()
        except Refused as refused:
            form.refuse(
                Refused(refused.message, "choice" if value.choices and refused.field == "says" else refused.field)
            )
        else:
            flash("It is changed. What was decided before keeps what it said.", "success")
            return redirect(url_for("schools.law"), 303)
    page = render_template("schools/law_value.html", value=value, form=form, heading_words=heading, press=press)
    return page, 422 if form.is_submitted() else 200


@bp.route("/school/law/version", methods=["GET", "POST"])
@needs(Permission.MANAGE_SCHOOL)
def take_up_version() -> Answer:
    """A newer version of the pack: what it changes, and taking it up. Where there is none, what stands."""
    school = queries.this_school()
    newer, form = queries.newer_pack(school), NothingForm()
    if newer is None:
        return redirect(url_for("schools.law"))
    if form.validate_on_submit():
        if request.form.get("version") != newer.version:
            raise NotPossibleNow("Another version came meanwhile. Look at what it changes first.")
        with writing():
            law_changes.take_up_version(newer.version, by=viewer().account_id, at=now())
        flash(f"Your school now uses version {newer.version}. Cases keep what they were decided under.", "success")
        return redirect(url_for("schools.law"), 303)
    pack = queries.pack_of(school)
    return render_template(
        "schools/law_version.html",
        pack=pack,
        newer=newer,
        form=form,
        changes=differences(pack, newer),
        labels=GROUP_LABELS,
    )
