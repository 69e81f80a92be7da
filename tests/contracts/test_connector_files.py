"""Files in answers, by the same cases for every connector: taken where the facts say so, else refused unsent."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from models.enums import SendMode, Surface
from models.errors import ChannelError, RequestRefusedError
from tests.contracts.connector_bench import SURFACES, Bench, answer_to, file_of, messages, open_bench

PARAMETERS = {"ids": [f"{channel}-{surface}" for channel, surface in SURFACES]}
TEXT = "Planı ekte bulabilirsiniz: HIM-2026-0000001"


@pytest.fixture
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    opened = await open_bench(request.param)
    yield opened
    await opened.close()


every_surface = pytest.mark.parametrize(("bench", "surface"), SURFACES, indirect=["bench"], **PARAMETERS)


def facts_of(bench: Bench, surface: Surface):
    return bench.connector.facts.surfaces[surface]


@every_surface
async def test_a_picture_leaves_with_its_text(bench: Bench, surface: Surface) -> None:
    facts = facts_of(bench, surface)
    event = await bench.message("Plan var mı?", surface=surface)
    message = replace(answer_to(event, TEXT), attachments=(file_of("image/png"),))
    if not facts.most_files:
        with pytest.raises(RequestRefusedError):
            await bench.connector.send(message)
        assert not bench.sent()
        return
    result = await bench.connector.send(message)
    assert result.external_ids == tuple(entry.item for entry in bench.sent())
    assert bench.sent()[-1].text.endswith(TEXT)
    assert not [one for one in messages(await bench.collect()) if one.external_id in result.external_ids]


@every_surface
async def test_every_type_that_the_facts_name_is_taken(bench: Bench, surface: Surface) -> None:
    event = await bench.message("Plan var mı?", surface=surface)
    if not facts_of(bench, surface).most_files:
        return
    bench.clock.advance(minutes=2)
    for number, mime_type in enumerate(("image/png", "image/jpeg", "application/pdf")):
        if mime_type in facts_of(bench, surface).files:
            text = answer_to(event, f"{TEXT}{number}", reference=f"{number}")
            assert (await bench.connector.send(replace(text, attachments=(file_of(mime_type),)))).external_ids
            bench.clock.advance(minutes=2)


@every_surface
async def test_what_a_surface_does_not_take_is_refused_before_sending(bench: Bench, surface: Surface) -> None:
    facts = facts_of(bench, surface)
    event = await bench.message("Plan var mı?", surface=surface)
    largest = max(facts.files.values(), default=0)
    wrong = {
        "type": (file_of("application/x-msdownload"),),
        "size": (file_of("image/png", size=largest + 1),),
        "count": (file_of("image/png"),) * (facts.most_files + 1),
    }
    for files in wrong.values():
        with pytest.raises(RequestRefusedError):
            await bench.connector.send(replace(answer_to(event, TEXT), attachments=files))
    with pytest.raises(RequestRefusedError):
        private = replace(answer_to(event, TEXT), attachments=(file_of("image/png"),), mode=SendMode.PRIVATE_REPLY)
        await bench.connector.send(private)
    assert not bench.sent()


@every_surface
async def test_after_a_fault_the_file_is_not_sent_again(bench: Bench, surface: Surface) -> None:
    """A fault of the first call leaves nothing behind; the next try sends everything once."""
    event = await bench.message("Plan var mı?", surface=surface)
    if not facts_of(bench, surface).most_files:
        return
    message = replace(answer_to(event, TEXT), attachments=(file_of("image/png"),))
    bench.simulator.fault("throttled", path="")
    with pytest.raises(ChannelError):
        await bench.connector.send(message)
    bench.clock.advance(minutes=20)
    result = await bench.connector.send(message)
    assert result.external_ids == tuple(entry.item for entry in bench.sent())
