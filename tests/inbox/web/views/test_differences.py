"""Word by word, with remarks at their places; nothing of either text is lost."""

from hypothesis import given
from hypothesis import strategies as st

from inbox.web.views.differences import Change, Part, Remark, parts_of

SAME, ADDED, REMOVED = Change.SAME, Change.ADDED, Change.REMOVED
TEXTS = st.text(alphabet="ab .\n", max_size=30)


def shown(parts: list[Part]) -> list[tuple[str, str]]:
    return [(part.text, part.change.value) for part in parts]


def test_a_changed_word_stands_beside_the_old_one() -> None:
    parts, loose = parts_of("Arıza bugün giderildi.", before="Arıza yarın giderildi.", remarks=[])
    assert shown(parts) == [("Arıza ", SAME), ("yarın", REMOVED), ("bugün", ADDED), (" giderildi.", SAME)]
    assert loose == []


def test_without_a_text_before_nothing_is_marked_as_changed() -> None:
    assert shown(parts_of("Su yok.", before=" ", remarks=[])[0]) == [("Su yok.", SAME)]


def test_a_remark_stands_at_its_place_even_across_a_change() -> None:
    remark = Remark(start=0, end=12, said="Ayrı yazılır.")
    parts, _ = parts_of("hiç birşey yok", before="hiç bir şey yok", remarks=[remark])
    marked = [(part.text, part.change, part.said) for part in parts if part.marked]
    assert "".join(text for text, _, _ in marked) == "hiç birşey y"
    assert [said for _, _, said in marked if said] == ["Ayrı yazılır."]


def test_remarks_of_the_whole_and_overlapping_ones_are_said_apart() -> None:
    remarks = [
        Remark(start=0, end=0, said="Dayanak yok."),
        Remark(start=0, end=5, said="Yazım."),
        Remark(start=3, end=8, said="Üslup."),
        Remark(start=4, end=99, said="Eski yer."),
    ]
    parts, loose = parts_of("herkez susuz", before="", remarks=remarks)
    assert [part.said for part in parts if part.said] == ["Yazım."]
    assert loose == ["Dayanak yok.", "Üslup.", "Eski yer."]


@given(TEXTS, TEXTS, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_nothing_is_lost(before: str, text: str, places: list[tuple[int, int]]) -> None:
    remarks = [Remark(start=start, end=end, said=f"{number}") for number, (start, end) in enumerate(places)]
    parts, loose = parts_of(text, before=before, remarks=remarks)
    assert "".join(part.text for part in parts if part.change is not REMOVED) == text
    if before.strip():
        assert "".join(part.text for part in parts if part.change is not ADDED) == before
    assert sorted([part.said for part in parts if part.said] + loose) == sorted(one.said for one in remarks)
