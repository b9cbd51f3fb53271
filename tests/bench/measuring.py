"""Measuring one thing many times in this process: processor time, time on the clock, statements sent."""

import gc
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from tests.statements import statements

BATCHES = 5
LONGEST = 1.0  # seconds for a batch: what is slow is run less often


@dataclass(frozen=True)
class Taken:
    """What one run of something takes, in milliseconds: the median over batches. `statements` are those of one run."""

    cpu: float
    wall: float
    statements: int = 0


def measured(app: Flask, act: Callable[[], object], runs: int = 8) -> Taken:
    """Run it until it is warm, count its statements, then time batches of at most `runs`, with what its children take."""
    act()
    with statements(app) as sent:
        act()
    began = time.perf_counter()
    act()
    runs = max(1, min(runs, int(LONGEST / (time.perf_counter() - began))))
    gc.collect()
    found = []
    for _ in range(BATCHES):
        cpu, wall = _cpu(), time.perf_counter()
        for _ in range(runs):
            act()
        found.append(((_cpu() - cpu) / runs * 1000, (time.perf_counter() - wall) / runs * 1000))
    return Taken(statistics.median(each[0] for each in found), statistics.median(each[1] for each in found), len(sent))


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
