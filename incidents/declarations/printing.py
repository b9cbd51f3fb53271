"""What is printed or handed on: forms, slips with links, and the list of links. A part of the views."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.access import Permission
from incidents.audit.actions import record
from incidents.database import writing
from incidents.declarations import links, mail_merge, paper, queries, shares
from incidents.declarations.forms import LinksForm
from incidents.declarations.lists import Line
from incidents.declarations.pages import Answer as Page
from incidents.declarations.pages import Group, Here, bp, group, group_args, here, subject
from incidents.declarations.wording import EITHER, ONE_IS_ENOUGH, SCHOOL_SAYS, class_words, of_class
from incidents.declarations.words import Answer
from incidents.errors import NotFound
from incidents.people.listing import Scheme
from incidents.policies.kinds import AUDIENCE_LABELS, Audience
from incidents.schools import year
from incidents.schools.queries import this_school
from incidents.web import needs, now, viewer

MAY = Permission.KEEP_DECLARATIONS
MOST = 600  # forms in one file: a school prints class by class


@bp.get("/declarations/<uuid:asked_id>/print")
@needs(MAY)
def print_forms(asked_id: uuid.UUID) -> Page:
    """The forms as a page to print: of a class, or of one household."""
    where = here(asked_id)
    return render_template(
        "declarations/print.html", where=where, subject=subject(where.version), pages=_pages(where), year=year,
        school=SCHOOL_SAYS,
        either=EITHER, enough=ONE_IS_ENOUGH, answers=(Answer.SIGNED, Answer.DECLINED),
        pdf=where.address("forms_pdf", **group_args(group()), **_key_args()),
    )  # fmt: skip


@bp.get("/declarations/<uuid:asked_id>/forms.pdf")
@needs(MAY)
def forms_pdf(asked_id: uuid.UUID) -> Response:
    """The same on paper: a page of A4 for each household."""
    where = here(asked_id)
    return _pdf(paper.forms(subject(where.version), _pages(where)), "forms")


def _key_args() -> dict[str, str]:
    """One household, as it stands in an address. Whatever else stands there is not handed on."""
    return {"key": request.args["key"]} if "key" in request.args else {}


def _pages(where: Here) -> list[paper.FormPage]:
    """The forms asked for in the address: of one household, or of a class without those that came back."""
    if where.audience is not Audience.PARENTS:
        raise NotFound
    wanted, key = group(), request.args.get("key")
    lines = queries.lines(where.version.id, where.audience, where.today, wanted)
    chosen = [line for line in lines if (str(line.key) == key if key else line.is_open)][:MOST]
    if not chosen and key:
        raise NotFound
    return [_form_page(line, wanted) for line in chosen]


def _form_page(line: Line, wanted: Group | None) -> paper.FormPage:
    assert line.household
    children = line.household.children
    return paper.FormPage(
        tuple(of_class(child) for child in children), class_words(wanted or children[0].group), line.household.room
    )


def _pdf(pdf: bytes, name: str) -> Response:
    return Response(
        pdf, mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"', "Content-Security-Policy": "sandbox"},
    )  # fmt: skip


# --- links


@bp.route("/declarations/<uuid:asked_id>/links", methods=["GET", "POST"])
@needs(MAY)
def give_links(asked_id: uuid.UUID) -> Page:
    """Links for households that have not answered: slips to print, or a list for the school's own messaging system.

    The codes are not kept, so that the file is made in the answer to this very press, and never again.
    """
    where, form = here(asked_id), LinksForm()
    if where.audience is not Audience.PARENTS or not where.is_current:
        raise NotFound
    groups = list(shares.by_class([where.version.id], where.today)[where.version.id])
    form.group.offer([(str(number), class_words(each)) for number, each in enumerate(groups)])
    if not form.is_submitted():
        form.days.data = "21"
    if form.validate_on_submit():
        wanted = groups[int(form.group.data)] if form.group.data else None
        lines = [each for each in queries.lines(where.version.id, where.audience, where.today, wanted) if each.is_open]
        if any(line.household and line.household.parents for line in lines):
            return _made(where, lines, int(form.days.data))
        form.group.errors = ["Nobody here is left whom we may send a link."]
    page = render_template(
        "declarations/links.html", form=form, where=where, audience=AUDIENCE_LABELS[where.audience]
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _made(where: Here, lines: Sequence[Line], days: int) -> Response:
    as_list = request.form.get("then") == "list"
    with writing():
        slips = links.make_links(
            where.version, [line.household for line in lines if line.household], days, by=viewer(), at=now()
        )
        record(
            "gave links",
            where.asked,
            by=viewer().account_id,
            at=now(),
            links=len(slips),
            how="list" if as_list else "slips",
        )
        about = subject(where.version)
        rows = _rows(slips) if as_list else []
        pages = [paper.SlipPage(_to(slip), _address(slip.code), _until(slip.ends_at)) for slip in slips]
    if as_list:
        return Response(
            mail_merge.as_csv(rows), mimetype="text/csv",
            headers={"Content-Disposition": 'attachment; filename="links.csv"'},
        )  # fmt: skip
    return _pdf(paper.slips(about, pages), "slips")


def _to(slip: links.Slip) -> str:
    return f"For the household of {', '.join(of_class(child) for child in slip.household.children)}"


def _address(code: str) -> str:
    """The address that the installation is known by, not the one that this request happened to come to."""
    return f"{current_app.config['SETTINGS'].address}{url_for('declarations.household', token=code)}"


def _until(at: datetime) -> str:
    local = at.astimezone(ZoneInfo(this_school().timezone))
    return f"{year.whole_day(local.date())}, {local:%H:%M}"


def _rows(slips: Sequence[links.Slip]) -> list[tuple[str, ...]]:
    """A line for each child and contact, by the codes that the school's records system knows them by."""
    people = {each.person_id for slip in slips for each in slip.household.children}
    people |= {each.person_id for slip in slips for each in slip.household.parents}
    pupils = links.codes_of(people, (Scheme.ADMISSION, Scheme.UPN))
    contacts = links.codes_of(people, (Scheme.CONTACT,))
    return [
        (pupils.get(child.person_id, ""), child.name, class_words(child.group), contacts.get(parent.person_id, ""),
         parent.name, _address(slip.code), _until(slip.ends_at))
        for slip in slips for child in slip.household.children for parent in slip.household.parents
    ]  # fmt: skip
