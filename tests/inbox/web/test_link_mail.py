"""Invitations and password links by mail: to the person alone, shown only where mail did not work."""

import logging
import re

import pytest

from bots.mail import SmtpMailer, smtp_server
from tests.factories import City
from tests.inbox.web.conftest import LogIn, Visitor
from tests.smtp_receiver import SmtpReceiver, smtp_receiver

NEW = {"login": "zehra", "name": "Zehra Ak", "email": "zehra@city.example", "role_agent": 1}


def use(city: City, receiver: SmtpReceiver) -> None:
    city.desk.mailer = SmtpMailer(smtp_server(f"smtp://127.0.0.1:{receiver.port}"), sender="him@city.example")
    city.desk.public_address = "http://desk"


def link_in(receiver: SmtpReceiver) -> str:
    found = re.search(r"http://desk(/invitations/\S+)", receiver.letters[-1].get_content())
    assert found
    return found[1]


async def test_an_invitation_goes_to_the_person_and_to_nobody_else(
    city: City, logged_in: LogIn, stranger: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    """The link opens for her; neither the page nor a log holds it."""
    admin = await logged_in("yonetici")
    with caplog.at_level(logging.DEBUG):
        async with smtp_receiver() as receiver:
            use(city, receiver)
            page = (await admin.post("/people/new", **NEW)).text
    link = link_in(receiver)
    assert receiver.letters[0]["To"] == "zehra@city.example"
    assert "zehra@city.example adresine gönderildi" in page
    assert "/invitations/" not in page
    assert link.rsplit("/", 1)[1] not in "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("httpx")
    )
    assert "Zehra Ak" in (await stranger.get(link)).text


async def test_a_password_link_goes_by_mail_too(city: City, logged_in: LogIn) -> None:
    admin = await logged_in("yonetici")
    made = await admin.post("/people/new", **NEW)
    key = re.search(r'href="(/people/\d+)"', made.text)
    assert key
    async with smtp_receiver() as receiver:
        use(city, receiver)
        await admin.post(f"{key[1]}/link")
    assert "yeni parola bağlantınız" in receiver.letters[0]["Subject"]
    assert "yeni bir bağlantı hazırlandı" in receiver.letters[0].get_content()


async def test_without_mail_or_address_the_link_is_shown(city: City, logged_in: LogIn) -> None:
    admin = await logged_in("yonetici")
    assert "/invitations/" in (await admin.post("/people/new", **{**NEW, "login": "a-a"})).text
    async with smtp_receiver(refuses=True) as receiver:
        use(city, receiver)
        refused = (await admin.post("/people/new", **{**NEW, "login": "b-b", "email": "b@city.example"})).text
        without = (await admin.post("/people/new", **{**NEW, "login": "c-c", "email": ""})).text
    assert "E-posta gönderilemedi" in refused
    assert "/invitations/" in refused
    assert "/invitations/" in without
    assert "E-posta gönderilemedi" not in without
