"""Chance events by the hundred, each whole or not at all; ten thousand on each database by `make soak`."""

import os

from tests.lives import EVENTS, Lives

STEPS = int(os.environ.get("LIVES", "150"))
SEED = 20261123
SOON = {"the_head_triages", "a_step_is_done", "a_note_is_added"}  # even a short life has these


def test_incidents_and_cases_live_through_whatever_happens(cast, clock):
    lives = Lives(cast, clock, SEED)
    lives.live(STEPS)
    expected = {event.__name__ for event in EVENTS} if STEPS > 1000 else SOON
    never = expected - lives.counted.keys()
    assert not never, f"never happened: {never}"
    assert lives.refused > STEPS / 20, "hardly anything was refused: chance tries too little"
