"""Settings that Meta's platforms share, as fields for each one's form."""

from typing import Any

from pydantic import Field


def look_back_hours() -> Any:
    return Field(
        default=24,
        ge=0,
        le=24 * 30,
        title="İlk açılışta geriye bakış (saat)",
        description="Hesap ilk bağlandığında kaç saat öncesine kadarki mesajların alınacağı.",
    )


def watch_days() -> Any:
    return Field(
        default=30,
        ge=1,
        le=365,
        title="İzlenen gönderiler (gün)",
        description="Yeni yorumlar, bu kadar gün içinde paylaşılmış gönderilerin altında aranır. Daha eskiler yalnız "
        "webhook ile gelir.",
    )


def graph_version() -> Any:
    return Field(
        default="v25.0",
        pattern=r"^v\d+\.\d+$",
        title="Graph API sürümü",
        description="Meta bir sürümü kaldıracağını bildirmedikçe değiştirmeyin.",
    )


def base_url(default: str = "https://graph.facebook.com", *, description: str = "Değiştirmeyin.") -> Any:
    return Field(default=default, title="Sunucu adresi", description=description)
