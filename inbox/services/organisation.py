"""Seeds the database from the profile, once: from then on the rows rule."""

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import organisation as rows
from models.profile import Profile
from models.tables import Topic, Unit


async def seed(session: AsyncSession, profile: Profile) -> None:
    """Add units and topics that the database does not know; those that it knows are left as they are."""
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
    await rows.add_missing(session, units=units, topics=topics)
