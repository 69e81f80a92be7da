"""The only reader of environment and `.env`. Names are a contract (architecture, «Two sizes»)."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from connectors.base import AccountSettings, Platform
from models.errors import InputError

SECRET_KEY_FILE = "secret_key"  # noqa: S105  (a file name)
ENV_FILE = ".env"


class Settings(BaseSettings):
    """What chooses between one machine and many, and where data lies."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, extra="ignore", hide_input_in_errors=True)

    database_url: str = Field(default="", description="SQLite or PostgreSQL; empty: SQLite in DATA_DIR.")
    redis_url: str = Field(default="", description="Redis for many processes; empty: everything in one process.")
    data_dir: Path = Field(default=Path("var"), description="Database, files, secrets, trained artefact.")
    port: int = Field(default=8000, description="Port of the pages and webhooks.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    profile: str = Field(default="izmir", description="Folder under profiles/.")
    public_address: str = Field(default="", description="How browsers reach the pages; https: secure cookies.")
    oidc_issuer: str = Field(default="", description="The city's identity provider; empty: passwords alone.")
    oidc_client_id: str = Field(default="", description="How the provider knows us.")
    oidc_client_secret: str = Field(default="", description="Our secret there.")
    smtp_url: str = Field(default="", description="Mail server for links to users; empty: links are shown.")
    mail_from: str = Field(default="", description="Sender of that mail.")
    secret_key: str = Field(default="", description="Keys what names a citizen in Redis; made at first start.")
    management_webhook: str = Field(default="", description="Address that hears of emergencies; empty: pages alone.")

    @property
    def effective_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'him.sqlite3'}"


def load_settings() -> Settings:
    """Settings from the environment; makes DATA_DIR and the secret key at first start."""
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return settings.model_copy(update={"secret_key": settings.secret_key or _secret_key(settings.data_dir)})


def seed_of(platform: Platform) -> AccountSettings | None:
    """Settings of an account given by the environment, such as TELEGRAM_TOKEN; None where none is given.

    Raises InputError naming the variables that are missing where only some are given.
    """
    prefix = f"{platform.channel.value}_".upper()
    given = _environment(prefix)
    wanted = {name.upper(): field for name, field in platform.settings.model_fields.items()}
    values = {name.lower(): given[name] for name in wanted if given.get(name)}
    required = [name for name, field in wanted.items() if field.is_required()]
    missing = [f"{prefix}{name}" for name in required if not given.get(name)]
    if len(missing) == len(required):
        return None
    if missing:
        raise InputError(f"{platform.facts.title}: set also {', '.join(missing)}")
    try:
        return platform.settings(**values)
    except ValidationError as error:
        wrong = sorted({f"{prefix}{problem['loc'][0]}".upper() for problem in error.errors() if problem["loc"]})
        raise InputError(f"{platform.facts.title}: missing or wrong: {', '.join(wrong)}") from None


def _environment(prefix: str) -> dict[str, str]:
    """Variables that begin with the prefix, from `.env` and the process, without the prefix."""
    merged = {**dotenv_values(ENV_FILE), **os.environ}
    return {
        name.upper().removeprefix(prefix): value or ""
        for name, value in merged.items()
        if name.upper().startswith(prefix)
    }


def _secret_key(folder: Path) -> str:
    """Of processes that start together, the first one's."""
    path, fresh = folder / SECRET_KEY_FILE, folder / f"{SECRET_KEY_FILE}.{os.getpid()}"
    if not path.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
