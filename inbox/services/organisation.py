"""Seeds the database from the profile, once: from then on the rows rule."""

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import organisation as rows
from inbox.rules.receivers import receiver_of
from models.enums import UnitKind
from models.profile import UNKNOWN_DISTRICT_UNIT, Profile
from models.tables import Setting, Topic, Unit


async def seed(session: AsyncSession, profile: Profile) -> None:
    """Add units, topics and settings that the database does not know; those that it knows are left as they are."""
    units = [
        Unit(id=unit.id, name=unit.name, kind=unit.kind, position=position)
        for position, unit in enumerate(profile.units.values())
    ]
    topics = [
        Topic(
            id=topic.id,
            name=topic.name,
            unit=topic.unit,
            other_units=list(topic.other_units),
            confidential=topic.id in profile.confidential_topics,
            days=profile.topic_days.get(topic.id),
            position=position,
        )
        for position, topic in enumerate(profile.topics.values())
    ]
    units += _districts(profile, first_position=len(units))
    settings = [
        Setting(key=rows.APPROVAL_CHANNELS, value=list(profile.approval_channels)),
        Setting(key=rows.APPROVES_REPLIES, value=profile.approves_replies),
    ]
    await rows.add_missing(session, units=units, topics=topics, settings=settings)


def _districts(profile: Profile, *, first_position: int) -> list[Unit]:
    """Each district municipality as a receiver of its own."""
    return [
        Unit(
            id=receiver_of(UNKNOWN_DISTRICT_UNIT, district=name),
            name=f"{name} Belediyesi",
            short_name=name,
            kind=UnitKind.DISTRICT,
            position=first_position + position,
            parent=UNKNOWN_DISTRICT_UNIT,
            integrated=name in profile.integrated_districts,
        )
        for position, name in enumerate(profile.districts)
    ]
