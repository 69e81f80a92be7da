"""Codes by which the connector knows a refusal again."""

import json
from datetime import UTC, datetime

import pytest

from connectors.twitter.errors import DUPLICATE, Refusal, error_from
from models.errors import AccountPausedError


@pytest.mark.parametrize(
    ("status", "problem", "code"),
    [
        (400, {"type": "about:blank", "title": "Bad Request", "status": 400}, "400"),
        (400, {"type": "https://api.x.com/2/problems/invalid-request"}, "invalid-request"),
        (
            403,
            {"type": "about:blank", "detail": "You are not allowed to create a Tweet with duplicate content."},
            DUPLICATE,
        ),
        (403, {"type": "about:blank", "detail": "You are not permitted to reply."}, "403"),
        (404, None, "404"),
        (400, {"type": 7, "detail": ["x"]}, "400"),
    ],
)
def test_codes(status: int, problem: object, code: str) -> None:
    refusal = Refusal(status, {}, json.dumps(problem).encode())
    error = error_from(refusal, writes=True, is_direct=False, now=datetime(2026, 11, 22, tzinfo=UTC))
    assert error.code == code


def test_a_locked_account_is_known_in_the_older_shape_too() -> None:
    """The citizen whom the text goes to is not to blame."""
    body = {"errors": [{"code": 326, "message": "To protect our users, this account is temporarily locked."}]}
    refusal = Refusal(403, {}, json.dumps(body).encode())
    error = error_from(refusal, writes=True, is_direct=True, now=datetime(2026, 11, 22, tzinfo=UTC))
    assert isinstance(error, AccountPausedError)
