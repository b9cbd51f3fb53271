"""What somebody types into the pages of a record, for the tests."""

import io
import re
import uuid

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.cast import Cast

WHAT = {
    "danger": "no",
    "words": "A poll went round.",
    "day": "other",
    "first": ["20", "11", "2026"],
    "time": "21:14",
    "control": "off_site",
}
WHO = {"platform": "WhatsApp", "method": "group_chat", "account_name": "Y6 no teachers"}
TOLD = {"told": "dsl", "how": "by phone at 21:32"}


def begun(client: FlaskClient, **changes: object) -> str:
    """A draft with its first page filled in; gives its address."""
    answer = client.post("/record", data={**WHAT, "draft": str(uuid.uuid4()), **changes})
    assert answer.status_code == 302, answer.text
    return answer.location.rsplit("/", 1)[0]


def finished(client: FlaskClient, cast: Cast, *people: tuple[str, str]) -> str:
    draft = begun(client)
    for person, part in people:
        client.post(f"{draft}/who", data={**WHO, "part": part, "then": f"add:{cast.persons[person]}"})
    client.post(f"{draft}/who", data=WHO)
    client.post(f"{draft}/evidence", data={"intimate": "no", "then": "answer"})
    client.post(f"{draft}/evidence", data={"then": "continue"})
    client.post(f"{draft}/told", data=TOLD)
    return draft


def errors_in(answer: TestResponse) -> list[str]:
    return re.findall(r'<li><a href="(#[^"]+)">', answer.text)


def picture(colour: tuple[int, int, int] = (0, 128, 128)) -> tuple[io.BytesIO, str]:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 60), colour).save(drawn, "PNG")
    drawn.seek(0)
    return drawn, "Screenshot.png"
