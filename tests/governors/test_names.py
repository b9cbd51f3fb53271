"""A report names nobody who is on record."""

import pytest

from incidents.governors.names import names_in

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
