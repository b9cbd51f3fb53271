"""How a request's files arrive: sealed chunk by chunk, so that an upload's plain bytes never touch the disk."""

from flask import Request as FlaskRequest


class Request(FlaskRequest):
    """Flask's request, with our own streams for files."""
