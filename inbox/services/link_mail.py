"""Links for choosing a password, by mail where the installation has a mail server. The link stands in no log."""

from dataclasses import dataclass

from models.errors import ChannelError
from models.ports import Mailer
from models.tables import User

HOURS = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLetter:
    """`first`: she is invited; else she gets a new password."""

    organisation: str
    desk: str
    link: str
    first: bool


async def send_link(mailer: Mailer | None, user: User, letter: LinkLetter) -> str:
    """Whom it was sent to; empty where there is no server, no address, or the server did not take it."""
    if mailer is None or not user.email:
        return ""
    try:
        await mailer.send(to=user.email, subject=_subject(letter), text=_text(user, letter))
    except ChannelError:
        return ""
    return user.email


def _subject(letter: LinkLetter) -> str:
    return f"{letter.desk}: {'gelen kutusuna davetiniz' if letter.first else 'yeni parola bağlantınız'}"


def _text(user: User, letter: LinkLetter) -> str:
    why = (
        f"{letter.organisation} {letter.desk} gelen kutusuna davet edildiniz."
        if letter.first
        else f"{letter.organisation} {letter.desk} gelen kutusundaki parolanız için yeni bir bağlantı hazırlandı."
    )
    return (
        f"Sayın {user.name},\n\n{why} Kullanıcı adınız: {user.login}\n\n"
        f"Parolanızı {HOURS} saat içinde şu bağlantıdan belirleyiniz; bağlantı bir kez kullanılır:\n\n{letter.link}\n\n"
        "Bu iletiyi beklemiyorsanız bağlantıyı açmayınız ve sistem yöneticinize haber veriniz.\n"
    )
