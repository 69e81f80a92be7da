"""A message that its writer took back vanishes everywhere; a tombstone without content says that it was there."""

from datetime import datetime
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, erasure, quotations, search
from inbox.rules.quotations import without_quotations
from inbox.services.triage import SUMMARY_LENGTH
from models.tables import Message


async def erase(session: AsyncSession, message: Message, *, at: datetime) -> None:
    """Text, media and files, raw bytes, search index, old texts in the history, the application's summary and drafts.

    Where briefs, submissions, units' responses, notes or answers quote it, the quoted words go.

    A message that nobody has triaged yet will open nothing any more.
    """
    known = [message.text, *message.extra.get("earlier_texts", ())]
    message.text, message.permalink, message.extra = "", "", {}
    message.deleted_at, message.triaged_at, message.awaits_check = at, message.triaged_at or at, False
    session.add(message)
    await session.flush()
    await erasure.erase_place(session, message)
    known += await erasure.erase_attachments(session, message, at=at)
    known += await erasure.erase_history(session, message)
    await erasure.erase_quotations(session, message)
    await erasure.erase_reasons(session, message)
    await erasure.erase_bodies(session, message, secrets=set(known))
    if message.application_id:
        await _renew_application(session, message.application_id)
        cut = partial(without_quotations, taken_back=known)
        await quotations.cut_quotations(session, message.application_id, cut)


async def _renew_application(session: AsyncSession, application_id: int) -> None:
    """Summary and index from what is left; nothing left, no draft either."""
    application = await applications.application_for_change(session, application_id)
    assert application is not None
    left = await erasure.remaining_texts(session, application_id)
    application.summary = " ".join(" ".join(left).split())[:SUMMARY_LENGTH]
    application.version += 1
    session.add(application)
    await session.flush()
    if not left:
        await erasure.erase_drafts(session, application_id)
    await search.index_applications(session, [application_id])
