import json
from datetime import UTC, datetime, timedelta

import pytest

from connectors.meta.errors import error_from, redact
from models.errors import (
    AccountPausedError,
    ContactGoneError,
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
    WindowClosedError,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def graph_error(code, subcode=None, **more):
    return {"error": {"message": "said", "type": "OAuthException", "code": code, "error_subcode": subcode, **more}}


def judged(status, body, headers=None, *, writes=False, codes=None):
    return error_from(status, body, headers or {}, writes=writes, now=NOW, codes=codes)


@pytest.mark.parametrize(
    ("code", "subcode", "expected"),
    [
        (1, None, TransientError),
        (2, None, TransientError),
        (4, None, RateLimitedError),
        (17, None, RateLimitedError),
        (32, None, RateLimitedError),
        (341, None, RateLimitedError),
        (613, None, RateLimitedError),
        (80001, None, RateLimitedError),
        (80002, None, RateLimitedError),
        (80006, None, RateLimitedError),
        (190, 460, ReauthoriseError),
        (190, None, ReauthoriseError),
        (102, None, ReauthoriseError),
        (3, None, ReauthoriseError),
        (10, None, ReauthoriseError),
        (200, None, ReauthoriseError),
        (299, None, ReauthoriseError),
        (10, 2018278, WindowClosedError),
        (10, 2534022, WindowClosedError),
        (10, 1893063, AccountPausedError),
        (551, None, ContactGoneError),
        (551, 1545041, ContactGoneError),
        (10, 1545041, WindowClosedError),
        (100, 2018001, ContactGoneError),
        (100, None, RequestRefusedError),
        (368, None, AccountPausedError),
        (506, None, RequestRefusedError),
        (987654, None, RequestRefusedError),
        ("190", None, ReauthoriseError),
        (None, None, RequestRefusedError),
    ],
)
def test_class_by_code_and_subcode(code, subcode, expected):
    assert type(judged(400, graph_error(code, subcode))) is expected


def test_flag_makes_an_unknown_code_transient():
    assert type(judged(400, graph_error(987654, is_transient=True))) is TransientError


def test_throttling_stays_throttling_though_flagged_transient():
    assert type(judged(400, graph_error(4, is_transient=True))) is RateLimitedError


def test_comment_created_and_then_refused_is_an_unknown_outcome():
    assert type(judged(400, graph_error(20, 1772107), writes=True)) is OutcomeUnknownError


@pytest.mark.parametrize(
    ("status", "writes", "expected"),
    [
        (502, False, TransientError),
        (502, True, OutcomeUnknownError),
        (429, True, RateLimitedError),
        (401, True, ReauthoriseError),
        (404, False, RequestRefusedError),
        (302, False, TransientError),
        (200, True, OutcomeUnknownError),
    ],
)
def test_answers_without_error_object_are_judged_by_status(status, writes, expected):
    assert type(judged(status, None, writes=writes)) is expected


def test_platform_codes_come_first():
    error = judged(400, graph_error(131047), codes={131047: WindowClosedError})
    assert type(error) is WindowClosedError
    assert error.code == "131047"


def test_retry_time_comes_from_the_business_use_case_header():
    case = {"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 12}
    header = {"x-business-use-case-usage": json.dumps({"1": [case]})}
    assert judged(400, graph_error(32), header).retry_at == NOW + timedelta(minutes=12)
    assert judged(429, None, {"Retry-After": "30"}).retry_at == NOW + timedelta(seconds=30)
    assert judged(429, None).retry_at is None


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"1":7}', '{"1":[{"estimated_time_to_regain_access":"x"}]}'])
def test_broken_usage_header_is_no_failure(broken):
    assert judged(400, graph_error(4), {"X-Business-Use-Case-Usage": broken}).retry_at is None


def test_no_secret_in_the_detail():
    token = "EAAJZC7b2ZBxkBAO" * 4
    error = judged(400, graph_error(190, message=f"Malformed access token {token}"))
    assert token not in str(error)
    assert "190" in error.detail
    assert redact("?access_token=kisa&x=1") == "?…&x=1"
    assert redact("Recipient +90 (555) 111-2233 not in allowed list, nor 905551112233") == (
        "Recipient … not in allowed list, nor …"
    )
