"""What the codes in a report are called: by the organisation's rows and the profile's texts."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports.counts import What
from inbox.repositories import accounts, organisation
from models.profile import Profile

NO_NAME = "Belirtilmemiş"
TONES = {"positive": "Olumlu", "neutral": "Nötr", "negative": "Olumsuz", "abusive": "Hakaret içeren"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """`words` by section, then by code. An unknown code is shown as it is."""

    organisation: str
    words: Mapping[str, Mapping[str, str]]

    def of(self, what: str, code: str) -> str:
        if what == What.PLACE:
            return ", ".join(part for part in reversed(code.split("|")) if part)
        return self.words.get(what, {}).get(code, code) or NO_NAME


async def read_names(session: AsyncSession, profile: Profile) -> Names:
    """Names as they are now: topics, units and accounts as the administrator calls them."""
    titles = profile.texts["channels"]
    known = await accounts.all_accounts(session)
    return Names(
        organisation=profile.name,
        words={
            What.CHANNEL: titles,
            What.KIND: profile.texts["kinds"],
            What.TOPIC: {topic.id: topic.name for topic in await organisation.all_topics(session)},
            What.UNIT: {unit.id: unit.name for unit in await organisation.all_units(session)},
            What.ACCOUNT: {
                "": "Elle kaydedilen",
                **{str(one.id): f"{titles.get(one.channel, one.channel)} · {one.name}" for one in known},
            },
            What.URGENCY: profile.texts["urgencies"],
            What.OUTCOME: {**profile.texts["outcomes"], "": "Yönlendirme ya da işlem gerektirmeme"},
            What.TONE: TONES,
        },
    )
