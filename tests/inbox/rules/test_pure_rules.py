"""Turns, matters, acknowledgements, deadlines: pure rules on plain values."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox.rules.acknowledgement import AcknowledgementCase, acknowledgement_text, may_acknowledge
from inbox.rules.deadlines import answer_due
from inbox.rules.matters import is_new_matter
from inbox.rules.turns import LONGEST, QUIET, turn_times
from models.enums import Kind, Surface, Urgency
from models.messages import Guess
from models.profile import Profile
from tests.builders import classification

IZMIR = ZoneInfo("Europe/Istanbul")
HOUR = timedelta(hours=1)
OTHER = classification(topic="otobus_sefer", topics=(Guess(label="otobus_sefer", probability=0.9),))
TEXT = "690 numaralı otobüs bugün de gelmedi"


def test_a_limit_ends_with_its_local_day() -> None:
    """Directive 004, article 20a: 30 calendar days from receipt."""
    late_evening = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    due = answer_due(late_evening, days=30, zone=IZMIR).astimezone(IZMIR)
    assert (due.date().isoformat(), due.hour, due.minute) == ("2026-12-23", 23, 59)


def test_public_messages_do_not_wait_and_private_ones_do() -> None:
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert turn_times(Surface.COMMENT, now) == (now, now)
    assert turn_times(Surface.DIRECT, now) == (now + QUIET, now + LONGEST)


def test_a_sure_other_topic_after_a_pause_is_a_new_matter() -> None:
    assert is_new_matter(TEXT, classification=OTHER, open_topic="su_kesintisi", pause=HOUR)


@pytest.mark.parametrize(
    ("text", "found", "pause"),
    [
        (TEXT, classification(), HOUR),
        ("otobüs gelmedi", OTHER, HOUR),
        (TEXT, OTHER, timedelta(seconds=30)),
        (TEXT, classification(kind=Kind.THANKS, topic="otobus_sefer"), HOUR),
        (TEXT, classification(kind=Kind.INVALID, topic=None, unit=None), HOUR),
        (TEXT, classification(topic="basvuru_takip", topics=(Guess(label="basvuru_takip", probability=0.9),)), HOUR),
        (TEXT, classification(topic="otobus_sefer", topics=(Guess(label="otobus_sefer", probability=0.4),)), HOUR),
        (
            TEXT,
            classification(
                topic="otobus_sefer",
                topics=(Guess(label="otobus_sefer", probability=0.6), Guess(label="su_kesintisi", probability=0.3)),
            ),
            HOUR,
        ),
    ],
    ids=["same topic", "few words", "same breath", "thanks", "gecersiz", "status", "unsure", "still possible"],
)  # fmt: skip
def test_doubt_continues_the_open_application(text: str, found: object, pause: timedelta) -> None:
    assert not is_new_matter(text, classification=found, open_topic="su_kesintisi", pause=pause)  # type: ignore[arg-type]


CASE = {
    "surface": Surface.DIRECT,
    "kind": Kind.COMPLAINT,
    "replyable": True,
    "listen_only": False,
    "bots_enabled": True,
}


def test_an_ordinary_message_is_acknowledged() -> None:
    assert may_acknowledge(AcknowledgementCase(**CASE))


@pytest.mark.parametrize(
    "change",
    [
        {"bots_enabled": False},
        {"listen_only": True},
        {"replyable": False},
        {"kind": Kind.INVALID},
        {"surface": Surface.LISTENING},
        {"surface": Surface.GROUP},
    ],
    ids=str,
)
def test_silence_where_one_of_these_holds(change: dict[str, object]) -> None:
    assert not may_acknowledge(AcknowledgementCase(**{**CASE, **change}))


@pytest.mark.parametrize("surface", [Surface.DIRECT, Surface.COMMENT, Surface.MENTION])
@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.THANKS])
@pytest.mark.parametrize("urgency", list(Urgency))
@pytest.mark.parametrize("variant", range(3))
def test_every_text_names_the_number_and_that_a_bot_wrote_it(
    profile: Profile, surface: Surface, kind: Kind, urgency: Urgency, variant: int
) -> None:
    text = acknowledgement_text(
        profile.texts["acknowledgement"],
        number="HİM-2026-0000042",
        variant=variant,
        surface=surface,
        kind=kind,
        urgency=urgency,
    )
    assert "HİM-2026-0000042" in text
    assert text.endswith("(Otomatik yanıt)")
    assert "http" not in text
    assert len(text) <= 260
    assert ("112" in text) == (urgency is Urgency.EMERGENCY)
