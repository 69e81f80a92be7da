"""Forms that people post, read while they come: nothing too large is ever held. Knows no log-ins and no rules."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Receive

from inbox.services.answer_files import Upload

MEGABYTE = 1024 * 1024
LARGEST_FORM = 256 * 1024
LARGEST_FILES = 64 * MEGABYTE
"""Of a form with files in all."""
MOST_FILES = 12
MOST_FIELDS = 50
DRAINED = 4
"""So many times the most is still read and thrown away: a browser that is cut off shows no answer."""
PLAIN, WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data"
NO_FORM = "Bu adres yalnız form kabul eder."
NO_FILES = "Bu adres dosya kabul etmez."
FORM_TOO_LARGE = "Gönderilen form çok büyük."
FILES_TOO_LARGE = "Gönderilen dosyalar birlikte en çok 64 MB olabilir; daha azını seçiniz."
UNREADABLE = "Form okunamadı: eksik geldi ya da 12 dosyadan çok. Daha azını seçip yineleyiniz."
CUT_OFF = "Form yarıda kaldı; yineleyiniz."


class FormRefusedError(Exception):
    """Why a body is not read, with the status of the answer."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedForm:
    """Fields given twice count once, the last; `files` are those chosen, by the field they were chosen in."""

    fields: dict[str, str] = field(default_factory=dict)
    files: Sequence[tuple[str, Upload]] = ()
    body: bytes = b""
    """As it came; empty where there were files."""


async def read_form(headers: Headers, receive: Receive, *, takes_files: bool) -> PostedForm:
    """Raises FormRefusedError: 415 for what is no form, 413 for too much, 400 for what cannot be read."""
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == PLAIN or (not kind and headers.get("content-length", "0") == "0"):
        body = b"".join([part async for part in _parts(receive, LARGEST_FORM, FORM_TOO_LARGE)])
        return PostedForm(fields=dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)), body=body)
    if kind != WITH_FILES:
        raise FormRefusedError(NO_FORM, 415)
    if not takes_files:
        raise FormRefusedError(NO_FILES, 415)
    return await _with_files(headers, receive)


async def _with_files(headers: Headers, receive: Receive) -> PostedForm:
    parts = _parts(receive, LARGEST_FILES, FILES_TOO_LARGE)
    parser = MultiPartParser(headers, parts, max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FORM)
    try:
        found = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise FormRefusedError(UNREADABLE, 400) from error
    fields, files = dict[str, str](), list[tuple[str, Upload]]()
    for name, value in found.multi_items():
        if not isinstance(value, UploadFile):
            fields[name] = value
        elif value.filename:
            files.append((name, Upload(file_name=value.filename, data=await value.read())))
    await found.close()
    return PostedForm(fields=fields, files=files)


async def _parts(receive: Receive, most: int, words: str) -> AsyncGenerator[bytes, None]:
    size, more = 0, True
    while more:
        part, more = await _next(receive)
        size += len(part)
        if size > most:
            while more and size <= DRAINED * most:
                part, more = await _next(receive)
                size += len(part)
            raise FormRefusedError(words, 413)
        yield part


async def _next(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise FormRefusedError(CUT_OFF, 400)
    return message.get("body", b""), message.get("more_body", False)
