"""A small SMTP server on loopback that keeps the letters it takes; by TLS and with a password, where it is told so."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

BYE = b"221 bye\r\n"


@dataclass(slots=True)
class SmtpReceiver:
    """`refuses`: recipients are turned away. `login` (user, password) must be given before a letter."""

    refuses: bool = False
    login: tuple[str, str] | None = None
    starttls: ssl.SSLContext | None = None
    letters: list[EmailMessage] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    """Of each letter, whether it came encrypted."""
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        known, answer = self.login is None, b""
        while answer != BYE and (line := await self._line(reader)):
            word, _, rest = line.decode().strip().partition(" ")
            command = word.upper()
            if command == "AUTH":
                known = self._is_login(rest)
            answer = self._answer(command, known=known)
            writer.write(answer)
            if command == "STARTTLS" and self.starttls:
                await writer.start_tls(self.starttls)
            if answer.startswith(b"354"):
                await self._take(reader, writer)
        writer.close()

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        """Empty where the other side went away, as it does where it does not trust us."""
        try:
            return await reader.readline()
        except (ConnectionError, ssl.SSLError):
            return b""

    def _answer(self, command: str, *, known: bool) -> bytes:
        match command:
            case "EHLO":
                offers = [*(["STARTTLS"] if self.starttls else []), *(["AUTH PLAIN"] if self.login else [])]
                return b"".join(f"250-{offer}\r\n".encode() for offer in ("here", *offers)) + b"250 ok\r\n"
            case "STARTTLS":
                return b"220 go on\r\n"
            case "AUTH":
                return b"235 welcome\r\n" if known else b"535 who are you\r\n"
            case "RCPT" if self.refuses:
                return b"550 no such box\r\n"
            case "MAIL" | "RCPT" | "DATA" if not known:
                return b"530 log in first\r\n"
            case "DATA":
                return b"354 go on\r\n"
            case "QUIT":
                return BYE
            case _:
                return b"250 ok\r\n"

    def _is_login(self, words: str) -> bool:
        given = base64.b64decode(words.removeprefix("PLAIN ")).decode().split("\0")
        return tuple(given[1:]) == self.login

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = await reader.readuntil(b"\r\n.\r\n")
        letter = message_from_bytes(body[:-3], policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.over_tls.append(writer.get_extra_info("ssl_object") is not None)
        writer.write(b"250 ok\r\n")


@asynccontextmanager
async def smtp_receiver(
    *,
    refuses: bool = False,
    login: tuple[str, str] | None = None,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[SmtpReceiver]:
    """`tls`: encrypted from the first byte."""
    receiver = SmtpReceiver(refuses=refuses, login=login, starttls=starttls)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver
