"""Who saw what: the trail of access to one matter, for the data protection officer."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request

from incidents.access import Permission
from incidents.accounts.roster import names_here
from incidents.audit.models import AuditEntry
from incidents.audit.queries import newest_acts_in
from incidents.database import writing
from incidents.errors import Refused
from incidents.matters import actions, queries, trail
from incidents.matters.forms import ReferenceForm
from incidents.matters.models import Matter
from incidents.web import Tab, needs, now, viewer

bp = Blueprint("matters", __name__)
TABS = (
    Tab(
        15,
        "Need to know",
        "matters.need_to_know",
        Permission.SIGN_IN_PAGES,
        queries.how_much_to_know,
        queries.knows_something,
    ),
    Tab(70, "Who saw what", "matters.who_saw_what", Permission.SEE_AUDIT),
)

PAGE = 25
NONE = "There is no incident or case with this reference here. Check it letter by letter."


@bp.get("/need-to-know")
@needs(Permission.SIGN_IN_PAGES)
def need_to_know() -> str:
    """What this person needs to know now, from whom and until when; of the case itself nothing."""
    known = queries.needed_to_know(viewer())
    return render_template("matters/need_to_know.html", known=known, names=names_here(each.by for each in known))


@bp.get("/who-saw-what")
@needs(Permission.SEE_AUDIT)
def who_saw_what() -> str | tuple[str, int]:
    """Who did what with one matter and when; each time it is asked, that is written down too."""
    form = ReferenceForm(request.args)
    if "reference" not in request.args:
        return render_template("matters/who_saw_what.html", form=form)
    if not form.validate():
        return render_template("matters/who_saw_what.html", form=form), 422
    matter, others = _asked_for(form.reference.data or "", request.args.get("year", type=int))
    if matter is None:
        form.refuse(Refused(NONE, "reference"))
        return render_template("matters/who_saw_what.html", form=form), 422
    before = request.args.get("before", type=int)
    entries = newest_acts_in(matter.id, PAGE + 1, before)
    return render_template(
        "matters/who_saw_what.html", form=form, matter=matter, others=others, rows=_rows(entries[:PAGE]), first=before is None,
        before=entries[PAGE - 1].seq if len(entries) > PAGE else None,
    )  # fmt: skip


def _asked_for(typed: str, year: int | None) -> tuple[Matter | None, list[int]]:
    """The matter, and other years in which the reference was used; written down in either case."""
    with writing():
        found = queries.matters_called(viewer(), typed)
        matter = next((each for each in found if year in (None, each.reference_year)), None)
        actions.ask_who_saw(matter, by=viewer(), at=now())
        return matter, [each.reference_year for each in found if each is not matter]


def _rows(entries: Sequence[AuditEntry]) -> list[dict[str, object]]:
    names = names_here(entry.actor_id for entry in entries)
    return [
        {
            "who": names.get(entry.actor_id, "") if entry.actor_id else "Incident Book itself",
            "what": trail.said(entry.verb, entry.kind),
            "at": entry.at,
        }
        for entry in entries
    ]
