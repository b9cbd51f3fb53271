"""The school's own document of a policy: taken in like every file, sealed, and handed out as a download."""

import uuid
from datetime import datetime

from incidents.accounts.viewer import Viewer
from incidents.database import current_school
from incidents.errors import NotPossibleNow, Refused
from incidents.files.arriving import ArrivingFile
from incidents.files.decoding import decode
from incidents.files.naming import kept_name
from incidents.files.queries import opened
from incidents.files.sealing import SealBroken
from incidents.files.store import StoreUnavailable
from incidents.policies.models import PolicyDocument
from incidents.schools.queries import school_key


def lay_up(
    arriving: ArrivingFile, name: str | None, policy_id: uuid.UUID, *, by: Viewer, at: datetime
) -> PolicyDocument:  # fmt: skip
    """Open it safely, then seal it for good. Slow, so outside the transaction. Raises `Refused` in words.

    What is kept and gets no row is nobody's, and swept up by the check of the files.
    """
    document_id = uuid.uuid4()
    try:
        arriving.check()
        decoded = decode(arriving)
        kept = arriving.keep(school_key(), str(document_id))
    except StoreUnavailable as error:
        raise Refused(error.message, "document") from error
    except SealBroken as error:
        raise Refused(StoreUnavailable.message, "document") from error
    except Refused as refused:
        raise Refused(refused.message, "document") from refused
    finally:
        arriving.discard()
    return PolicyDocument(
        school_id=current_school(), id=document_id, policy_id=policy_id, name=kept_name(name), media_type=decoded.kind.value,
        size=kept.size, sha256=kept.sha256, blob=kept.blob, wrapped_key=kept.wrapped_key, added_by=by.account_id, added_at=at,
    )  # fmt: skip


def read(document: PolicyDocument) -> bytes:
    """The bytes as they came. Raises `NotPossibleNow` if they can't be read."""
    try:
        with opened(document) as plain:
            return plain.read()
    except (SealBroken, StoreUnavailable) as error:
        raise NotPossibleNow(StoreUnavailable.cannot_be_read) from error
