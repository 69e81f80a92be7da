import pytest

from connectors.meta.pieces import OwnText, PieceSender
from models.errors import OutcomeUnknownError, TransientError


class Line:
    """Takes pieces; fails as told before or after taking one."""

    def __init__(self, *faults):
        self.taken = []
        self.faults = list(faults)

    async def take(self, piece):
        fault = self.faults.pop(0) if self.faults else None
        if fault:
            raise fault
        self.taken.append(piece)
        return f"id-{len(self.taken)}"


async def test_goes_on_behind_the_last_accepted_piece():
    line, sender = Line(None, TransientError("no")), PieceSender()
    with pytest.raises(TransientError):
        await sender.send("r", ["a", "b"], line.take)
    result = await sender.send("r", ["a", "b"], line.take)
    assert line.taken == ["a", "b"]
    assert result.external_ids == ("id-1", "id-2")
    assert await sender.send("r", ["a", "b"], line.take) == result


async def test_unknown_piece_blocks_until_it_is_settled():
    line, sender = Line(OutcomeUnknownError("?")), PieceSender()
    for _ in range(3):
        with pytest.raises(OutcomeUnknownError):
            await sender.send("r", ["a"], line.take)
    assert not line.taken
    assert sender.settle("r", ["a"], []) is None
    await sender.send("r", ["a"], line.take)
    assert line.taken == ["a"]


async def test_settling_takes_over_what_is_there():
    line, sender = Line(), PieceSender()
    assert sender.settle("r", ["a b", "c"], [OwnText("x", "a  b\n")]) is None
    result = await sender.send("r", ["a b", "c"], line.take)
    assert result.external_ids == ("x", "id-1")
    assert sender.settle("s", ["c"], [OwnText("y", "c")]).external_ids == ("y",)


async def test_another_texts_id_is_not_taken_for_ours():
    line, sender = Line(), PieceSender()
    await sender.send("r", ["same"], line.take)
    assert sender.settle("s", ["same"], [OwnText("id-1", "same")]) is None
    assert sender.settle("s", ["same"], [OwnText("id-1", "same"), OwnText("z", "same")]).external_ids == ("z",)


def test_equal_pieces_need_as_many_texts():
    sender = PieceSender()
    assert sender.settle("r", ["a", "a"], [OwnText("x", "a")]) is None
    assert sender.settle("r", ["a", "a"], [OwnText("x", "a"), OwnText("y", "a")]).external_ids == ("x", "y")
