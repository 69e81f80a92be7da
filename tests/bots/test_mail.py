"""Letters to the people of the desk reach a real mail server; what goes wrong says nothing of them."""

import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bots.mail import SmtpMailer, SmtpServer, smtp_server
from models.errors import InputError, TransientError
from tests.smtp_receiver import SmtpReceiver, smtp_receiver

SENDER = "HİM <him@city.example>"


def mailer(port: int) -> SmtpMailer:
    return SmtpMailer(smtp_server(f"smtp://127.0.0.1:{port}"), sender=SENDER)


async def test_a_letter_arrives_with_its_turkish_letters() -> None:
    async with smtp_receiver() as receiver:
        await mailer(receiver.port).send(to="elif@city.example", subject="Davet: şifreniz", text="Sayın Elif Işık,\n")
    (letter,) = receiver.letters
    assert (letter["From"], letter["To"], letter["Subject"]) == (SENDER, "elif@city.example", "Davet: şifreniz")
    assert letter.get_content().strip() == "Sayın Elif Işık,"


@pytest.mark.parametrize("to", ["elif@city.example", "elif@city.example\nBcc: all@city.example"])
async def test_a_letter_that_is_not_taken_is_an_error_without_its_words(to: str) -> None:
    async with smtp_receiver(refuses=True) as receiver:
        with pytest.raises(TransientError) as caught:
            await mailer(receiver.port).send(to=to, subject="Davet", text="gizli-baglanti")
    assert receiver.letters == []
    assert "elif" not in str(caught.value)
    assert "gizli" not in str(caught.value)


async def test_nobody_listens() -> None:
    async with smtp_receiver() as receiver:
        port = receiver.port
    with pytest.raises(TransientError):
        await mailer(port).send(to="elif@city.example", subject="Davet", text="x")


def own_certificate(folder: Path) -> Path:
    """A server's certificate that nobody but its own file vouches for, for 127.0.0.1; key and certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "mail.pem"
    path.write_bytes(plain + made.public_bytes(Encoding.PEM))
    return path


@dataclass(frozen=True, slots=True)
class Tls:
    """What a server shows, and the file that vouches for it."""

    context: ssl.SSLContext
    file: Path


@pytest.fixture
def tls(tmp_path: Path) -> Tls:
    path = own_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return Tls(context, path)


@asynccontextmanager
async def secured(scheme: str, tls: Tls) -> AsyncIterator[SmtpReceiver]:
    """A server that takes letters of `him` alone, by one of the two ways."""
    ways = {"smtp+starttls": {"starttls": tls.context}, "smtps": {"tls": tls.context}}
    async with smtp_receiver(login=("him", "a@b:c/d"), **ways[scheme]) as receiver:
        yield receiver


async def hand_in(scheme: str, port: int, *, password: str = "a@b:c/d") -> None:
    server = smtp_server(f"{scheme}://him:{quote(password, safe='')}@127.0.0.1:{port}")
    await SmtpMailer(server, sender=SENDER).send(to="elif@city.example", subject="Davet", text="gizli-baglanti")


WAYS = pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])


@WAYS
async def test_letters_go_encrypted_and_with_the_password(
    scheme: str, tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls.file))
    async with secured(scheme, tls) as receiver:
        await hand_in(scheme, receiver.port)
    assert ([letter["To"] for letter in receiver.letters], receiver.over_tls) == (["elif@city.example"], [True])


@WAYS
async def test_a_wrong_password_is_told_without_it(
    scheme: str, tls: Tls, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls.file))
    with caplog.at_level(logging.DEBUG):
        async with secured(scheme, tls) as receiver:
            with pytest.raises(TransientError, match="user or the password of SMTP_URL") as caught:
                await hand_in(scheme, receiver.port, password="yanlis-parola")
    assert receiver.letters == []
    for secret in ("yanlis-parola", "elif@", "gizli-baglanti"):
        assert secret not in f"{caught.value} {caplog.text}"
    assert "user or the password of SMTP_URL" in caplog.text


@WAYS
async def test_nothing_is_said_to_a_server_that_nobody_vouches_for(scheme: str, tls: Tls) -> None:
    async with secured(scheme, tls) as receiver:
        with pytest.raises(TransientError, match="certificate is not trusted"):
            await hand_in(scheme, receiver.port)
    assert receiver.letters == []


async def test_without_starttls_no_password_leaves() -> None:
    async with smtp_receiver(login=("him", "a@b:c/d")) as receiver:
        with pytest.raises(TransientError, match="does not offer"):
            await hand_in("smtp+starttls", receiver.port)
    with pytest.raises(InputError, match="smtps") as caught:
        smtp_server("smtp://him:a%40b@mail.city.example")
    assert "a@b" not in str(caught.value)


def test_the_address_of_a_server() -> None:
    given = smtp_server("smtp+starttls://him:a%40b@mail.city.example")
    assert given == SmtpServer(scheme="smtp+starttls", host="mail.city.example", port=587, user="him", password="a@b")
    assert smtp_server("smtps://mail.city.example").port == 465


@pytest.mark.parametrize("address", ["mail.city.example", "http://mail", "smtp://", "smtp://mail:99999999"])
def test_a_wrong_address_is_named_by_its_setting(address: str) -> None:
    with pytest.raises(InputError, match="SMTP_URL") as caught:
        smtp_server(address)
    assert "city" not in str(caught.value)
