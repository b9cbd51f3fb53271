"""How a request's files arrive: sealed chunk by chunk, so that an upload's plain bytes never touch the disk."""

from typing import IO, Any, cast

from flask import Flask, current_app, g
from flask import Request as FlaskRequest

from config import Config
from incidents.files.arriving import ArrivingFile
from incidents.files.queries import store
from incidents.files.store import Store


class Request(FlaskRequest):
    """Flask's request, with our own streams for files. What no view kept is gone when the request ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: list[ArrivingFile] = []

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - Werkzeug's form
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        # Only who has signed in brings files: a stranger's are let go as they come, and never reach the disk.
        largest = current_app.config["SETTINGS"].largest_file if "viewer" in g else 0
        file = ArrivingFile(store(), largest)
        self.arriving.append(file)
        return cast(IO[bytes], file)

    def close(self) -> None:
        """Discard what arrived and was not kept, also when the form broke off in the middle."""
        super().close()
        for file in self.arriving:
            file.close()


def set_up_uploads(app: Flask, settings: Config) -> None:
    """Give the application its requests and its store."""
    app.request_class = Request
    app.extensions["store"] = Store(settings.data / "files")
