"""The side panel: classification with its doubt, the citizen, and the history as a readable timeline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inbox.rules.masking import mask_text
from inbox.rules.permissions import Actor
from inbox.web.views.chips import degrees, map_address
from inbox.web.views.labels import Labels
from inbox.web.views.moments import Moments
from inbox.web.views.step_words import STEP_WORDS
from models.enums import ApplicationState, Kind, Outcome, Urgency
from models.personal_data import mask
from models.tables import Application, ClassificationRecord, HistoryContent, HistoryEntry, Note

ALTERNATIVES = 3
LIKELY = 0.05
"""Guesses below this are no help."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its certainty in percent; None where a person set it."""

    name: str
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another topic that it might be, with the unit that usually goes with it."""

    topic: str
    unit: str
    name: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationView:
    kind: Label
    topic: Label
    unit: Label
    urgency: Label
    place: str
    position: str
    """In degrees; empty where nobody has given one."""
    map: str
    reasons: Sequence[str]
    alternatives: Sequence[Alternative]
    corrected_by: str
    unsure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A line of the timeline."""

    what: str
    who: str
    clock: str
    exact: str
    detail: str = ""


def classification_view(
    application: Application, record: ClassificationRecord | None, *, labels: Labels, people: Mapping[int, str]
) -> ClassificationView:
    details = record.details if record else {}
    by_person = record is not None and record.corrected_by is not None
    district = application.district

    def certain(value: Any) -> int | None:
        return None if by_person or value is None else _percent(value)

    return ClassificationView(
        kind=Label(labels.kind(application.kind), certain(details.get("kind_confidence"))),
        topic=Label(labels.topic(application.topic), certain(_of(details.get("topics"), application.topic))),
        unit=Label(
            labels.unit(application.unit, district=district), certain(_of(details.get("units"), application.unit))
        ),
        urgency=Label(labels.urgency(application.urgency), certain(details.get("urgency_confidence"))),
        position=degrees(application) if application.latitude is not None else "",
        map=map_address(application) if application.latitude is not None else "",
        place=", ".join(part for part in (district, application.neighbourhood) if part),
        reasons=[mask(str(reason)) for reason in details.get("reasons", [])],
        alternatives=[] if by_person else list(_alternatives(application, details, labels)),
        corrected_by=people.get(record.corrected_by or 0, "") if record and by_person else "",
        unsure=application.decision == "review",
    )


def _alternatives(application: Application, details: Mapping[str, Any], labels: Labels) -> Iterator[Alternative]:
    guesses = [(topic, share) for topic, share in details.get("topics", []) if topic in labels.topics]
    others = [(topic, share) for topic, share in guesses if topic != application.topic and share >= LIKELY]
    for topic, share in others[:ALTERNATIVES]:
        yield Alternative(topic, labels.topics[topic].unit, labels.topic(topic), _percent(share))


def _of(guesses: Any, label: str | None) -> float | None:
    return next((share for name, share in guesses or [] if name == label), None)


def _percent(share: float) -> int:
    return min(99, round(share * 100))


def timeline(
    entries: Sequence[tuple[HistoryEntry, HistoryContent | None]],
    *,
    labels: Labels,
    people: Mapping[int, str],
    moments: Moments,
) -> list[Step]:
    """The history, newest first, in plain Turkish."""
    return [
        Step(
            what=what,
            who=_who(entry.actor, people),
            clock=f"{moments.day_name(entry.at)} {moments.clock(entry.at)}",
            exact=moments.exact(entry.at),
            detail=detail,
        )
        for entry, content in reversed(entries)
        for what, detail in [_sentence(entry.action, content.content if content else {}, labels, people)]
    ]


def _who(actor: str, people: Mapping[int, str]) -> str:
    if actor.startswith("user:"):
        return people.get(int(actor.removeprefix("user:")), "Eski kullanıcı")
    names = {"bot": "Otomatik", "classifier": "Sınıflandırıcı", "citizen": "Vatandaş", "clock": "Otomatik"}
    return names.get(actor, actor)


_PLAIN = {
    "registered": "Başvuru kaydedildi",
    "message_added": "Vatandaş yeni mesaj yazdı",
    "message_edited": "Vatandaş mesajını değiştirdi",
    "message_deleted": "Vatandaş mesajını sildi",
    "confirmed": "Sınıflandırma onaylandı",
    "answer_queued": "Cevap gönderime verildi",
    "answer_undone": "Cevap gönderilmeden geri alındı",
    "answer_sent": "Cevap vatandaşa gitti",
    "acknowledged": "Alındı bilgisi gönderildi",
    "send_failed": "Gönderilemedi",
    "send_unknown": "Gidip gitmediği bilinmiyor",
    "delivery_failed": "Vatandaşa iletilemedi",
    "note_added": "İç not eklendi",
    "reopened": "Yeniden açıldı",
    "citizen_revealed": "Vatandaşın bilgilerine bakıldı",
    "identity_unhidden": "Kimliği görmek için birime süreli izin verildi",
    "identity_hidden_again": "Kimliği görme izni geri alındı",
    "made_confidential": "Başvuru gizli yapıldı",
    "confidentiality_ended": "Gizlilik sona erdirildi",
    "answer_awaits_citizen": "Cevap süresi doldu; «cevabınız hazır» bildirimi gönderildi",
    "private_reply_queued": "Yoruma özel mesaj gönderime verildi",
    "comment_hidden": "Yorum gizlendi",
    "comment_shown": "Gizlenen yorum yeniden gösterildi",
    "citizen_blocked": "Kişi engellendi",
    "citizen_unblocked": "Kişinin engeli kaldırıldı",
    "place_taken": "Ekteki konum başvurunun yeri olarak alındı",
    "send_repeated": "Gönderilemeyen metin yeniden gönderime verildi",
    "snoozed": "Ertelendi",
    "brought_back": "Erteleme kaldırıldı",
    "bulk_undone": "Toplu işlem geri alındı",
    "send_counted": "Metin platformda görüldü, gönderildi sayıldı",
}


def _sentence(action: str, content: Mapping[str, Any], labels: Labels, people: Mapping[int, str]) -> tuple[str, str]:
    """(what happened, detail)."""
    match action:
        case "assigned":
            return _assignment(content, people), _WHY_GIVEN.get(str(content.get("why", "")), "")
        case "corrected":
            return "Sınıflandırma düzeltildi", "; ".join(_changes(content, labels))
        case "relabelled":
            return "Mesaj değişince sınıflandırma yenilendi", "; ".join(_changes(content, labels))
        case "other_matter":
            return "Değişen mesaj başka bir konuyu anlatıyor olabilir", "; ".join(_changes(content, labels))
        case "closed":
            outcome = content.get("outcome")
            return "Sonuçlandırıldı", labels.outcome(Outcome(outcome)) if outcome in list(Outcome) else ""
        case "citizen_blocked":
            return _PLAIN[action], str(content.get("reason", ""))
        case "send_failed" | "delivery_failed" | "send_unknown":
            return _PLAIN[action], str(content.get("problem") or content.get("detail") or "")
        case _:
            return (_PLAIN | STEP_WORDS).get(action, action), str(content.get("reason", ""))


_WHY_GIVEN = {
    "by_turn": "sırayla dağıtıldı",
    "by_skill": "yetkinliğe ve yüke göre dağıtıldı",
    "emergency": "acil olduğu için orada olana verildi",
    "owner_away": "üzerinde olan kişi orada olmadığı için devralındı",
}


def _assignment(content: Mapping[str, Any], people: Mapping[int, str]) -> str:
    if content.get("to") is None:
        return "Atama kaldırıldı"
    return f"{people.get(content['to'], 'Eski kullanıcı')} üzerine alındı"


def _changes(content: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    names = {"kind": "tür", "topic": "konu", "unit": "birim", "urgency": "öncelik", "district": "ilçe"}
    for field, pair in content.items():
        if field in names and isinstance(pair, list) and len(pair) == 2:
            old, new = (_value(field, value, labels) for value in pair)
            yield f"{names[field]}: {old} → {new}"


def _value(field: str, value: Any, labels: Labels) -> str:
    if value is None:
        return "yok"
    match field:
        case "kind":
            return labels.kind(Kind(value))
        case "topic":
            return labels.topic(value)
        case "unit":
            return labels.short_unit(value)
        case "urgency":
            return labels.urgency(Urgency(value))
        case _:
            return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    who: str
    lines: Sequence[str]
    age: str
    exact: str


def note_views(
    notes: Sequence[Note], *, people: Mapping[int, str], actor: Actor, confidential: bool, moments: Moments
) -> list[NoteView]:
    return [
        NoteView(
            who=people.get(note.user_id, "Eski kullanıcı"),
            lines=mask_text(note.text, actor, confidential=confidential).splitlines(),
            age=moments.age(note.created_at).text,
            exact=moments.exact(note.created_at),
        )
        for note in notes
    ]


def way(application: Application, labels: Labels) -> list[tuple[str, str]]:
    """The usual way of an application as (name, `done` | `now` | `next`)."""
    usual = [ApplicationState.DRAFT, ApplicationState.ANSWERED, ApplicationState.CLOSED]
    if application.state not in usual:
        return [("Kayıt", "done"), (labels.state(application.state), "now")]
    here = usual.index(application.state)
    return [("Kayıt", "done"), *((labels.state(state), _place(i, here)) for i, state in enumerate(usual))]


def _place(position: int, here: int) -> str:
    if position == here:
        return "now"
    return "done" if position < here else "next"
