"""Files that people of the desk choose for an answer: what is hidden in pictures taken out, checked, stored.

The files are stored between transactions of its own; must not be called inside one.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from inbox.rules.files import PICTURES, sniff
from inbox.services import answer_files
from inbox.services.answer_files import Upload
from models.channel_facts import SurfaceFacts
from models.db import Database
from models.errors import InputError, TransientError
from models.messages import OutboundFile
from models.ports import FileStore

Clean = Callable[[bytes], Awaitable[bytes | None]]
"""A picture without EXIF and the like; None where it is no picture after all. Raises TransientError."""
DAMAGED = "«{name}» eklenemez: resim bozuk ya da açılamayacak kadar büyük."
NOT_CHECKED = "«{name}» şu anda denetlenemedi; birazdan yineleyiniz."


async def store(
    database: Database,
    files: FileStore,
    uploads: Sequence[Upload],
    *,
    facts: SurfaceFacts | None,
    clean: Clean,
    now: datetime,
) -> tuple[OutboundFile, ...]:
    """Check and store them; `answer_files.attach` ties them to a text, else they vanish within an hour.

    Raises InputError, saying which file and why; then nothing is stored.
    """
    answer_files.accepted(uploads, facts)
    found = answer_files.accepted([await _cleaned(one, clean) for one in uploads], facts)
    async with database.write() as session:
        await answer_files.reserve(session, found, now=now)
    for file in found:
        await files.put(file.stored_as, file.data)
    return found


async def _cleaned(upload: Upload, clean: Clean) -> Upload:
    kind = sniff(upload.data)
    if kind is None or kind[0] not in PICTURES:
        return upload
    try:
        data = await clean(upload.data)
    except TransientError as error:
        raise InputError(NOT_CHECKED.format(name=upload.file_name)) from error
    if data is None:
        raise InputError(DAMAGED.format(name=upload.file_name))
    return replace(upload, data=data)
