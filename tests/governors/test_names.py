"""A report names nobody who is on record."""

import pytest

from incidents import clock
from incidents.database import writing
from incidents.governors.names import names_in
from incidents.governors.queries import names_known_to
from incidents.recording.actions import involve
from incidents.recording.answers import Named
from incidents.recording.words import Part
from tests.cast import Cast
from tests.triage.recorded import record

PEOPLE = [("Isla", "Fenwick"), ("Zoë", "Marsh"), ("Mary Ann", "Green"), ("Al", "Brook"), ("", "Okafor")]


@pytest.mark.parametrize(
    ("text", "full", "single"),
    [
        ("We met Isla Fenwick twice.", ("Isla Fenwick",), ()),
        ("FENWICK, ISLA was there.", ("FENWICK ISLA",), ()),
        ("isla fenwick’s mother came.", ("isla fenwick’s",), ()),
        ("We met Zoe Marsh.", ("Zoe Marsh",), ()),
        ("It began with Isla in Year 6.", (), ("Isla",)),
        ("Isla’s form was told.", (), ("Isla’s",)),
        ("Mr Okafor led the lessons.", (), ("Okafor",)),
        ("The Green family", (), ("Green",)),
        ("the green in front of the marsh", (), ()),
        ("Al came.", (), ()),
        ("Group chats worry us.", (), ()),
        ("", (), ()),
    ],
)
def test_names_are_found_as_people_type_them(text: str, full: tuple[str, ...], single: tuple[str, ...]) -> None:
    found = names_in(text, PEOPLE)
    assert (found.full, found.single) == (full, single)


def test_a_name_is_told_once() -> None:
    assert names_in("Isla, Isla and Isla", PEOPLE).single == ("Isla",)


def test_a_name_typed_in_what_is_hidden_from_the_writer_is_no_name_to_them(cast: Cast) -> None:
    """Else the head could ask a draft whether somebody had complained."""
    with cast.here():
        incident = record(cast, [(Part.ALLEGED, "head"), (Part.TARGET, "mother")], by="dsl")
        with writing():
            named = Named(Part.WITNESS, given_name="Zebedee", family_name="Quillfeather")
            involve(incident, named, by=cast.viewer("dsl"), at=clock.now())
        pair = ("Zebedee", "Quillfeather")
        assert pair not in names_known_to(cast.viewer("head"))
        assert pair in names_known_to(cast.viewer("case_manager"))
        assert {("Isla", "Fenwick"), ("Joanna", "Pettifer")} <= set(names_known_to(cast.viewer("head")))
