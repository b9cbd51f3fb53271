"""The pages and acts that are measured, as requests to the application in this process, and the floors beside them."""

import hashlib
import io
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, render_template
from flask.testing import FlaskClient
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import insert, select
from werkzeug.test import EnvironBuilder, run_wsgi_app

from incidents import clock
from incidents.access import Permission
from incidents.database import writing
from incidents.extensions import db
from incidents.files.decoding import Decoded, View
from incidents.files.recognising import Kind
from incidents.governors.actions import start_edition
from incidents.governors.models import ReportEdition
from incidents.governors.queries import figures_now, paper_of
from incidents.governors.report_pdf import render
from incidents.recording.models import Draft
from incidents.schools.models import Term
from incidents.web import needs
from tests.bench.measuring import BATCHES, Taken, measured
from tests.bench.rules import FORM, YEAR_GROUP
from tests.bench.school import SAID, Template
from tests.recording.typed import finished

FLOOR = "/bench/floor"
ROWS = 25
FEW = 4  # runs in a batch of what takes long
_BY_HAND = """{%% extends "base.html" %%}
{%% block title %%}By hand{%% endblock %%}
{%% block heading %%}<h1>By hand</h1>{%% endblock %%}
{%% block main %%}<ul class="ib-rows">%s</ul>{%% endblock %%}"""
_ROW = (
    '<li><span class="ib-meta">In a case</span><strong><a class="govuk-link" href="/incidents/1">Group chat, Year 6</a></strong>'
    '<span class="ib-meta">7K4M · recorded Friday 20 November, 19:40</span></li>\n'
)


@dataclass(frozen=True)
class Measure:
    """One line of the report: what was done, what it took, and the floor that it stands beside."""

    name: str
    taken: Taken
    floor: Taken


def add_floor(app: Flask) -> None:
    """A page of the same shell with rows written by hand; on the bench's application only."""
    page = app.jinja_env.from_string(_BY_HAND % (_ROW * ROWS))
    app.add_url_rule(FLOOR, "bench_floor", needs(Permission.WORK)(lambda: render_template(page)))


def asking(app: Flask, client: FlaskClient, address: str, **query: str) -> Callable[[], object]:
    """A request for one page, straight to the application: the test client's own work is left out."""
    cookie = client.get_cookie("incident-book")
    assert cookie
    environ = EnvironBuilder(
        address, query_string=query, headers={"Cookie": f"incident-book={cookie.value}"}
    ).get_environ()

    def ask() -> None:
        body, status, _ = run_wsgi_app(app.wsgi_app, environ.copy(), buffered=True)
        assert status.startswith("200"), (address, status)
        assert b"".join(body)

    return ask


def pages(app: Flask, at: Template) -> Iterator[Measure]:
    """The pages that are read all day, each beside the floor measured just before it."""
    head, dsl, teacher = (at.cast.client(who) for who in ("head", "dsl", "teacher"))
    word, name = SAID[0], at.pupil
    asked: list[tuple[str, FlaskClient, str, dict[str, str]]] = [
        ("Today, as the head", head, "/today", {}),
        ("Incidents, the newest 25", head, "/incidents", {}),
        ("Incidents, as the safeguarding lead", dsl, "/incidents", {}),
        ("Search: a pupil’s name", head, "/incidents", {"q": name}),
        ("Search: a first name that many have", head, "/incidents", {"q": name.split()[0]}),
        ("Search: a reference", head, "/incidents", {"q": at.reference}),
        ("Search: a word that most records have", head, "/incidents", {"q": word}),
        ("Search: a word that none has", head, "/incidents", {"q": "xylophone"}),
        ("Cases, open", head, "/cases", {}),
        ("Cases, closed", head, "/cases", {"state": "closed"}),
        ("A case", head, f"/cases/{at.live_case}", {}),
        ("An incident", head, f"/incidents/{at.live_incident}", {}),
        ("My records, as a teacher", teacher, "/my-records", {}),
        ("Deciding on it: triage", head, f"/incidents/{at.live_incident}/triage", {}),
        *_of_the_rules(at, head, teacher),
    ]
    for title, client, address, query in asked:
        floor = measured(app, asking(app, head, FLOOR))
        yield Measure(title, measured(app, asking(app, client, address, **query)), floor)


def _of_the_rules(
    at: Template, head: FlaskClient, teacher: FlaskClient
) -> list[tuple[str, FlaskClient, str, dict[str, str]]]:
    """What stands beside an incident: the school's policies, who has signed, the registers."""
    rules, a_class = at.rules, {"year": YEAR_GROUP, "form": FORM}
    return [
        ("Rules and laws of an incident", head, f"/incidents/{at.live_incident}/rules", {}),
        ("Policies", head, "/policies", {}),
        ("A policy", teacher, f"/policies/{rules.policy}", {}),
        ("Asked at sign-in: a policy to sign", teacher, "/to-sign", {}),
        ("Declarations", head, "/declarations", {}),
        ("Declarations: every class", head, f"/declarations/{rules.asked_parents}", {}),
        ("Declarations: the staff", head, f"/declarations/{rules.asked_staff}", {}),
        ("Declarations: the forms of a class", head, f"/declarations/{rules.asked_parents}/sheet", a_class),
        ("Registers", head, "/registers", {}),
        ("A register: the school’s accounts", head, "/registers/accounts", {}),
        ("May this go up?, with a class of 30", teacher, "/may-this-go-up", {"class": FORM}),
        ("Photo consent of a class of 30", teacher, "/photo-consent", {"class": FORM}),
    ]


def loaded(at: Template) -> dict[str, str]:
    """The pages that are asked for over and over on several connections, by their names."""
    return {
        "Today": "/today",
        "Incidents": "/incidents",
        "Search: a pupil’s name": f"/incidents?{urlencode({'q': at.pupil})}",
        "Cases, open": "/cases",
        "A case": f"/cases/{at.live_case}",
        "An incident": f"/incidents/{at.live_incident}",
    }


def sending(app: Flask, at: Template) -> Measure:
    """Pressing Send on the sheet: an incident with two people, its conflicts, notices and log, on disk when it is answered."""
    client, runs = at.cast.client("teacher"), 5
    drafts = iter(_drafts(at, client, (BATCHES + 1) * runs + 3))

    def send() -> None:
        answer = client.post(f"/record/{next(drafts)}/check")
        assert answer.status_code == 302, answer.text

    return Measure("Sending a record", measured(app, send, runs), measured(app, lambda: _synced(app, os.urandom(4096))))


def _drafts(at: Template, client: FlaskClient, count: int) -> list[uuid.UUID]:
    """Finished drafts, ready to be sent: one that was typed, and copies of it."""
    typed = uuid.UUID(finished(client, at.cast, ("isla", "target"), ("mason", "alleged")).rsplit("/", 1)[1])
    table: Any = Draft.__table__
    with at.cast.here(), writing(audited=False):
        row = db.session.execute(select(table).where(table.c.id == typed)).mappings().one()
        copies = [{**row, "id": uuid.uuid4()} for _ in range(count)]
        db.session.execute(insert(table), copies)
    return [copy["id"] for copy in copies]


def uploading(app: Flask, at: Template) -> Iterator[Measure]:
    """A screenshot of a megabyte into a draft, as the page's script sends it: as it is, and without the copy that a child
    process draws of it."""
    client, picture = at.cast.client("teacher"), screenshot()
    floor = measured(app, lambda: _kept(app, picture), FEW)
    drawn = Decoded(Kind.PNG, (View("image/png", 60, 40, _small()),))
    at_once = mock.patch("incidents.files.intake.decode", return_value=drawn)
    for title, way in (("Upload of 1 MB, whole", nullcontext()), ("The same without drawing a viewing copy", at_once)):
        draft = _drafts(at, client, 1)[0]

        def send(draft: uuid.UUID = draft) -> None:
            data = picture[:-12] + os.urandom(8) + picture[-12:]  # other bytes each time, or it would be the same file
            form = {"then": "upload", "files": (io.BytesIO(data), "Screenshot.png")}
            answer = client.post(f"/record/{draft}/evidence", data=form, headers={"X-Part": "files"})
            assert answer.status_code < 400, answer.text

        with way:
            yield Measure(title, measured(app, send, FEW), floor)


def screenshot(size: int = 1_000_000) -> bytes:
    """A phone's screenshot of about this size: flat areas, and noise as in a photograph."""
    image = Image.new("RGB", (1080, 2340), "white")
    image.paste(Image.frombytes("RGB", (1080, size // 3240), os.urandom(1080 * (size // 3240) * 3)), (0, 400))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _small() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    return out.getvalue()


def _kept(app: Flask, data: bytes) -> None:
    """The floor of an upload: hashed, encrypted, written and synced."""
    hashlib.sha256(data).digest()
    _synced(app, AESGCM(b"k" * 32).encrypt(os.urandom(12), data, None))


def _synced(app: Flask, data: bytes) -> None:
    path = Path(app.config["SETTINGS"].data) / "bench.part"
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def reporting(app: Flask, at: Template) -> Iterator[Measure]:
    """The figures of this term, and the report drawn as PDF, beside an empty document of as many pages."""
    with at.cast.here():
        head = at.cast.viewer("head")
        with writing():
            term = db.session.get_one(Term, (at.cast.school_id, at.term))
            edition_id = start_edition(term, by=head, at=clock.now()).id
        edition = db.session.get_one(ReportEdition, (at.cast.school_id, edition_id))
        paper = paper_of(edition, clock.now())
        sheets = render(paper).count(b"/Type /Page\n")
        nothing = measured(app, lambda: None)
        yield Measure("The figures of a term", measured(app, lambda: figures_now(edition, clock.now()), FEW), nothing)
        floor = measured(app, lambda: _empty(max(1, sheets)), FEW)
        yield Measure(f"The report as PDF, {sheets} pages", measured(app, lambda: render(paper), FEW), floor)


def _empty(sheets: int) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(sheets):
        canvas.showPage()
    canvas.save()
    return out.getvalue()
