"""Everything is closed until it is opened: log-in by default, CSRF, headers, sizes."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from inbox.web import bodies
from inbox.web.bodies import FormRefusedError, PostedForm, read_form
from inbox.web.guard import SECURITY_HEADERS
from tests.factories import City
from tests.inbox.web.conftest import LogIn, Visitor

OPEN = {
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/login/sign-on"),
    ("GET", "/login/sign-on/back"),
    ("GET", "/invitations/{token}"),
    ("POST", "/invitations/{token}"),
    ("GET", "/health"),
}
PUSHED = {("GET", "/webhooks/{channel}"), ("POST", "/webhooks/{channel}")}


def every_route(app: FastAPI) -> list[tuple[str, str]]:
    return [(method, route.path) for route in _routes(app.routes) for method in sorted(route.methods or ())]


def _routes(found: Iterable[Any]) -> Iterator[APIRoute]:
    """Included routers are kept whole by newer versions of FastAPI."""
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif inner := getattr(route, "original_router", None):
            yield from _routes(inner.routes)


def filled(path: str) -> str:
    return re.sub(r"{\w+}", "1", path)


async def test_no_route_answers_a_stranger(app: FastAPI, stranger: Visitor) -> None:
    closed = [route for route in every_route(app) if route not in OPEN | PUSHED]
    assert len(closed) > 20
    for method, path in closed:
        response = await stranger.client.request(method, filled(path))
        expected = (303, 401) if method == "GET" else (401,)
        assert response.status_code in expected, (method, path)
        assert response.headers.get("location", "/login").partition("?")[0] == "/login"


async def test_addresses_that_do_not_exist_are_closed_too(stranger: Visitor) -> None:
    assert (await stranger.get("/no-such-page")).headers["location"] == "/login?next=%2Fno-such-page"


async def test_what_can_be_no_id_is_not_there(logged_in: LogIn) -> None:
    """Larger than a database holds: no traceback."""
    elif_ = await logged_in("elif")
    for address in ("/applications/9223372036854775808", "/applications/9223372036854775808/talk"):
        answer = await elif_.get(address)
        assert (answer.status_code, "Aradığınız sayfa bulunamadı." in answer.text) == (404, True)


async def test_no_post_works_without_its_token(app: FastAPI, logged_in: LogIn) -> None:
    visitor = await logged_in("burcu")
    posts = [path for method, path in every_route(app) if method == "POST" and (method, path) not in OPEN | PUSHED]
    assert posts
    for path in posts:
        for token in ("", "wrong"):
            response = await visitor.client.post(filled(path), data={"csrf": token, "text": "x"})
            assert response.status_code == 403, path
            assert "Güvenlik anahtarı" in response.text


async def test_the_token_may_come_in_a_header(logged_in: LogIn) -> None:
    visitor = await logged_in("elif")
    response = await visitor.client.post("/applications/1/take", headers={"X-CSRF-Token": visitor.csrf})
    assert response.status_code == 303


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
async def test_other_sites_cannot_post(logged_in: LogIn, headers: dict[str, str]) -> None:
    visitor = await logged_in("elif")
    response = await visitor.client.post("/applications/1/take", data={"csrf": visitor.csrf}, headers=headers)
    assert response.status_code == 403


async def test_forms_have_a_size_and_a_kind(logged_in: LogIn) -> None:
    visitor = await logged_in("elif")
    huge = await visitor.post("/applications/1/note", text="a" * 300_000)
    json = await visitor.client.post("/applications/1/note", json={"csrf": visitor.csrf, "text": "a"})
    assert (huge.status_code, json.status_code) == (413, 415)


async def test_files_are_taken_only_where_they_belong(city: City, logged_in: LogIn) -> None:
    """[ASVS 12.1.1] Deny by default: elsewhere no form with files is read, and nowhere one without its token."""
    visitor = await logged_in("elif")
    picture = {"files": ("a.png", b"png", "image/png")}
    there = f"/applications/{city.applications['deniz.kaya35']}/files"
    for address, token, status in (
        ("/applications/1/note", visitor.csrf, 415),
        ("/login", visitor.csrf, 415),
        (there, "wrong", 403),
    ):
        response = await visitor.client.post(address, data={"csrf": token}, files=picture)
        assert response.status_code == status, address
    assert "Bu adres dosya kabul etmez." in (await visitor.client.post("/login", files=picture)).text


KIND = {"content-type": "multipart/form-data; boundary=b"}


def coming(*parts: bytes) -> Receive:
    """A body as a server gives it, part by part; what is not asked for is not read."""
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.request", "body": b"", "more_body": False}

    return receive


async def posted(receive: Receive, *, headers: dict[str, str] = KIND, takes_files: bool = True) -> PostedForm:
    return await read_form(Headers(headers), receive, takes_files=takes_files)


async def test_files_and_fields_of_a_form() -> None:
    text = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xc4\xb0yi\r\n'
    file = (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="../../etc/plan.pdf"\r\n'
        b"Content-Type: text/html\r\n\r\n%PDF-1.7\r\n"
    )
    none = b'--b\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--b--\r\n'
    found = await posted(coming(text, file, none))
    assert found.fields == {"text": "İyi"}
    assert [(name, one.file_name, one.data) for name, one in found.files] == [
        ("files", "../../etc/plan.pdf", b"%PDF-1.7")
    ]


async def test_too_much_is_thrown_away_while_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """[ASVS 12.1.1] Nothing more than the most is held; a browser that still sends is heard out, but not for ever."""
    monkeypatch.setattr(bodies, "LARGEST_FILES", 100)
    begin = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n'
    with pytest.raises(FormRefusedError) as refused:
        await posted(coming(begin, *[b"x" * 60] * 5))
    assert refused.value.status == 413
    left = coming(begin, *[b"x" * 60] * 50)
    with pytest.raises(FormRefusedError):
        await posted(left)
    assert (await left())["body"] == b"x" * 60


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (KIND, b"--b\r\nno header at all\r\n\r\nx\r\n--b--", 400),
        (KIND, b'--b\r\nContent-Disposition: form-data; filename="a"\r\n\r\nx\r\n--b--', 400),
        ({"content-type": "multipart/form-data"}, b"--b--", 400),
        (KIND, b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n' * 13 + b"--b--", 400),
        ({"content-type": "application/json"}, b"{}", 415),
        ({"content-type": "application/x-www-form-urlencoded"}, b"a" * 300_000, 413),
    ],
)
async def test_what_cannot_be_read_is_refused(headers: dict[str, str], body: bytes, status: int) -> None:
    with pytest.raises(FormRefusedError) as refused:
        await posted(coming(body), headers=headers)
    assert refused.value.status == status


async def test_half_a_form_is_no_form() -> None:
    async def cut_off() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(FormRefusedError):
        await posted(cut_off)


async def test_parameters_given_twice_count_once(city: City, logged_in: LogIn) -> None:
    """[ASVS 5.1.1] And what stands in the address is never read as a form."""
    visitor = await logged_in("elif")
    body = f"csrf=wrong&csrf={visitor.csrf}&text=bir&text=iki"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    address = f"/applications/{city.applications['deniz.kaya35']}/note"
    await visitor.client.post(f"{address}?text=adres", content=body, headers=kind)
    page = (await visitor.get(address.removesuffix("/note"))).text
    assert "iki" in page
    assert "adres</p>" not in page


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"])
async def test_other_methods_do_nothing(logged_in: LogIn, method: str) -> None:
    """[ASVS 13.2.1, 14.5.1]"""
    visitor = await logged_in("elif")
    response = await visitor.client.request(method, "/applications/1/take", headers={"X-CSRF-Token": visitor.csrf})
    assert response.status_code == 405


async def test_no_answer_lets_other_sites_read(logged_in: LogIn) -> None:
    """[ASVS 14.5.3]"""
    visitor = await logged_in("elif")
    response = await visitor.client.get("/inbox", headers={"Origin": "https://evil.example"})
    assert not [name for name in response.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "path", ["/login", "/inbox", "/health", "/static/base.css", "/no-such-page", "/webhooks/twitter"]
)
async def test_every_answer_has_the_security_headers(logged_in: LogIn, path: str) -> None:
    response = await (await logged_in("elif")).get(path)
    for name, value in SECURITY_HEADERS.items():
        assert response.headers[name] == value
    assert "unsafe" not in response.headers["Content-Security-Policy"]


async def test_an_unexpected_error_is_said_calmly(app: FastAPI, logged_in: LogIn) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError("secret detail")

    response = await (await logged_in("elif")).get("/broken")
    assert response.status_code == 500
    assert "Beklenmeyen bir hata" in response.text
    assert "secret detail" not in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_pages_are_not_kept_and_marked_files_are(logged_in: LogIn) -> None:
    visitor = await logged_in("elif")
    assert (await visitor.get("/inbox")).headers["Cache-Control"] == "no-store"
    assert "immutable" in (await visitor.get("/static/base.css?v=1")).headers["Cache-Control"]


async def test_no_page_has_script_or_style_inside(logged_in: LogIn) -> None:
    visitor = await logged_in("burcu")
    for path in ("/inbox", "/applications/1", "/login"):
        text = (await visitor.client.get(path, follow_redirects=True)).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)
        assert not re.search(r"<style|\sstyle=|\son\w+=", text)
        assert "//cdn" not in text
