"""Topics and places that are written about far more than usual."""

from inbox.rules.surges import surges

QUIET = [{"durak": 2, "su_kesintisi": 20, "gurultu": 9}] * 14


def test_far_more_than_usual_is_a_surge() -> None:
    """[İ9b3] Three times the usual day, and enough of them; what is always much is none."""
    found = surges({"durak": 12, "su_kesintisi": 45, "gurultu": 30, "yeni": 11, "": 99}, QUIET)
    assert [(one.key, one.number, one.usual) for one in found] == [
        ("gurultu", 30, 9.0), ("yeni", 11, 0.0), ("durak", 12, 2.0),
    ]  # fmt: skip


def test_a_few_are_no_surge() -> None:
    assert surges({"durak": 9}, QUIET) == []


def test_without_a_past_nothing_is_unusual() -> None:
    assert surges({"durak": 500}, QUIET[:6]) == []
