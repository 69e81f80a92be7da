"""Which files an answer may carry here, in a clerk's words. Pure: facts of the channel, bytes given."""

from models.channel_facts import SurfaceFacts
from models.enums import AttachmentKind

MEGABYTE = 1024 * 1024
TAKES_NONE = "Bu kanalda cevaba dosya eklenemez."
TOO_MANY = "Bu kanalda bir cevaba en çok {most} dosya eklenebilir."
UNKNOWN_TYPE = "«{name}» eklenemez: dosyanın türü tanınmıyor."
WRONG_TYPE = "«{name}» eklenemez: bu kanal bu türde dosya almıyor ({type})."
TOO_LARGE = "«{name}» eklenemez: {size:.1f} MB; bu kanal en çok {most:.0f} MB alıyor."
EMPTY = "«{name}» boş."


def refusal_of_count(count: int, facts: SurfaceFacts | None) -> str:
    """Why so many files may not leave; empty where they may."""
    if count and (facts is None or not facts.most_files):
        return TAKES_NONE
    return TOO_MANY.format(most=facts.most_files) if facts and count > facts.most_files else ""


def refusal_of_file(name: str, *, mime_type: str | None, size: int, facts: SurfaceFacts) -> str:
    """Why this file may not leave; empty where it may. `mime_type` is what its bytes are, None for the unknown."""
    if not size:
        return EMPTY.format(name=name)
    if mime_type is None:
        return UNKNOWN_TYPE.format(name=name)
    most = facts.files.get(mime_type)
    if most is None:
        return WRONG_TYPE.format(name=name, type=mime_type)
    return TOO_LARGE.format(name=name, size=size / MEGABYTE, most=most / MEGABYTE) if size > most else ""


def kind_of(mime_type: str) -> AttachmentKind:
    """How the desk shows a file of this type."""
    begin = mime_type.partition("/")[0]
    kinds = {"image": AttachmentKind.IMAGE, "video": AttachmentKind.VIDEO, "audio": AttachmentKind.AUDIO}
    return kinds.get(begin, AttachmentKind.FILE)
