"""Albums stand together."""

from inbox.rules.albums import bubbles


def test_parts_of_an_album_stand_where_the_first_stands() -> None:
    said = [("a", ""), ("b", "x"), ("c", "x"), ("d", ""), ("e", "x"), ("f", "y")]
    found = bubbles(said, key=lambda one: one[1])
    assert [[name for name, _ in bubble] for bubble in found] == [["a"], ["b", "c", "e"], ["d"], ["f"]]
