"""The school that recording is tested in, and one who records."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(app: Flask, clock: object) -> Cast:
    return make_cast(app)


@pytest.fixture
def teacher(cast: Cast) -> FlaskClient:
    return cast.client("teacher")
