"""What the codes in a report are called: by the organisation's rows and the profile's texts."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import organisation
from models.profile import Profile

NO_NAME = "Belirtilmemiş"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """`words` by grouping (channel, kind, topic, unit), then by code. An unknown code is shown as it is."""

    organisation: str
    words: Mapping[str, Mapping[str, str]]

    def of(self, grouping: str, code: str) -> str:
        return self.words.get(grouping, {}).get(code, code) or NO_NAME


async def read_names(session: AsyncSession, profile: Profile) -> Names:
    """Names as they are now: topics and units as the administrator calls them."""
    return Names(
        organisation=profile.name,
        words={
            "channel": profile.texts["channels"],
            "kind": profile.texts["kinds"],
            "topic": {topic.id: topic.name for topic in await organisation.all_topics(session)},
            "unit": {unit.id: unit.name for unit in await organisation.all_units(session)},
        },
    )
