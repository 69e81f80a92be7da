"""Files that citizens sent to the bot, through getFile. Their addresses hold the token: none is logged or told."""

from telegram import Bot, File

from connectors.download import GONE, TOO_LARGE
from connectors.telegram.client import Transport
from connectors.telegram.errors import keep_tokens_out_of_logs, translated
from connectors.telegram.settings import TelegramSettings
from models.errors import ReauthoriseError, RequestRefusedError
from models.messages import Attachment
from models.ports import Clock


class TelegramFiles:
    """Files of one bot, 20 MB at most by Telegram's rule."""

    def __init__(self, settings: TelegramSettings, clock: Clock) -> None:
        keep_tokens_out_of_logs()
        self._clock = clock
        self._transport = Transport()
        base_file_url = (settings.base_file_url or settings.base_url).rstrip("/")
        self._files = f"{base_file_url}/file/bot"
        self._bot = Bot(
            settings.token,
            base_url=f"{settings.base_url.rstrip('/')}/bot",
            base_file_url=self._files,
            request=self._transport,
            get_updates_request=self._transport,
        )

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        """The bytes. Raises ChannelError."""
        if not attachment.external_id:
            raise RequestRefusedError("the file has no id", code=GONE)
        with translated(writes=False, now=self._clock.now()):
            file = await self._bot.get_file(attachment.external_id)
        self._check(file, most)
        try:
            with translated(writes=False, now=self._clock.now()):
                return bytes(await file.download_as_bytearray())
        except ReauthoriseError as error:
            raise RequestRefusedError("the file is not there any more", code=GONE) from error

    async def close(self) -> None:
        await self._transport.shutdown()

    def _check(self, file: File, most: int) -> None:
        if not (file.file_path or "").startswith(self._files):
            raise RequestRefusedError("the file's address is not Telegram's", code=GONE)
        if (file.file_size or 0) > most:
            raise RequestRefusedError(f"the file is larger than {most // 1024} KB", code=TOO_LARGE)
