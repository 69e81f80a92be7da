"""Mail to the people of the desk, through the organisation's own SMTP server. Neither address nor text is logged."""

import asyncio
import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from models.errors import InputError, TransientError

log = logging.getLogger(__name__)
SECONDS = 15.0
SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""With the port where the address names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    scheme: str
    host: str
    port: int
    user: str
    password: str


def smtp_server(address: str) -> SmtpServer:
    """`smtp+starttls://user:password@host:587`. Raises InputError naming the setting, never its value."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in SCHEMES or not parts.hostname or port == 0:
        raise InputError(f"SMTP_URL must be SCHEME://[USER:PASSWORD@]HOST[:PORT]; schemes: {', '.join(SCHEMES)}")
    if parts.password and parts.scheme == "smtp":
        raise InputError("SMTP_URL: a password goes over smtp+starttls:// or smtps:// alone")
    return SmtpServer(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or SCHEMES[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _reason(error: Exception) -> str:
    """For whoever runs the installation: nothing that the server said, no address, no secret."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return "it does not know the user or the password of SMTP_URL"
        case ssl.SSLCertVerificationError():
            return "its certificate is not trusted (SSL_CERT_FILE may name that of an authority of your own)"
        case smtplib.SMTPNotSupportedError():
            return "it does not offer what the scheme of SMTP_URL asks for"
        case _:
            return type(error).__name__


class SmtpMailer:
    """A connection for each letter, in a thread: they are few."""

    def __init__(self, server: SmtpServer, *, sender: str) -> None:
        self._server = server
        self._sender = sender

    async def send(self, *, to: str, subject: str, text: str) -> None:
        """Raises TransientError where the server did not take it."""
        try:
            await asyncio.to_thread(self._hand_over, self._letter(to, subject, text))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            why = _reason(error)
            log.warning("the mail server did not take a letter: %s", why)
            raise TransientError(f"the mail server did not take the letter: {why}") from None

    def _letter(self, to: str, subject: str, text: str) -> EmailMessage:
        """Raises ValueError for an address with a line break in it."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self._sender, to, subject
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        return letter

    def _hand_over(self, letter: EmailMessage) -> None:
        server = self._server
        if server.scheme == "smtps":
            context = ssl.create_default_context()
            with smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context) as connection:
                self._say(connection, letter)
            return
        with smtplib.SMTP(server.host, server.port, timeout=SECONDS) as connection:
            if server.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            self._say(connection, letter)

    def _say(self, connection: smtplib.SMTP, letter: EmailMessage) -> None:
        if self._server.user:
            connection.login(self._server.user, self._server.password)
        connection.send_message(letter)
