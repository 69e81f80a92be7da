"""Bubbles: days, reasons, states of delivery, tombstones, what is on its way."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from inbox.rules.permissions import Actor
from inbox.web.views.conversation import Bubble, Material, days_of
from inbox.web.views.moments import Moments
from models.enums import AttachmentKind, Author, ChannelName, DeliveryStatus, Direction, OutboxState, Purpose, Role
from models.profile import Profile
from models.tables import Message, MessageAttachment, OutboxItem
from tests.conftest import NOW

ELIF = Actor(user_id=1, name="Elif", roles=frozenset({Role.AGENT}))


def message(number: int, text: str = "su yok", *, at: datetime = NOW, **changes: Any) -> Message:
    fields: dict[str, Any] = {"direction": Direction.INBOUND, "author": Author.CITIZEN, "application_id": 7}
    return Message(
        id=number, conversation_id=1, channel=ChannelName.TELEGRAM, external_id=str(number), text=text, sent_at=at,
        received_at=at, **{**fields, **changes},
    )  # fmt: skip


def sent(number: int, text: str, **changes: Any) -> Message:
    fields = {"direction": Direction.OUTBOUND, "author": Author.AGENT, "user_id": 1, "status": DeliveryStatus.READ}
    return message(number, text, **{**fields, **changes})


def item(state: OutboxState, **changes: Any) -> OutboxItem:
    fields: dict[str, Any] = {"id": 5, "unique_key": "7:answer:1", "application_id": 7, "purpose": Purpose.ANSWER}
    return OutboxItem(
        conversation_id=1, account_id=1, text="yolda", user_id=1, state=state, not_before=NOW, created_at=NOW,
        **{**fields, **changes},
    )  # fmt: skip


def bubbles(profile: Profile, *messages: Message, **changes: Any) -> list[Bubble]:
    material = Material(messages=messages, application_id=7, people={1: "Elif Aydın"}, **changes)
    days = days_of(material, actor=ELIF, moments=Moments(NOW, profile.time_zone))
    return [bubble for day in days for bubble in day.bubbles]


def test_days_are_named_and_in_order(profile: Profile) -> None:
    messages = [message(1, at=NOW - timedelta(days=1)), message(2), message(3)]
    days = days_of(Material(messages=messages, application_id=7), actor=ELIF, moments=Moments(NOW, profile.time_zone))
    assert [(day.name, len(day.bubbles)) for day in days] == [("Dün", 1), ("Bugün", 2)]


def test_reasons_are_marked_whole_and_only_in_citizens_words(profile: Profile) -> None:
    inbound, outbound = bubbles(
        profile, message(1, "su akmıyor\n\nsusuz kaldık"), sent(2, "su akmıyor"), reasons=["su", "su akmıyor", "a"]
    )
    assert [[(part.text, part.marked) for part in line] for line in inbound.lines] == [
        [("su akmıyor", True)],
        [("susuz kaldık", False)],
    ]
    assert not any(part.marked for line in outbound.lines for part in line)


@pytest.mark.parametrize(
    ("one", "kind", "author", "fact"),
    [
        (message(1), "in", "Vatandaş", None),
        (sent(1, "merhaba"), "out", "Elif Aydın", "görüldü"),
        (
            sent(1, "merhaba", author=Author.BOT, user_id=None, status=DeliveryStatus.SENT),
            "bot",
            "Otomatik cevap",
            "gönderildi",
        ),
        (sent(1, "merhaba", author=Author.PLATFORM_APP), "out", "Platformun kendi uygulamasından", "görüldü"),
        (message(1, extra={"reactions": {"❤": 2, "👍": 1}}), "in", "Vatandaş", "tepki: ❤ 2 👍"),
    ],
)
def test_who_wrote(profile: Profile, one: Message, kind: str, author: str, fact: str | None) -> None:
    (bubble,) = bubbles(profile, one)
    assert (bubble.kind, bubble.author, next(iter(bubble.facts), None)) == (kind, author, fact)


def test_what_was_taken_back_leaves_a_tombstone(profile: Profile) -> None:
    (bubble,) = bubbles(profile, message(1, "", deleted_at=NOW))
    assert bubble.deleted
    assert not bubble.lines


def test_edits_and_failures_are_told(profile: Profile) -> None:
    edited, failed = bubbles(profile, message(1, edited_at=NOW), sent(2, "x", status=DeliveryStatus.FAILED))
    assert edited.facts == ["düzenlendi 12.00"]
    assert "iletilemediğini" in failed.problem


def test_further_pieces_of_a_long_text_make_no_bubble(profile: Profile) -> None:
    assert len(bubbles(profile, sent(1, "uzun", outbox_id=5), sent(2, "", outbox_id=5))) == 1


def test_messages_of_another_application_are_marked(profile: Profile) -> None:
    own, other, unfiled = bubbles(profile, message(1), message(2, application_id=8), message(3, application_id=None))
    assert (own.foreign, other.foreign, unfiled.foreign) == (None, 8, None)


def test_places_are_linked_and_names_of_files_shown(profile: Profile) -> None:
    place = MessageAttachment(message_id=1, kind=AttachmentKind.LOCATION, latitude=38.42, longitude=27.14)
    file = MessageAttachment(message_id=1, kind=AttachmentKind.FILE, file_name="dilekçe.pdf")
    (bubble,) = bubbles(profile, message(1, ""), attachments=[place, file])
    assert [chip.text for chip in bubble.chips] == ["Konum: 38.42000, 27.14000", "Dosya: dilekçe.pdf"]
    assert bubble.chips[0].href.startswith("https://www.openstreetmap.org/?mlat=38.42000")


@pytest.mark.parametrize(
    ("one", "undo", "words"),
    [
        (item(OutboxState.QUEUED), 5, "gönderiliyor"),
        (item(OutboxState.QUEUED, attempts=2, problem="meşgul"), None, "İlk deneme olmadı: meşgul"),
        (item(OutboxState.SENDING), None, "gönderiliyor"),
        (item(OutboxState.FAILED, problem="engelledi"), None, "Gönderilemedi: engelledi"),
        (item(OutboxState.UNKNOWN), None, "Gidip gitmediği bilinmiyor"),
        (item(OutboxState.QUEUED, purpose=Purpose.ACKNOWLEDGEMENT), None, "gönderiliyor"),
    ],
)
def test_what_is_on_its_way(profile: Profile, one: OutboxItem, undo: int | None, words: str) -> None:
    (bubble,) = bubbles(profile, outbox=[one])
    assert bubble.undo_item == undo
    assert words in " ".join([*bubble.facts, bubble.problem])


def test_sent_and_cancelled_items_make_no_bubble(profile: Profile) -> None:
    assert bubbles(profile, outbox=[item(OutboxState.SENT), item(OutboxState.CANCELLED)]) == []


def test_an_album_is_one_bubble_even_where_a_part_comes_late(profile: Profile) -> None:
    photos = [MessageAttachment(message_id=n, kind=AttachmentKind.IMAGE) for n in (1, 3)]
    parts = [message(1, "çukur", group_key="g"), message(2, "bakın"), message(3, "", group_key="g")]
    album, other = bubbles(profile, *parts, attachments=photos)
    assert (len(album.chips), len(album.lines), len(other.chips)) == (2, 1, 0)


def test_a_part_of_an_album_that_was_taken_back_is_told(profile: Profile) -> None:
    parts = [message(1, "çukur", group_key="g"), message(2, "", group_key="g", deleted_at=NOW)]
    (album,) = bubbles(profile, *parts)
    assert (album.deleted, list(album.facts)) == (False, ["1 parçası silindi"])


def test_only_citizens_comments_that_stand_can_be_hidden(profile: Profile) -> None:
    shown, gone, ours = bubbles(
        profile, message(1, hidden_at=NOW), message(2, "", deleted_at=NOW), sent(3, "merhaba"), hideable=True
    )
    assert [(one.hideable, one.hidden) for one in (shown, gone, ours)] == [(True, True), (False, False), (False, False)]
    assert "herkesten gizlendi" in shown.facts
