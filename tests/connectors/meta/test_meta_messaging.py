import pytest

from connectors.meta.envelope import Entry
from connectors.meta.messaging import read_messaging
from connectors.meta.reading import moment, text_of
from models.enums import ChannelName, EventKind

PAGE, CITIZEN = "100", "200"


def read(entry_id, sender, recipient, *, account_id="", echo=False):
    message = {"mid": "m", "text": "t", **({"is_echo": True} if echo else {})}
    item = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": 1795424900, "message": message}
    (event,) = read_messaging(ChannelName.INSTAGRAM, Entry(entry_id, None), item, account_id=account_id)
    return event.account_id, event.thread_id, event.sender.external_id


@pytest.mark.parametrize("account_id", ["", PAGE, "another page of the same app"])
def test_citizen_names_the_thread_and_the_entry_names_us(account_id):
    assert read(PAGE, CITIZEN, PAGE, account_id=account_id) == (PAGE, CITIZEN, CITIZEN)
    assert read(PAGE, PAGE, CITIZEN, account_id=account_id, echo=True) == (PAGE, CITIZEN, PAGE)


def test_entry_of_the_citizen():
    """Seen in old payloads: the entry of an echo carries the citizen's id."""
    assert read(CITIZEN, PAGE, CITIZEN, echo=True) == (PAGE, CITIZEN, PAGE)


def test_ids_inside_are_scoped_otherwise():
    assert read(PAGE, CITIZEN, "999") == (PAGE, CITIZEN, CITIZEN)


def test_dashboard_test_names_no_account():
    assert read("0", CITIZEN, PAGE) == (PAGE, CITIZEN, CITIZEN)


def items(*items):
    shell = {"sender": {"id": CITIZEN}, "recipient": {"id": PAGE}, "timestamp": 1795424400000}
    entry = Entry(PAGE, None)
    return [one for item in items for one in read_messaging(ChannelName.FACEBOOK, entry, {**shell, **item})]


def test_what_is_null_hides_nothing_beside_it():
    (event,) = items({"message": None, "reaction": None, "postback": {"mid": "m", "title": "Evet"}})
    assert (event.kind, event.external_id, event.text) == (EventKind.MESSAGE, "m", "Evet")
    assert [one.kind for one in items({"message": None})] == [EventKind.IGNORED]


def test_edits_that_nobody_numbered_are_told_apart():
    first, second = items({"message_edit": {"mid": "m", "text": "a"}}, {"message_edit": {"mid": "m", "text": "b"}})
    assert first.dedup_key != second.dedup_key


def test_an_edit_without_words_takes_none_away():
    with pytest.raises(KeyError):
        items({"message_edit": {"mid": "m", "num_edit": 1}})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1795424900, "2026-11-23T09:08:20+00:00"),
        ("1795424900", "2026-11-23T09:08:20+00:00"),
        (1795424900123, "2026-11-23T09:08:20.123000+00:00"),
        ("2026-11-23T09:08:20+0000", "2026-11-23T09:08:20+00:00"),
        ("2026-11-23T12:08:20+03:00", "2026-11-23T09:08:20+00:00"),
        ("2026-11-23T09:08:20", "2026-11-23T09:08:20+00:00"),
    ],
)
def test_moments(value, expected):
    assert moment(value).isoformat() == expected


@pytest.mark.parametrize("value", [None, "", "x", 0, -5, float("nan"), float("inf"), 1e300, [], {}, "1e999"])
def test_no_moment(value):
    assert moment(value) is None


def test_text_that_every_store_takes():
    assert text_of("a\x00b\ud800c\ud83d\ude00") == "ab\ufffdc😀"
    with pytest.raises(TypeError):
        text_of({"a": 1})
