"""The database or the disk is away: said so, nothing acknowledged that was not stored, and well again without a restart."""

import errno

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from incidents import web
from incidents.extensions import db
from incidents.recording import keeping
from incidents.recording.models import Draft


def away(*arguments, **named):
    raise OperationalError("SELECT 1", {}, OSError("the database is away"))


def full(*arguments, **named):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("trouble", [away, full])
def test_a_page_says_so_and_the_next_request_is_served(cast, monkeypatch, trouble):
    client = cast.client("teacher")
    with monkeypatch.context() as patch:
        patch.setattr(web, "viewer_of", trouble)
        answer = client.get("/my-records")
    assert answer.status_code == 503
    assert "can’t store anything just now" in answer.text
    assert client.get("/my-records").status_code == 200


def test_the_shell_of_that_page_asks_the_database_nothing(cast, monkeypatch):
    client = cast.client("head")
    with monkeypatch.context() as patch:
        patch.setattr(web, "viewer_of", away)
        patch.setattr(db.session, "execute", away)
        assert client.get("/incidents").status_code == 503


@pytest.mark.parametrize("trouble", [away, full])
def test_what_was_not_stored_is_not_acknowledged(cast, monkeypatch, trouble):
    client = cast.client("teacher")
    page = client.get("/record")
    drafts = _count(cast)
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "record", trouble)
        answer = client.post("/record", data={"draft": "00000000-0000-4000-8000-000000000001", "then": "continue"})
    assert page.status_code == 200
    assert answer.status_code in (422, 503)
    assert _count(cast) == drafts


def _count(cast) -> int:
    with cast.here():
        return db.session.scalar(select(func.count()).select_from(Draft)) or 0


def test_an_error_of_the_disk_that_is_no_trouble_of_room_is_not_hidden(cast, monkeypatch):
    def broken(*arguments, **named):
        raise FileNotFoundError(errno.ENOENT, "a mistake of ours")

    client = cast.client("teacher")
    monkeypatch.setattr(web, "viewer_of", broken)
    with pytest.raises(FileNotFoundError):
        client.get("/my-records")
