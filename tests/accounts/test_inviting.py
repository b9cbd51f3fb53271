"""Inviting: the message goes after the account is kept, and nobody is invited twice."""

from incidents import clock as time
from incidents import mail
from incidents.accounts import roster
from incidents.database import writing
from incidents.errors import NotPossibleNow
from incidents.extensions import db
from incidents.people import actions as people
from incidents.people import merging
from incidents.people.models import Employed, Person
from tests.accounts.test_administration import NEW
from tests.cast import SEPTEMBER, Cast


def test_a_link_that_the_mail_server_does_not_take_leaves_an_account_to_send_a_new_one_to(cast: Cast, monkeypatch):
    def refuses(*_: object) -> None:
        raise NotPossibleNow(mail.NOT_HANDED_OVER)

    client = cast.client("administrator")
    monkeypatch.setattr(mail, "send_invitation", refuses)
    page = client.post("/accounts/new", data=NEW, follow_redirects=True)
    assert "could not be handed over" in page.text
    assert "Make a new link" in page.text


def test_somebody_with_two_entries_and_one_account_is_not_invited_again(cast: Cast):
    with cast.here():
        with writing():
            twin = people.add_person("Priya", "Raman-Shah", by=None, at=time.now())
            people.employ(twin, Employed.EMPLOYEE, "Reading", SEPTEMBER, by=None, at=time.now())
        invited = {each for each, _, _ in roster.people_to_invite(time.now().date())}
        assert twin.id in invited
        with writing():
            teacher = db.session.get_one(Person, (cast.school_id, cast.persons["teacher"]))
            merging.merge(db.session.get_one(Person, (cast.school_id, twin.id)), teacher, "", by=None, at=time.now())
        assert twin.id not in {each for each, _, _ in roster.people_to_invite(time.now().date())}
