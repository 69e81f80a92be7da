"""Cursors: when `since` moves, what a walk remembers."""

import json

from connectors.twitter.walks import Answer, Cursor, read_answer, read_cursor

FAR = 10**18


def test_since_stands_still_while_a_walk_goes_on() -> None:
    cursor = Cursor(since="100")
    first = cursor.after(Answer(ids=("300", "250"), next_token="more"), horizon=280)
    assert (first.since, first.token, first.walks) == ("100", "more", True)
    last = first.after(Answer(ids=("200", "150")), horizon=FAR)
    assert (last.since, last.walks) == ("250", False)
    assert last.seen == ("300",)


def test_the_horizon_of_the_first_page_holds_for_the_walk() -> None:
    """Between 280 and the walk's end something older may have become visible."""
    first = Cursor().after(Answer(ids=("300", "250"), next_token="more"), horizon=260)
    last = read_cursor(first.as_text()).after(Answer(ids=("200",)), horizon=FAR)
    assert last.since == "250"


def test_ids_are_compared_as_numbers() -> None:
    cursor = Cursor(since="99").after(Answer(ids=("1000", "100")), horizon=FAR)
    assert cursor.since == "1000"
    assert Cursor(since="999").reaches(Answer(ids=("1000", "998")))


def test_known_pages_are_empty() -> None:
    cursor = Cursor(since="100", seen=("150",))
    assert not cursor.has_new(Answer(ids=("150", "90")))
    assert cursor.has_new(Answer(ids=("150", "120")))
    assert cursor.after(Answer(ids=("150",)), horizon=120) == cursor


def test_a_cursor_survives_writing_and_reading() -> None:
    for cursor in (
        Cursor(),
        Cursor(start="2026-11-22T09:00:00Z"),
        Cursor(since="5", token="t", horizon="7", seen=("6", "8")),
    ):
        assert read_cursor(cursor.as_text()) == cursor
    for damaged in ("", "{", "[]", "null", '{"seen": 5}'):
        assert read_cursor(damaged) == Cursor()


def test_answers() -> None:
    body = {"data": [{"id": 7}, {"id": "8"}, None, {}], "meta": {"next_token": "n"}}
    assert read_answer(json.dumps(body).encode()) == Answer(ids=("7", "8"), next_token="n")
    assert read_answer(b'{"meta":{"result_count":0}}') == Answer()
