"""The shelf of published reports: their PDFs, sealed in the school's store."""

from incidents.files.arriving import keep_bytes
from incidents.files.queries import store
from incidents.files.sealing import Opened, unwrap
from incidents.governors.models import ReportEdition
from incidents.schools.queries import school_key


def put_up(edition: ReportEdition, pdf: bytes) -> str:
    """Seal the PDF under a key of its own and remember where it lies; returns its SHA-256."""
    kept = keep_bytes(store(), pdf, school_key(), str(edition.id))
    edition.pdf_blob, edition.pdf_key = kept.blob, kept.wrapped_key
    return kept.sha256


def fetch(edition: ReportEdition) -> bytes | None:
    """The PDF as it was published; None if there is none (a draft, a recalled edition). A changed byte raises."""
    if edition.pdf_blob is None or edition.pdf_key is None:
        return None
    key = unwrap(edition.pdf_key, school_key(), str(edition.id))
    with Opened(store().read(edition.pdf_blob), key, edition.pdf_blob) as opened:
        return opened.read()


def take_down(edition: ReportEdition) -> None:
    """Forget the key, which makes the sealed bytes noise. The blob is nobody's from then on and is swept up later:
    taken away before the transaction ends, it would be lost even if the recall failed."""
    edition.pdf_blob, edition.pdf_key = None, None
