"""The connector against the simulated X: walks over pages, limits, replies, each error class."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.simulation import CitizenPost, Disorder
from connectors.twitter.connector import PLATFORM, TwitterConnector
from connectors.twitter.facts import DIRECTS, FACTS, MENTIONS
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.simulator import CONSUMER_SECRET, TOKEN_SECRET, TwitterSimulator
from models.clock import StillClock
from models.enums import AttachmentKind, EventKind, Surface
from models.errors import (
    AccountPausedError,
    ChannelError,
    ContactGoneError,
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
)
from models.messages import ChannelEvent, OutboundMessage, Page
from tests.contracts.connector_bench import file_of


def post(
    text: str = "Merhaba", *, author: str = "ayse", surface: Surface = Surface.MENTION, **more: bool
) -> CitizenPost:
    return CitizenPost(author=author, name="Ayşe Yıldız", handle=f"{author}_y", surface=surface, text=text, **more)


def direct(text: str = "Merhaba", *, author: str = "ayse", photo: bool = False) -> CitizenPost:
    return post(text, author=author, surface=Surface.DIRECT, photo=photo)


def reply(item: str, text: str = "Başvurunuz alındı: HİM-2026-0000001", *, reference: str = "1") -> OutboundMessage:
    return OutboundMessage(
        reference=reference, surface=Surface.MENTION, recipient_id="", thread_id=item, reply_to=item, text=text
    )


def to_person(
    person_id: str, text: str = "Başvurunuz alındı: HİM-2026-0000002", *, reference: str = "2"
) -> OutboundMessage:
    return OutboundMessage(reference=reference, surface=Surface.DIRECT, recipient_id=person_id, text=text)


def read(connector: TwitterConnector, page: Page, stream: str) -> list[ChannelEvent]:
    parsed = connector.parse(page.payload, stream=stream)
    assert not parsed.problems
    return list(parsed.events)


async def poll(connector: TwitterConnector, stream: str, cursor: str = "") -> tuple[list[ChannelEvent], Page]:
    page = await connector.poll(stream, cursor)
    return read(connector, page, stream), page


async def walk(connector: TwitterConnector, stream: str, cursor: str = "") -> tuple[list[str], Page]:
    """All pages of a walk: ids of the messages, last page."""
    found, more = list[str](), True
    while more:
        events, page = await poll(connector, stream, cursor)
        found += [event.external_id for event in events if event.kind is EventKind.MESSAGE]
        cursor, more = page.cursor, page.more
    return found, page


async def test_identify(simulator: TwitterSimulator, connector: TwitterConnector) -> None:
    identity = await connector.identify()
    assert (identity.external_id, identity.handle) == (simulator.account.id, "izmirbld")


async def test_written_items_come_as_the_parser_names_them(
    simulator: TwitterSimulator, connector: TwitterConnector
) -> None:
    public = [
        await simulator.write(post("Çukur var & büyüdü", photo=True)),
        await simulator.write(post("iki", author="c")),
    ]
    private = await simulator.write(direct("Gizli kalsın", photo=True))
    events, page = await poll(connector, MENTIONS)
    assert [event.external_id for event in events] == public
    assert events[0].text == "@izmirbld Çukur var & büyüdü"
    assert events[0].attachments[0].kind is AttachmentKind.IMAGE
    assert (events[0].surface, events[0].replyable, page.more) == (Surface.MENTION, True, False)
    directs, _ = await poll(connector, DIRECTS)
    assert [(event.external_id, event.text, event.surface) for event in directs] == [
        (private, "Gizli kalsın", Surface.DIRECT)
    ]
    assert {one.item for one in simulator.ledger.entries if one.what == "served"} == {*public, private}


async def test_long_posts_come_whole(simulator: TwitterSimulator, connector: TwitterConnector) -> None:
    text = "@izmirbld " + "Otobüs yine gelmedi. " * 30
    await simulator.write(post(text))
    events, _ = await poll(connector, MENTIONS)
    assert events[0].text == text.strip()


async def test_quiet_polls_are_empty_and_keep_their_cursor(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    await simulator.write(post())
    _, first = await poll(connector, MENTIONS)
    again = await connector.poll(MENTIONS, first.cursor)
    assert (again.empty, again.cursor) == (True, first.cursor)
    clock.advance(minutes=5)
    later = await connector.poll(MENTIONS, first.cursor)
    assert later.empty
    assert (await poll(connector, MENTIONS, later.cursor))[0] == []


async def test_late_posts_are_not_missed(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    """A post may become visible after a younger one was read already."""
    author = simulator.citizens.person("geç")
    record = simulator.records.add_post(author, "@izmirbld geç göründüm", delay=timedelta(seconds=30))
    clock.advance(seconds=5)
    await simulator.write(post("erken"))
    _, page = await poll(connector, MENTIONS)
    clock.advance(seconds=60)
    events, page = await poll(connector, MENTIONS, page.cursor)
    assert record.id in [event.external_id for event in events]
    assert not page.empty


@pytest.mark.parametrize("stream", [MENTIONS, DIRECTS])
async def test_walk_over_pages_with_a_crash_in_the_middle(
    stream: str, simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    """Whatever page the crash strikes at, the stored cursor leads to everything."""
    make = post if stream == MENTIONS else direct
    items = []
    for number in range(250):
        items.append(await simulator.write(make(f"ileti {number}", author=f"y{number % 7}")))
        clock.advance(seconds=1)
    events, first = await poll(connector, stream)
    assert first.more
    fresh = PLATFORM.build(TwitterSettings(**simulator.account_settings()), clock)
    new = await simulator.write(make("yürürken yazıldı"))
    rest, last = await walk(fresh, stream, first.cursor)
    await fresh.close()
    assert {event.external_id for event in events} | set(rest) >= set(items)
    assert json.loads(last.cursor)["since"]
    clock.advance(minutes=16)
    after, _ = await walk(connector, stream, last.cursor)
    assert new in after
    assert stream == DIRECTS or not set(after) & set(items[:100])


async def test_first_start_goes_back_so_many_hours(simulator: TwitterSimulator, clock: StillClock) -> None:
    old = await simulator.write(post("çok eski"))
    clock.advance(hours=20)
    young = await simulator.write(post("dün akşam", author="b"))
    clock.advance(hours=3)
    settings = TwitterSettings(**simulator.account_settings(), first_hours=6)
    connector = PLATFORM.build(settings, clock)
    found, _ = await walk(connector, MENTIONS)
    await connector.close()
    assert (young in found, old in found) == (True, False)


async def test_forgotten_page_token_begins_the_walk_anew(
    simulator: TwitterSimulator, connector: TwitterConnector
) -> None:
    item = await simulator.write(post())
    walk_of_now = {"token": "aaaaaaaaaaaaaaaaaaaa", "horizon": item}
    stale = json.dumps({"start": "2026-11-21T09:00:00Z", **walk_of_now, "seen": []})
    page = await connector.poll(MENTIONS, stale)
    assert page.empty
    assert (await walk(connector, MENTIONS, page.cursor))[0] == [item]


async def test_edits_are_events_of_their_own(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    item = await simulator.write(post("Çukr var"))
    _, page = await poll(connector, MENTIONS)
    clock.advance(minutes=2)
    version = simulator.edit(item, "@izmirbld Çukur var")
    events, _ = await poll(connector, MENTIONS, page.cursor)
    assert [(event.kind, event.external_id) for event in events] == [(EventKind.MESSAGE, item), (EventKind.EDIT, item)]
    assert events[1].dedup_key == f"edit:{item}:{version}"
    assert events[1].text == "@izmirbld Çukur var"


async def test_own_posts_and_messages_are_echoes(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    await simulator.write(direct())
    person = simulator.citizens.person("ayse")
    sent = await connector.send(to_person(person.id))
    simulator.records.add_post(simulator.account, "@izmirbld ben de kendime yazdım", answers=None)
    directs, _ = await poll(connector, DIRECTS)
    assert [event.kind for event in directs] == [EventKind.MESSAGE, EventKind.ECHO]
    assert directs[1].external_id == sent.external_ids[0]
    assert directs[1].extra == {"recipient_id": person.id}
    mentions, _ = await poll(connector, MENTIONS)
    assert [event.kind for event in mentions] == [EventKind.ECHO]


async def test_surfaces(simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock) -> None:
    """A thread that a citizen began keeps one surface, whatever she answers in it."""
    mention = await simulator.write(post("Çukur"))
    ours = (await connector.send(reply(mention))).external_ids[0]
    again = simulator.records.add_post(
        simulator.citizens.person("ayse"), "@izmirbld hâlâ duruyor", answers=simulator.records.posts[ours]
    )
    await simulator.write(post("duyurunuz yanlış", author="b", surface=Surface.REPLY))
    await simulator.write(post("şuna bakın", author="c", surface=Surface.QUOTE))
    events, _ = await poll(connector, MENTIONS)
    found = [(event.surface, event.replyable) for event in events]
    assert found == [
        (Surface.MENTION, True),
        (Surface.MENTION, True),
        (Surface.REPLY, True),
        (Surface.QUOTE, True),
    ]
    assert events[1].external_id == again.id
    assert events[1].thread_id == events[0].thread_id == mention


async def test_replies_in_kind(simulator: TwitterSimulator, connector: TwitterConnector) -> None:
    item = await simulator.write(post())
    await simulator.write(direct())
    person = simulator.citizens.person("ayse")
    public = await connector.send(reply(item))
    private = await connector.send(to_person(person.id))
    sent = [one for one in simulator.ledger.entries if one.what == "sent"]
    assert [one.item for one in sent] == [*public.external_ids, *private.external_ids]
    assert [(one.reply_to, one.recipient) for one in sent] == [(item, person.id), ("", person.id)]


@pytest.mark.parametrize("surface", [Surface.REPLY, Surface.QUOTE])
async def test_replies_on_other_public_surfaces(
    surface: Surface, simulator: TwitterSimulator, connector: TwitterConnector
) -> None:
    item = await simulator.write(post(surface=surface))
    message = OutboundMessage(reference="1", surface=surface, recipient_id="", reply_to=item, text="Teşekkürler.")
    assert (await connector.send(message)).external_ids
    assert simulator.ledger.entries[-1].reply_to == item


async def test_long_answers_leave_in_numbered_pieces(simulator: TwitterSimulator, connector: TwitterConnector) -> None:
    item = await simulator.write(post())
    result = await connector.send(reply(item, "Değerli hemşehrimiz, ekiplerimiz yola çıktı. " * 12))
    texts = [one.text for one in simulator.ledger.entries if one.what == "sent"]
    assert len(texts) == len(result.external_ids) == 2
    assert texts[0].endswith("(1/2)")
    assert all(FACTS.surfaces[Surface.MENTION].measure(text) <= 280 for text in texts)


async def test_a_fault_between_pieces_duplicates_nothing(
    simulator: TwitterSimulator, connector: TwitterConnector
) -> None:
    item = await simulator.write(post())
    message = reply(item, "Değerli hemşehrimiz, ekiplerimiz yola çıktı. " * 12)
    simulator.fault("throttled_silently", path="POST /2/tweets", after=1)
    with pytest.raises(RateLimitedError):
        await connector.send(message)
    result = await connector.send(message)
    sent = [one.item for one in simulator.ledger.entries if one.what == "sent"]
    assert sent == list(result.external_ids)
    assert len(sent) == 2


@pytest.mark.parametrize("fault", ["hang_up_after", "hang_up_before", "html", "transient"])
@pytest.mark.parametrize("surface", [Surface.MENTION, Surface.DIRECT])
async def test_uncertain_sends_are_looked_up(
    fault: str, surface: Surface, simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    item = await simulator.write(post(surface=surface))
    person = simulator.citizens.person("ayse")
    text = "Başvurunuz alındı: HİM-2026-0000003, ayrıntı https://www.izmir.bel.tr/tr/x?y=1"
    message = reply(item, text) if surface is Surface.MENTION else to_person(person.id, text)
    simulator.fault(fault, path="POST")
    with pytest.raises(OutcomeUnknownError):
        await connector.send(message)
    found = await connector.check(message, since=clock.now())
    sent = tuple(one.item for one in simulator.ledger.entries if one.what == "sent")
    assert (found.external_ids if found else ()) == sent
    assert bool(sent) == (fault == "hang_up_after")


@pytest.mark.parametrize("surface", [Surface.MENTION, Surface.DIRECT])
async def test_uncertain_sends_with_a_picture_are_looked_up(
    surface: Surface, simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    """X writes a link behind such a text."""
    item = await simulator.write(post(surface=surface))
    person = simulator.citizens.person("ayse")
    message = reply(item) if surface is Surface.MENTION else to_person(person.id)
    message = replace(message, attachments=(file_of("image/png"),))
    simulator.fault("hang_up_after", path="messages" if surface is Surface.DIRECT else "POST /2/tweets")
    with pytest.raises(OutcomeUnknownError):
        await connector.send(message)
    found = await connector.check(message, since=clock.now())
    assert found
    assert list(found.external_ids) == [one.item for one in simulator.ledger.entries if one.what == "sent"]


async def test_half_arrived_texts_go_on_where_they_stopped(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    """Even after a restart: what arrived is learnt from X."""
    item = await simulator.write(post())
    message = reply(item, "Değerli hemşehrimiz, ekiplerimiz yola çıktı. " * 12)
    simulator.fault("hang_up_before", path="POST", after=1)
    with pytest.raises(OutcomeUnknownError):
        await connector.send(message)
    fresh = PLATFORM.build(TwitterSettings(**simulator.account_settings()), clock)
    assert await fresh.check(message, since=clock.now()) is None
    result = await fresh.send(message)
    await fresh.close()
    assert list(result.external_ids) == [one.item for one in simulator.ledger.entries if one.what == "sent"]
    assert len(result.external_ids) == 2


async def test_the_same_words_to_another_citizen_are_not_taken_for_the_answer(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    one, other = await simulator.write(post()), await simulator.write(post(author="b"))
    await connector.send(reply(one))
    assert await connector.check(reply(other), since=clock.now()) is None


@pytest.mark.parametrize(
    ("earlier", "text"), [("Teşekkürler.", "Teşekkürler."), ("Kolay gelsin.", "https://www.izmir.bel.tr/tr/x")]
)
async def test_another_text_to_her_is_not_taken_for_the_one_that_was_lost(
    earlier: str, text: str, simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    await simulator.write(direct())
    person = simulator.citizens.person("ayse")
    await connector.send(to_person(person.id, earlier, reference="1"))
    lost = to_person(person.id, text, reference="2")
    simulator.fault("hang_up_before", path="POST")
    with pytest.raises(OutcomeUnknownError):
        await connector.send(lost)
    assert await connector.check(lost, since=clock.now()) is None
    simulator.fault("hang_up_after", path="POST")
    with pytest.raises(OutcomeUnknownError):
        await connector.send(lost)
    found = await connector.check(lost, since=clock.now())
    assert found
    assert list(found.external_ids) == [one.item for one in simulator.ledger.entries if one.what == "sent"][-1:]


async def test_an_answer_that_shows_after_the_look_is_known_when_x_refuses_it_as_a_duplicate(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    item = await simulator.write(post())
    message = reply(item)
    answered = simulator.records.posts[item]
    late = simulator.records.add_post(simulator.account, message.text, answers=answered, delay=timedelta(seconds=30))
    assert await connector.check(message, since=clock.now()) is None
    clock.advance(seconds=31)
    assert (await connector.send(message)).external_ids == (late.id,)
    other = await simulator.write(post("Başka", author="b"))
    with pytest.raises(RequestRefusedError, match="duplicate"):
        await connector.send(reply(other, reference="9"))


async def test_unsummoned_and_repeated_answers_are_refused(
    simulator: TwitterSimulator, connector: TwitterConnector
) -> None:
    stranger = simulator.records.add_post(simulator.citizens.person("yabancı"), "İzmir çok sıcak")
    with pytest.raises(RequestRefusedError):
        await connector.send(reply(stranger.id))
    item = await simulator.write(post())
    await connector.send(reply(item))
    with pytest.raises(RequestRefusedError, match="duplicate"):
        await connector.send(reply(item, reference="3"))


async def test_closed_messages_are_a_gone_contact(simulator: TwitterSimulator, connector: TwitterConnector) -> None:
    person = simulator.citizens.person("ayse")
    person.accepts_directs = False
    with pytest.raises(ContactGoneError):
        await connector.send(to_person(person.id))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("throttled", RateLimitedError),
        ("throttled_silently", RateLimitedError),
        ("html", TransientError),
        ("transient", TransientError),
        ("hang_up_before", TransientError),
        ("hang_up_after", TransientError),
        ("expired_token", ReauthoriseError),
        ("no_credits", AccountPausedError),
        ("usage_capped", AccountPausedError),
    ],
)
async def test_faults_of_a_poll(
    fault: str, error: type[ChannelError], simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    item = await simulator.write(post())
    # aiohttp itself asks once more where a connection breaks before the answer to a reading request.
    simulator.fault(fault, path="mentions", times=2 if fault.startswith("hang_up") else 1)
    with pytest.raises(error):
        await connector.poll(MENTIONS, "")
    clock.advance(seconds=70)
    assert (await walk(connector, MENTIONS))[0] == [item]


async def test_rate_limit_says_when(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    simulator.fault("throttled", seconds=300)
    with pytest.raises(RateLimitedError) as told:
        await connector.poll(MENTIONS, "")
    assert told.value.retry_at == clock.now() + timedelta(seconds=300)
    clock.advance(seconds=301)
    simulator.fault("throttled_silently")
    with pytest.raises(RateLimitedError) as silent:
        await connector.poll(MENTIONS, "")
    assert silent.value.retry_at == clock.now() + timedelta(seconds=60)


async def test_messages_are_asked_for_once_a_minute(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    _, page = await poll(connector, DIRECTS)
    item = await simulator.write(direct())
    early = await connector.poll(DIRECTS, page.cursor)
    assert (early.empty, early.cursor) == (True, page.cursor)
    clock.advance(seconds=60)
    events, _ = await poll(connector, DIRECTS, page.cursor)
    assert [event.external_id for event in events] == [item]


async def test_used_up_limits_stop_requests_before_they_are_sent(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    """15 messages in 15 minutes: the sixteenth never reaches X."""
    await simulator.write(direct())
    person = simulator.citizens.person("ayse")
    start = clock.now()
    for number in range(15):
        await connector.send(to_person(person.id, f"Yanıt {number}", reference=str(number)))
    with pytest.raises(RateLimitedError) as told:
        await connector.send(to_person(person.id, "Yanıt 16", reference="16"))
    assert told.value.retry_at == start + timedelta(minutes=15)
    assert len([one for one in simulator.exchanges if one.method == "POST"]) == 15
    clock.advance(minutes=15)
    await connector.send(to_person(person.id, "Yanıt 16", reference="16"))


async def test_steady_polling_is_never_refused(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    """An hour of polls at the pace of the facts keeps to X's limits."""
    cursors = dict.fromkeys(FACTS.streams, "")
    for _ in range(360):
        for stream in FACTS.streams:
            cursors[stream] = (await connector.poll(stream, cursors[stream])).cursor
        clock.advance(seconds=FACTS.poll_every.total_seconds())


async def test_wrong_keys(simulator: TwitterSimulator, clock: StillClock) -> None:
    settings = TwitterSettings(**simulator.account_settings() | {"access_token_secret": "wrong"})
    connector = PLATFORM.build(settings, clock)
    with pytest.raises(ReauthoriseError):
        await connector.identify()
    await connector.close()


async def test_nobody_listens(clock: StillClock, simulator: TwitterSimulator) -> None:
    settings = TwitterSettings(**simulator.account_settings() | {"base_url": "http://127.0.0.1:9"})
    connector = PLATFORM.build(settings, clock)
    with pytest.raises(TransientError):
        await connector.send(reply("1"))
    await connector.close()


async def test_nothing_to_answer(connector: TwitterConnector) -> None:
    with pytest.raises(RequestRefusedError):
        await connector.send(OutboundMessage(reference="1", surface=Surface.MENTION, recipient_id="5", text="x"))
    with pytest.raises(RequestRefusedError):
        await connector.poll("likes", "")


async def test_secrets_stay_out_of_logs_and_representations(
    simulator: TwitterSimulator, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settings = TwitterSettings(**simulator.account_settings())
    connector = PLATFORM.build(settings, clock)
    simulator.fault("expired_token")
    with pytest.raises(ReauthoriseError) as told:
        await connector.identify()
    await connector.close()
    spoken = caplog.text + repr(settings) + repr(told.value) + str(told.value)
    for secret in (CONSUMER_SECRET, TOKEN_SECRET, simulator.access_token, "oauth_signature="):
        assert secret not in spoken


async def test_disorder_loses_nothing(clock: StillClock) -> None:
    simulator = TwitterSimulator(clock, disorder=Disorder(redeliver=0.3, delay=0.3))
    await simulator.start()
    connector = PLATFORM.build(TwitterSettings(**simulator.account_settings()), clock)
    written, found, cursors = set[str](), set[str](), {MENTIONS: "", DIRECTS: ""}
    for number in range(120):
        if number < 100:
            make = direct if number % 5 == 0 else post
            written.add(await simulator.write(make(f"ileti {number}", author=f"y{number % 9}")))
        for stream in cursors:
            events, page = await poll(connector, stream, cursors[stream])
            cursors[stream] = page.cursor
            found |= {event.external_id for event in events}
        clock.advance(seconds=11)
    await connector.close()
    await simulator.stop()
    assert found == written
