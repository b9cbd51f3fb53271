"""Incidents with real files in them, for the tests of evidence."""

import io

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from incidents import clock
from incidents.database import writing
from incidents.evidence import actions
from incidents.evidence.models import Evidence
from incidents.files.arriving import ArrivingFile
from incidents.files.decoding import Decoded, View
from incidents.files.intake import take
from incidents.files.models import File
from incidents.files.queries import store
from incidents.files.recognising import Kind
from incidents.matters.models import Matter
from tests.cast import Cast
from tests.files.file_samples import picture

PNG = picture("image/png")


class Upload:
    """A file of a form as the web gives it."""

    def __init__(self, data: bytes, filename: str = "chat.png", largest: int = 10_000_000) -> None:
        self.filename = filename
        self.stream = ArrivingFile(store(), largest)
        self.stream.write(data)
        self.stream.seek(0)


def decoded_at_once(file: object) -> Decoded:
    """In place of the child process, where a test is about something else."""
    return Decoded(Kind.PNG, (View("image/png", 60, 40, PNG),))


def add_file(cast: Cast, matter: Matter, who: str = "head", data: bytes = PNG) -> Evidence:
    """Inside `cast.here()`: one more file with the evidence of `matter`."""
    by, at, made = cast.viewer(who), clock.now(), []

    def attach(file: File) -> None:
        made.append(actions.attach(matter, file, by=by, at=at))

    take([Upload(data)], by=by, at=at, matter_id=matter.id, then=attach)
    return made[0]


def look(cast: Cast, evidence: Evidence, who: str) -> None:
    """`who` looks at the first page."""
    with cast.here(), writing():
        actions.look(evidence, 1, by=cast.viewer(who), at=clock.now())


def shelf_of(evidence: Evidence) -> str:
    """The address of the list that it stands in."""
    return f"/matters/{evidence.matter_id}/evidence"


def page_of(evidence: Evidence) -> str:
    """The address of one piece."""
    return f"/matters/{evidence.matter_id}/evidence/{evidence.id}"


def post_files(client: FlaskClient, address: str, *files: tuple[bytes, str]) -> TestResponse:
    """As the page's own form sends them."""
    return client.post(
        address,
        data={"then": "upload", "files": [(io.BytesIO(data), name) for data, name in files]},
        content_type="multipart/form-data",
    )
