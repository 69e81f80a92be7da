"""Files that people who work here put to an application."""

from datetime import datetime

from sqlmodel import SQLModel

from models.enums import AttachmentKind
from models.tables.columns import primary_key, reference, time, word


class StaffFile(SQLModel, table=True):
    """Of a unit's response, of a look on the spot, or of a reply that waits for approval.

    Of none of them: chosen for an answer that its writer has not sent yet.
    """

    __tablename__ = "staff_file"

    id: int | None = primary_key()
    application_id: int = reference("application.id")
    user_id: int = reference("user.id", index=False)
    response_id: int | None = reference("unit_response.id", optional=True)
    check_id: int | None = reference("field_check.id", optional=True)
    submission_id: int | None = reference("submission.id", optional=True)
    kind: AttachmentKind = word(AttachmentKind)
    mime_type: str
    file_name: str
    size: int
    sha256: str
    stored_as: str
    """Name in the `FileStore`."""
    thumbnail: str = ""
    """Name of a small copy in the `FileStore`."""
    latitude: float | None = None
    longitude: float | None = None
    """Where a picture says that it was taken."""
    created_at: datetime = time()
