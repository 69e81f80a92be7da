"""The process of one application in words: responses of units, submissions with their findings, letters, pauses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inbox.rules.findings import FindingKind
from inbox.rules.masking import mask_text
from inbox.rules.permissions import Actor
from inbox.services.process_file import ProcessFile
from inbox.services.telling import GIVEN_NAMES
from inbox.web.views.differences import Part, Remark, parts_of
from inbox.web.views.labels import Labels
from inbox.web.views.moments import Moments
from models.enums import ResponseKind, ResponseState, SubmissionKind, SubmissionState
from models.tables import Application, ClassificationRecord, Submission, UnitResponse

RESPONSE_NAMES = {
    ResponseKind.ANSWER: "Birimin cevabı",
    ResponseKind.INTERIM: "Ara bilgi",
    ResponseKind.RETURN: "İade",
    ResponseKind.SCHEDULE: "Termin talebi",
}
RESPONSE_STATES = {
    ResponseState.WAITING: "merkezi bekliyor",
    ResponseState.PASSED_ON: "vatandaşa iletildi",
    ResponseState.ACCEPTED: "kabul edildi",
    ResponseState.SENT_BACK: "birime geri gönderildi",
}
SUBMISSION_NAMES = {
    SubmissionKind.ROUTING: "Birime yönlendirme",
    SubmissionKind.REPLY: "Vatandaşa cevap",
    SubmissionKind.PRIVATE_REPLY: "Yorumu yazana özel mesaj",
    SubmissionKind.INCIDENT_REPLY: "Olayın ortak cevabı",
}
SUBMISSION_STATES = {
    SubmissionState.WAITING: "onay bekliyor",
    SubmissionState.APPROVED: "onaylandı",
    SubmissionState.REJECTED: "iade edildi",
    SubmissionState.WITHDRAWN: "geri çekildi",
}
FINDING_NAMES = {
    FindingKind.SPELLING: "Yazım",
    FindingKind.ROUTING: "Yönlendirme",
    FindingKind.PERSONAL_DATA: "Kişisel veri",
    FindingKind.PROMISE: "Tarihsiz söz",
    FindingKind.SOURCE: "Dayanak",
    FindingKind.TONE: "Üslup",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """A finding as it is read: `quote` is the part of the text that is meant."""

    kind: str
    message: str
    quote: str
    suggestion: str
    remark: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseView:
    id: int
    kind: str
    is_waiting: bool
    state: str
    unit: str
    who: str
    when: str
    lines: Sequence[str]
    date: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionView:
    id: int
    kind: SubmissionKind
    name: str
    state: str
    is_waiting: bool
    came_back: bool
    after_the_fact: bool
    unit: str
    text: str
    parts: Sequence[Part]
    """The text beside what it came from, with the findings at their places."""
    loose: Sequence[str]
    """Findings of the whole."""
    came_from: str
    """What that was; empty where there was nothing."""
    who: str
    when: str
    reason: str
    findings: Sequence[FindingLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessView:
    """`given` are the ways by which somebody without a channel is told."""

    state: str
    unit: str
    receiver: str
    routed: str
    date: str
    paused_since: str
    responses: Sequence[ResponseView]
    submissions: Sequence[SubmissionView]
    given: Mapping[str, str]


def process_view(file: ProcessFile, *, actor: Actor, labels: Labels, moments: Moments) -> ProcessView:
    one = file.application
    return ProcessView(
        state=labels.state(one.state),
        unit=labels.unit(one.unit, district=one.district),
        receiver=labels.unit(one.routed_unit) if one.routed_unit else "",
        routed=moments.exact(one.routed_at) if one.routed_unit and one.routed_at else "",
        date=one.target_date.strftime("%d.%m.%Y") if one.target_date else "",
        paused_since=moments.exact(one.paused_at) if one.paused_at else "",
        responses=[response_view(row, file.people, actor, labels, moments, one.confidential) for row in file.responses],
        submissions=[submission_view(row, file.people, labels, moments) for row in file.submissions],
        given={way.value: name for way, name in GIVEN_NAMES.items()},
    )


def response_view(
    response: UnitResponse,
    people: Mapping[int, str],
    actor: Actor,
    labels: Labels,
    moments: Moments,
    confidential: bool,
) -> ResponseView:
    return ResponseView(
        id=response.id or 0,
        kind=response.kind,
        is_waiting=response.state is ResponseState.WAITING,
        state=f"{RESPONSE_NAMES[response.kind]}: {RESPONSE_STATES[response.state]}",
        unit=labels.unit(response.unit),
        who=people.get(response.user_id, ""),
        when=moments.exact(response.created_at),
        lines=mask_text(response.text, actor, confidential=confidential).splitlines(),
        date=response.target_date.strftime("%d.%m.%Y") if response.target_date else "",
        reason=response.reason,
    )


def submission_view(
    submission: Submission, people: Mapping[int, str], labels: Labels, moments: Moments
) -> SubmissionView:
    findings = [_finding(row, submission.text, labels) for row in submission.findings]
    remarks = [one.remark for one in findings]
    parts, loose = parts_of(submission.text, before=submission.suggested, remarks=remarks)
    return SubmissionView(
        id=submission.id or 0,
        kind=submission.kind,
        name=SUBMISSION_NAMES[submission.kind],
        state=SUBMISSION_STATES[submission.state],
        is_waiting=submission.state is SubmissionState.WAITING,
        came_back=submission.state.came_back,
        after_the_fact=submission.after_the_fact,
        unit=labels.unit(submission.unit) if submission.unit else "",
        text=submission.text,
        parts=parts,
        loose=loose,
        came_from=_came_from(submission) if submission.suggested.strip() else "",
        who=people.get(submission.submitted_by or 0, "") or "Otomatik",
        when=moments.exact(submission.submitted_at),
        reason=submission.reason,
        findings=findings,
    )


def corrected_labels(
    application: Application, found: ClassificationRecord | None, labels: Labels
) -> list[tuple[str, str, str]]:
    """What people changed of the classifier's labels: (name, what it was, what it is)."""
    if found is None:
        return []
    pairs = [
        ("Tür", labels.kind(found.kind), labels.kind(application.kind)),
        ("Konu", labels.topic(found.topic), labels.topic(application.topic)),
        ("Birim", labels.unit(found.unit, district=found.district),
         labels.unit(application.unit, district=application.district)),
        ("Öncelik", labels.urgency(found.urgency), labels.urgency(application.urgency)),
    ]  # fmt: skip
    return [(name, was, now) for name, was, now in pairs if was != now]


def _came_from(submission: Submission) -> str:
    if submission.kind is SubmissionKind.ROUTING:
        return "önceki gönderim"
    return "birimin cevabı" if submission.response_id else "Akıl Kutusu taslağı"


def _finding(row: Mapping[str, Any], text: str, labels: Labels) -> FindingLine:
    kind = FindingKind(row["kind"])
    suggestion = str(row.get("suggestion", ""))
    if kind is FindingKind.ROUTING and suggestion:
        suggestion = labels.unit(suggestion)
    start, end, message = int(row.get("start", 0)), int(row.get("end", 0)), str(row["message"])
    said = f"{FINDING_NAMES[kind]}: {message}" + (f" Öneri: {suggestion}" if suggestion else "")
    return FindingLine(
        kind=FINDING_NAMES[kind],
        message=message,
        quote=text[start:end],
        suggestion=suggestion,
        remark=Remark(start=start, end=end, said=said),
    )
