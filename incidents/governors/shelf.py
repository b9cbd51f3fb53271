"""The shelf of published reports: their PDFs, sealed in the school's store."""

from flask import current_app

from incidents.files.arriving import keep_bytes
from incidents.files.sealing import Opened, unwrap
from incidents.files.store import Store
from incidents.governors.models import ReportEdition
from incidents.schools.queries import school_key


def put_up(edition: ReportEdition, pdf: bytes) -> str:
    """Seal the PDF under a key of its own and remember where it lies; returns its SHA-256."""
    kept = keep_bytes(_store(), pdf, school_key(), str(edition.id))
    edition.pdf_blob, edition.pdf_key = kept.blob, kept.wrapped_key
    return kept.sha256


def fetch(edition: ReportEdition) -> bytes | None:
    """The PDF as it was published; None if there is none (a draft, a recalled edition). A changed byte raises."""
    if edition.pdf_blob is None or edition.pdf_key is None:
        return None
    key = unwrap(edition.pdf_key, school_key(), str(edition.id))
    with Opened(_store().read(edition.pdf_blob), key, edition.pdf_blob) as opened:
        return opened.read()


def take_down(edition: ReportEdition) -> None:
    """Forget the key: what lies in the store, and in every backup of it, can't be read again."""
    blob, edition.pdf_blob, edition.pdf_key = edition.pdf_blob, None, None
    if blob is not None:
        _store().destroy(blob)


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store
