"""The report as a page that is read on paper too: a headline in words, then figures, then charts."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from inbox.reports.charts import Bar, bar_chart
from inbox.reports.figures import ReportFigures
from models.profile import Profile

MOST_BARS = 12
NO_NAME = "Belirtilmemiş"
CHARTS = (
    ("channel", "Başvurular hangi kanaldan geldi"),
    ("topic", "En çok hangi konular yazıldı"),
    ("unit", "Hangi birimlere iş düştü"),
    ("kind", "Ne istendi"),
    ("district", "Nereden yazıldı"),
)
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def render(figures: ReportFigures, *, profile: Profile) -> str:
    """The whole page as HTML without anything from outside."""
    return _templates.get_template("channel_report.html").render(
        organisation=profile.name,
        period=figures.period,
        now=figures.now,
        before=figures.before,
        headline=headline(figures, profile=profile),
        charts=[
            (title, Markup(bar_chart(_bars(figures, grouping, profile), title=title)))  # noqa: S704  (labels escaped)
            for grouping, title in CHARTS
        ],
        channels=[
            (name, figures.now.messages_by_channel.get(channel, 0), figures.before.messages_by_channel.get(channel, 0))
            for channel, name in profile.texts["channels"].items()
            if channel in figures.now.messages_by_channel or channel in figures.before.messages_by_channel
        ],
    )


def headline(figures: ReportFigures, *, profile: Profile) -> str:
    """The week in one or two sentences."""
    now, before = figures.now, figures.before
    if not now.applications:
        return "Bu dönemde başvuru kaydedilmedi."
    topics = now.applications_by["topic"]
    top = max(topics, key=lambda topic: topics[topic])
    change = now.applications - before.applications
    direction = "fazla" if change > 0 else "eksik"
    trend = f"önceki dönemden {abs(change)} {direction}" if change else "önceki dönemle aynı"
    return (
        f"{now.applications} başvuru kaydedildi, {trend}. "
        f"En çok yazılan konu {topics[top]} başvuruyla {_name(top, 'topic', profile)}."
    )


def _bars(figures: ReportFigures, grouping: str, profile: Profile) -> list[Bar]:
    now, before = figures.now.applications_by[grouping], figures.before.applications_by[grouping]
    shown = sorted(now, key=lambda name: (-now[name], name))[:MOST_BARS]
    return [Bar(_name(name, grouping, profile), now[name], before.get(name, 0)) for name in shown]


def _name(value: str, grouping: str, profile: Profile) -> str:
    if grouping == "topic" and value in profile.topics:
        return profile.topics[value].name
    if grouping == "unit" and value in profile.units:
        return profile.units[value].name
    names: Mapping[str, str] = profile.texts.get({"channel": "channels", "kind": "kinds"}.get(grouping, ""), {})
    return names.get(value, value) or NO_NAME
