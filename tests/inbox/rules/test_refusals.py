"""What clerks read of platforms' refusals: Turkish, with the code, without the platform's own words."""

from collections.abc import Iterator

import pytest

from inbox.rules.refusals import explained, in_words
from models import errors
from models.errors import ChannelError, RequestRefusedError


def kinds(above: type[ChannelError] = ChannelError) -> Iterator[type[ChannelError]]:
    for kind in above.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.__name__)
def test_every_refusal_has_its_words(kind: type[ChannelError]) -> None:
    said = in_words(kind("said the platform", code="4711"))
    assert said.endswith(" (kod 4711).")
    assert "said" not in said
    assert explained(kind("said the platform")).endswith("Teknik ayrıntı: said the platform")


@pytest.mark.parametrize("code", ["", errors.FILE_GONE, errors.NO_TEMPLATE])
def test_our_own_refusals_blame_no_platform(code: str) -> None:
    said = in_words(RequestRefusedError("no template is set up", code=code))
    assert "Platform" not in said
    assert "kod" not in said
