"""Examples with pictures, from public posts alone, without names, numbers and addresses (ministry, 7ı; law 6698)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports.counts import What
from inbox.reports.document import Example
from inbox.reports.names import Names
from inbox.repositories import report_examples
from inbox.rules.masking import without_names
from models.personal_data import mask

MOST, MOST_OF_TOPIC = 6, 2
MOST_TOPICS = 12
"""Looked through for pictures."""
LONGEST = 240


async def of_topics(
    session: AsyncSession, topics: Sequence[str], *, since: datetime, until: datetime, names: Names
) -> list[Example]:
    """The newest of each topic, as far as there is room for them."""
    found: list[Example] = []
    for topic in topics[:MOST_TOPICS]:
        limit = min(MOST_OF_TOPIC, MOST - len(found))
        rows = await report_examples.of_topic(session, topic, since=since, until=until, limit=limit)
        found += _examples(rows, names)
        if len(found) == MOST:
            break
    return found


async def of_applications(session: AsyncSession, ids: Sequence[int], *, names: Names) -> list[Example]:
    return _examples(await report_examples.of_applications(session, ids, limit=MOST), names)


def _examples(rows: Iterable[Any], names: Names) -> list[Example]:
    return [
        Example(
            attachment_id=picture.id,
            picture=picture.thumbnail,
            text=without_names(mask(message.text), [name, handle])[:LONGEST],
            where=" · ".join(
                part
                for part in (
                    names.of(What.TOPIC, application.topic or ""),
                    ", ".join(place for place in (application.district, application.neighbourhood) if place),
                    names.of(What.CHANNEL, application.channel),
                )
                if part
            ),
        )
        for picture, message, application, name, handle in rows
    ]
