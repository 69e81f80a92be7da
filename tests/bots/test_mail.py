"""Letters to the people of the desk reach a real mail server; what goes wrong says nothing of them."""

import pytest

from bots.mail import SmtpMailer, SmtpServer, smtp_server
from models.errors import InputError, TransientError
from tests.smtp_receiver import smtp_receiver

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


def test_the_address_of_a_server() -> None:
    given = smtp_server("smtp+starttls://him:a%40b@mail.city.example")
    assert given == SmtpServer(scheme="smtp+starttls", host="mail.city.example", port=587, user="him", password="a@b")
    assert smtp_server("smtps://mail.city.example").port == 465


@pytest.mark.parametrize("address", ["mail.city.example", "http://mail", "smtp://", "smtp://mail:99999999"])
def test_a_wrong_address_is_named_by_its_setting(address: str) -> None:
    with pytest.raises(InputError, match="SMTP_URL") as caught:
        smtp_server(address)
    assert "city" not in str(caught.value)
