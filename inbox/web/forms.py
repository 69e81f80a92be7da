"""Reads the fields of a form that the guard has parsed. What does not fit becomes an InputError for the person."""

from enum import StrEnum
from typing import TypeVar

from fastapi import Request

from models.errors import InputError

Word = TypeVar("Word", bound=StrEnum)


def written(request: Request, name: str) -> str:
    """A text; empty where the field is missing."""
    return str(request.state.form.get(name, ""))


def number(request: Request, name: str) -> int:
    value = written(request, name)
    if not value.isdecimal():
        raise InputError("Form eksik geldi; sayfayı yenileyip işlemi yineleyiniz.")
    return int(value)


def optional_number(request: Request, name: str) -> int | None:
    return number(request, name) if written(request, name) else None


def choice(request: Request, name: str, words: type[Word]) -> Word:
    found = next((word for word in words if word == written(request, name)), None)
    if found is None:
        raise InputError("Listeden bir seçim yapınız. Değişiklik kaydedilmedi.")
    return found
