"""Every connector over its simulator, by the same cases: one table, one harness."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from connectors.registry import PLATFORMS
from models.enums import ChannelName, EventKind, Surface
from models.errors import (
    ChannelError,
    HimError,
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    TransientError,
)
from tests.contracts.connector_bench import CASES, SURFACES, Bench, another_connector, answer_to, messages, open_bench

PARAMETERS = {"ids": [f"{channel}-{surface}" for channel, surface in SURFACES]}
REFUSALS = {
    "throttled": RateLimitedError,
    "throttled_silently": RateLimitedError,
    "html": TransientError,
    "transient": TransientError,
    "expired_token": ReauthoriseError,
}
PERHAPS_DONE = {"html", "transient"}
"""A 5xx answer to a write may hide that it was done: looking it up first is as right as trying again."""
RUBBISH = [b"", b"\xff\xfe", b"not json", b"[", b"null", b"7", b'"text"', b"[]", b"{}", b"[[[]]]", b'{"entry":[null]}']


@pytest.fixture
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    opened = await open_bench(request.param)
    yield opened
    await opened.close()


every_channel = pytest.mark.parametrize("bench", list(CASES), indirect=True)
every_surface = pytest.mark.parametrize(("bench", "surface"), SURFACES, indirect=["bench"], **PARAMETERS)


def test_every_platform_of_the_registry_has_a_case() -> None:
    assert set(CASES) == set(PLATFORMS)


@pytest.mark.parametrize("channel", list(CASES))
def test_facts_hold_together(channel: ChannelName) -> None:
    platform = PLATFORMS[channel]
    assert platform.channel is platform.facts.channel is platform.settings.channel is channel
    assert platform.facts.streams or platform.facts.pushes
    assert all(facts.limit > 0 and facts.measure("ş") > 0 for facts in platform.facts.surfaces.values())
    assert all(page.startswith("https://") for page in platform.facts.documentation)


@pytest.mark.parametrize("channel", list(CASES))
def test_every_setting_has_title_and_help(channel: ChannelName) -> None:
    fields = PLATFORMS[channel].settings.model_fields
    assert fields
    assert not [name for name, one in fields.items() if not one.title or not one.description]


@every_channel
async def test_credentials_say_whose_they_are(bench: Bench) -> None:
    identity = await bench.connector.identify()
    settings = PLATFORMS[bench.channel].settings(**bench.simulator.account_settings())
    assert identity.external_id == settings.account_id
    assert identity.name


@every_channel
async def test_followers_and_posts_are_told_where_the_platform_counts_them(bench: Bench) -> None:
    """[İ8a5, İ8a6] In the answer that says whose the credentials are; a bot and a number have neither."""
    identity = await bench.connector.identify()
    assert (identity.followers is not None, identity.posts is not None) == {
        ChannelName.TWITTER: (True, True),
        ChannelName.INSTAGRAM: (True, True),
        ChannelName.FACEBOOK: (True, False),
        ChannelName.WHATSAPP: (False, False),
        ChannelName.TELEGRAM: (False, False),
    }[bench.channel]


@every_channel
async def test_secrets_stay_out_of_representations_and_errors(bench: Bench) -> None:
    settings = PLATFORMS[bench.channel].settings(**bench.simulator.account_settings())
    secrets = [value for value in settings.secret_values().values() if value]
    assert secrets
    bench.fault("expired_token", on_send=False)
    with pytest.raises(ChannelError) as caught:
        await bench.connector.identify()
    told = f"{settings!r} {settings} {caught.value} {caught.value.detail} {settings.public_values()}"
    assert not [secret for secret in secrets if secret in told]


@every_channel
@pytest.mark.parametrize("payload", RUBBISH)
async def test_rubbish_never_raises_and_never_vanishes(bench: Bench, payload: bytes) -> None:
    for stream in ("", *bench.connector.facts.streams):
        parsed = bench.connector.parse(payload, stream=stream)
        assert all(event.kind is EventKind.IGNORED for event in parsed.events)
        assert parsed.problems or parsed.events or payload in (b"{}", b"[]", b"[[[]]]")


@every_channel
async def test_a_push_without_the_right_signature_is_not_ours(bench: Bench) -> None:
    for headers in ({}, {"x-hub-signature-256": "sha256=00"}, {"x-telegram-bot-api-secret-token": "no"}):
        assert not bench.connector.verify(headers, b"{}")
    assert bench.connector.handshake({}) is None
    assert bench.connector.handshake({"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "no"}) is None


@every_surface
async def test_a_message_arrives_with_all_that_the_desk_needs(bench: Bench, surface: Surface) -> None:
    item = await bench.write("Çukur var, şikâyetçiyim 😀", surface=surface)
    (event,) = messages(await bench.collect())
    assert (event.external_id, event.surface, event.channel) == (item, surface, bench.channel)
    assert "Çukur var, şikâyetçiyim 😀" in event.text
    assert event.account_id == (await bench.connector.identify()).external_id
    assert event.sender is not None
    assert event.sender.external_id
    assert event.thread_id
    assert event.dedup_key
    assert event.sent_at is not None
    assert abs((event.sent_at - bench.clock.now()).total_seconds()) < 600


@every_surface
async def test_what_comes_again_has_the_same_keys(bench: Bench, surface: Surface) -> None:
    await bench.write("Lamba yanmıyor", surface=surface)
    events = await bench.collect()
    json.dumps([dict(event.extra) for event in events])
    if not bench.connector.facts.streams:
        return
    bench.cursors.clear()
    fresh = another_connector(bench)
    old, bench.connector = bench.connector, fresh
    again = await bench.collect()
    await old.close()
    assert {event.dedup_key for event in messages(again)} <= {event.dedup_key for event in messages(events)}


@every_surface
async def test_nothing_is_lost_between_polls(bench: Bench, surface: Surface) -> None:
    """More than a page, from many citizens, with a fault in the middle; every item comes."""
    written = set()
    heard: set[str] = set()
    for number in range(130):
        written.add(await bench.write(f"Başvuru {number}", surface=surface, author=f"vatandas{number % 40}"))
        bench.clock.advance(seconds=3)
        if number == 60:
            heard |= {event.external_id for event in messages(await bench.collect())}
    bench.fault("html", on_send=False)
    with contextlib.suppress(ChannelError):
        heard |= {event.external_id for event in messages(await bench.collect())}
    heard |= {event.external_id for event in messages(await bench.collect())}
    assert written <= heard


@every_surface
async def test_an_answer_reaches_its_citizen(bench: Bench, surface: Surface) -> None:
    event = await bench.message("Su kesik", surface=surface)
    result = await bench.connector.send(answer_to(event, "Başvurunuz HIM-2026-0000001 ile alındı."))
    (entry,) = bench.sent()
    assert result.external_ids == (entry.item,)
    assert entry.text.endswith("Başvurunuz HIM-2026-0000001 ile alındı.")


@every_surface
async def test_our_own_answer_is_no_message_of_a_citizen(bench: Bench, surface: Surface) -> None:
    event = await bench.message("Su kesik", surface=surface)
    result = await bench.connector.send(answer_to(event, "Başvurunuz HIM-2026-0000001 ile alındı."))
    events = await bench.collect()
    assert not [one for one in messages(events) if one.external_id in result.external_ids]


@every_surface
async def test_a_long_text_leaves_in_order_in_pieces_that_fit(bench: Bench, surface: Surface) -> None:
    event = await bench.message("Su kesik", surface=surface)
    facts = bench.connector.facts.surfaces[surface]
    words = [f"söz{number}" for number in range(facts.limit // 3)]
    text = " ".join(words)
    assert facts.measure(text) > facts.limit
    result = await bench.connector.send(answer_to(event, text))
    entries = bench.sent()
    assert [entry.item for entry in entries] == list(result.external_ids)
    assert len(entries) > 1
    assert all(facts.measure(entry.text) <= facts.limit for entry in entries)
    heard = [word for entry in entries for word in entry.text.split() if word.startswith("söz")]
    assert heard == words


@every_surface
async def test_a_pressed_quick_reply_comes_back_as_the_citizens_words(bench: Bench, surface: Surface) -> None:
    event = await bench.message("Lamba yanmıyor", surface=surface)
    await bench.connector.send(replace(answer_to(event, "Sorununuz çözüldü mü?"), quick_replies=("Evet", "Hayır")))
    assert bench.sent()[-1].text == "Sorununuz çözüldü mü?"
    if not bench.connector.facts.surfaces[surface].quick_replies:
        return
    bench.clock.advance(minutes=1)
    bench.simulator.choose("ayse", "Hayır")
    (pressed,) = [one for one in messages(await bench.collect()) if one.external_id != event.external_id]
    assert (pressed.text, pressed.thread_id, pressed.surface) == ("Hayır", event.thread_id, surface)
    assert pressed.sender is not None
    assert event.sender is not None
    assert pressed.sender.external_id == event.sender.external_id


@every_channel
@pytest.mark.parametrize(("kind", "expected"), REFUSALS.items())
async def test_a_refused_send_tells_what_to_do(bench: Bench, kind: str, expected: type[ChannelError]) -> None:
    event = await bench.message("Su kesik", surface=bench.case.surfaces[0])
    bench.fault(kind, on_send=True)
    with pytest.raises((expected, OutcomeUnknownError) if kind in PERHAPS_DONE else expected):
        await bench.connector.send(answer_to(event, "Yanıt"))
    assert not bench.sent()


@every_channel
@pytest.mark.parametrize(("kind", "expected"), REFUSALS.items())
async def test_a_refused_read_tells_what_to_do(bench: Bench, kind: str, expected: type[ChannelError]) -> None:
    bench.fault(kind, on_send=False)
    with pytest.raises(expected) as caught:
        await bench.connector.identify()
    if kind == "throttled":
        assert isinstance(caught.value, RateLimitedError)
        assert caught.value.retry_at is not None
        assert caught.value.retry_at > bench.clock.now()


@every_surface
async def test_a_send_of_unknown_outcome_is_found_or_left_to_a_person(bench: Bench, surface: Surface) -> None:
    event = await bench.message("Su kesik", surface=surface)
    message, asked_at = answer_to(event, "Yanıt HIM-2026-0000009"), bench.clock.now()
    bench.fault("hang_up_after", on_send=True)
    with pytest.raises(OutcomeUnknownError):
        await bench.connector.send(message)
    (entry,) = bench.sent()
    bench.clock.advance(seconds=30)
    after_restart = another_connector(bench)
    try:
        if bench.connector.facts.checks_outcome:
            for connector in (bench.connector, after_restart):
                found = await connector.check(message, since=asked_at)
                assert found is not None
                assert found.external_ids == (entry.item,)
        else:
            with pytest.raises(OutcomeUnknownError):
                await bench.connector.check(message, since=asked_at)
    finally:
        await after_restart.close()


@every_surface
async def test_a_send_that_never_left_is_not_found(bench: Bench, surface: Surface) -> None:
    event = await bench.message("Su kesik", surface=surface)
    message = answer_to(event, "Yanıt HIM-2026-0000010")
    if not bench.connector.facts.checks_outcome:
        return
    assert await bench.connector.check(message, since=bench.clock.now()) is None
    assert not bench.sent()


@every_channel
async def test_a_stream_that_does_not_exist_is_refused(bench: Bench) -> None:
    with pytest.raises(HimError):
        await bench.connector.poll("no-such-stream", "")


@every_channel
async def test_an_unreadable_cursor_begins_anew(bench: Bench) -> None:
    if not bench.connector.facts.streams:
        return
    await bench.write("Su kesik", surface=bench.case.surfaces[0])
    bench.clock.advance(minutes=2)
    for stream in bench.connector.facts.streams:
        bench.cursors[stream] = "not a cursor"
    assert messages(await bench.collect())
