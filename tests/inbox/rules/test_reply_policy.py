"""May I write, until when, in which way: every window and every obstacle."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inbox.rules.reply_policy import (
    OBSTACLE_WORDS,
    Obstacle,
    Standing,
    Verdict,
    Way,
    private_reply_verdict,
    reply_verdict,
)
from models.channel_facts import SurfaceFacts
from models.enums import Surface

HEARD = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY, WEEK = timedelta(hours=24), timedelta(days=7)
FREE = SurfaceFacts(limit=100, measure=len)
META = SurfaceFacts(limit=100, measure=len, reply_window=DAY, human_window=WEEK)
WHATSAPP = SurfaceFacts(limit=100, measure=len, reply_window=DAY, templates=True)
COMMENT = SurfaceFacts(limit=100, measure=len, private_reply_window=WEEK)
SECOND = timedelta(seconds=1)


def standing(facts: SurfaceFacts | None, **changes: object) -> Standing:
    return replace(Standing(surface=Surface.DIRECT, facts=facts, last_inbound_at=HEARD), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "by_human", "after", "way", "obstacle"),
    [
        (FREE, False, timedelta(days=900), Way.REPLY, None),
        (None, False, timedelta(days=900), Way.REPLY, None),
        (META, False, DAY - SECOND, Way.REPLY, None),
        (META, False, DAY, None, Obstacle.WINDOW_OVER),
        (META, True, DAY - SECOND, Way.REPLY, None),
        (META, True, DAY, Way.HUMAN_AGENT, None),
        (META, True, WEEK - SECOND, Way.HUMAN_AGENT, None),
        (META, True, WEEK, None, Obstacle.WINDOW_OVER),
        (WHATSAPP, True, DAY - SECOND, Way.REPLY, None),
        (WHATSAPP, True, DAY, Way.TEMPLATE, None),
        (WHATSAPP, False, DAY, None, Obstacle.WINDOW_OVER),
    ],
)
def test_windows(
    facts: SurfaceFacts | None, by_human: bool, after: timedelta, way: Way | None, obstacle: Obstacle | None
) -> None:
    verdict = reply_verdict(standing(facts), by_human=by_human, now=HEARD + after)
    assert (verdict.way, verdict.obstacle) == (way, obstacle)
    assert verdict.allowed is (way is not None)


@pytest.mark.parametrize(
    ("facts", "by_human", "until"),
    [(FREE, True, None), (META, False, HEARD + DAY), (META, True, HEARD + WEEK), (WHATSAPP, True, HEARD + DAY)],
)
def test_until_when(facts: SurfaceFacts, by_human: bool, until: datetime | None) -> None:
    assert reply_verdict(standing(facts), by_human=by_human, now=HEARD).until == until


@pytest.mark.parametrize(
    ("changes", "by_human", "obstacle"),
    [
        ({"listen_only": True}, True, Obstacle.LISTENS_ONLY),
        ({"bots_enabled": False}, False, Obstacle.BOTS_OFF),
        ({"blocked": True}, True, Obstacle.BLOCKED),
        ({"unreachable_at": HEARD}, True, Obstacle.UNREACHABLE),
        ({"replyable": False}, True, Obstacle.NOT_REPLYABLE),
        ({"last_inbound_at": None}, True, Obstacle.NEVER_HEARD),
    ],
)
def test_obstacles(changes: dict[str, object], by_human: bool, obstacle: Obstacle) -> None:
    verdict = reply_verdict(standing(META, **changes), by_human=by_human, now=HEARD)
    assert verdict == Verdict(way=None, obstacle=obstacle)


def test_the_bots_switch_does_not_bind_people() -> None:
    assert reply_verdict(standing(META, bots_enabled=False), by_human=True, now=HEARD).way is Way.REPLY


def test_somebody_who_writes_again_can_be_reached_again() -> None:
    assert reply_verdict(standing(META, unreachable_at=HEARD - SECOND), by_human=False, now=HEARD).way is Way.REPLY


@pytest.mark.parametrize(
    ("facts", "changes", "after", "way", "obstacle"),
    [
        (COMMENT, {}, timedelta(), Way.PRIVATE_REPLY, None),
        (COMMENT, {}, WEEK - SECOND, Way.PRIVATE_REPLY, None),
        (COMMENT, {}, WEEK, None, Obstacle.WINDOW_OVER),
        (COMMENT, {"private_reply_used": True}, timedelta(), None, Obstacle.ALREADY_USED),
        (COMMENT, {"blocked": True}, timedelta(), None, Obstacle.BLOCKED),
        (FREE, {}, timedelta(), None, Obstacle.NO_SUCH_WAY),
        (None, {}, timedelta(), None, Obstacle.NO_SUCH_WAY),
    ],
)
def test_private_replies(
    facts: SurfaceFacts | None,
    changes: dict[str, object],
    after: timedelta,
    way: Way | None,
    obstacle: Obstacle | None,
) -> None:
    verdict = private_reply_verdict(standing(facts, **changes), written_at=HEARD, by_human=True, now=HEARD + after)
    assert (verdict.way, verdict.obstacle) == (way, obstacle)


def test_every_obstacle_has_words() -> None:
    assert set(OBSTACLE_WORDS) == set(Obstacle)
