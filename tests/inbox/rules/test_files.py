"""What a file is, by its bytes."""

import pytest

from inbox.rules.files import is_worth_fetching, largest, sniff
from models.enums import AttachmentKind
from models.messages import Attachment


@pytest.mark.parametrize(
    ("data", "mime_type"),
    [
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xf1\x50", "audio/aac"),
        (b"%PDF-1.7", "application/pdf"),
        ("Dilekçem ektedir.\n".encode(), "text/plain"),
    ],
)
def test_known_files(data: bytes, mime_type: str) -> None:
    found = sniff(data)
    assert found is not None
    assert found[0] == mime_type


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"PK\x03\x04anything.exe",
        b"<html><script>alert(1)</script>",
        b"  <svg onload=alert(1)>",
        b"\xef\xbb\xbf<?xml version='1.0'?>",
        b"#!/bin/sh\nrm -rf /",
        b"\x00\x01\x02\x03",
    ],
)
def test_programs_pages_and_the_unknown_are_not_taken_in(data: bytes) -> None:
    assert sniff(data) is None


def test_stories_places_and_nameless_files_are_not_fetched() -> None:
    assert is_worth_fetching(Attachment(kind=AttachmentKind.IMAGE, url="https://example.org/1"))
    assert not is_worth_fetching(Attachment(kind=AttachmentKind.IMAGE, url="https://example.org/1", keep=False))
    assert not is_worth_fetching(Attachment(kind=AttachmentKind.LOCATION, url="https://example.org/1"))
    assert not is_worth_fetching(Attachment(kind=AttachmentKind.IMAGE))
    assert largest(AttachmentKind.SHARE) == 0
