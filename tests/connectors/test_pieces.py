import pytest

from connectors.pieces import OwnText, PieceSender
from models.enums import Surface
from models.errors import OutcomeUnknownError, RateLimitedError, TransientError
from models.messages import OutboundMessage


def text(reference, **changes):
    return OutboundMessage(reference=reference, surface=Surface.DIRECT, recipient_id="c", text="", **changes)


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
        await sender.send(text("r"), ["a", "b"], line.take)
    result = await sender.send(text("r"), ["a", "b"], line.take)
    assert line.taken == ["a", "b"]
    assert result.external_ids == ("id-1", "id-2")
    assert await sender.send(text("r"), ["a", "b"], line.take) == result


async def test_unknown_piece_blocks_until_it_is_settled():
    line, sender = Line(OutcomeUnknownError("?")), PieceSender()
    for _ in range(3):
        with pytest.raises(OutcomeUnknownError):
            await sender.send(text("r"), ["a"], line.take)
    assert not line.taken
    assert sender.settle(text("r"), ["a"], []) is None
    await sender.send(text("r"), ["a"], line.take)
    assert line.taken == ["a"]


async def test_settling_takes_over_what_is_there():
    line, sender = Line(), PieceSender()
    assert sender.settle(text("r"), ["a b", "c"], [OwnText("x", "a  b\n")]) is None
    result = await sender.send(text("r"), ["a b", "c"], line.take)
    assert result.external_ids == ("x", "id-1")
    assert sender.settle(text("s"), ["c"], [OwnText("y", "c")]).external_ids == ("y",)


async def test_another_texts_id_is_not_taken_for_ours():
    line, sender = Line(), PieceSender()
    await sender.send(text("r"), ["same"], line.take)
    assert sender.settle(text("s"), ["same"], [OwnText("id-1", "same")]) is None
    assert sender.settle(text("s"), ["same"], [OwnText("id-1", "same"), OwnText("z", "same")]).external_ids == ("z",)


def test_equal_pieces_need_as_many_texts():
    sender = PieceSender()
    assert sender.settle(text("r"), ["a", "a"], [OwnText("x", "a")]) is None
    assert sender.settle(text("r"), ["a", "a"], [OwnText("x", "a"), OwnText("y", "a")]).external_ids == ("x", "y")


async def test_accepted_pieces_are_told_at_once_but_the_last():
    """The last one is told by the result itself."""
    told, line = [], Line()

    async def keep(external_id):
        told.append((external_id, list(line.taken)))

    await PieceSender().send(text("r"), ["a", "b", "c"], line.take, on_accepted=keep)
    assert told == [("id-1", ["a"]), ("id-2", ["a", "b"])]


@pytest.mark.parametrize("looks_up", [True, False])
async def test_a_restart_repeats_no_piece(looks_up):
    line = Line()
    result = await PieceSender(looks_up=looks_up).send(text("r", accepted=("x", "y")), ["a", "b", "c"], line.take)
    assert (line.taken, result.external_ids) == (["c"], ("x", "y", "id-1"))


async def test_a_look_that_finds_less_than_we_know_forgets_nothing():
    line, sender = Line(), PieceSender()
    assert sender.settle(text("r", accepted=("x",)), ["a", "b"], []) is None
    assert (await sender.send(text("r", accepted=("x",)), ["a", "b"], line.take)).external_ids == ("x", "id-1")


async def test_where_nobody_can_look_a_person_may_send_again():
    line, sender = Line(OutcomeUnknownError("?")), PieceSender(looks_up=False)
    with pytest.raises(OutcomeUnknownError):
        await sender.send(text("r"), ["a"], line.take)
    assert (await sender.send(text("r"), ["a"], line.take)).external_ids == ("id-1",)


async def test_a_refusal_is_certain():
    line, sender = Line(RateLimitedError("429")), PieceSender()
    with pytest.raises(RateLimitedError):
        await sender.send(text("r"), ["a"], line.take)
    assert (await sender.send(text("r"), ["a"], line.take)).external_ids == ("id-1",)
