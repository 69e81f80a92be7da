"""All findings of one submission. Pure; the vocabulary and the facts of the organisation are given once."""

from dataclasses import dataclass
from datetime import date

from inbox.rules.findings.finding import Finding
from inbox.rules.findings.persons import PersonWords
from inbox.rules.findings.privacy import contacts_in, privacy_findings
from inbox.rules.findings.promises import promise_findings
from inbox.rules.findings.routing import Routing, routing_findings
from inbox.rules.findings.sources import Source, source_findings
from inbox.rules.findings.spelling import spelling_findings
from inbox.rules.findings.tone import Unfit, never_unfit, tone_findings
from inbox.rules.findings.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is to be approved: an application on its way to a unit, or a reply on its way to a citizen."""

    text: str
    """The reply, or the agent's own summary; never the citizen's words."""
    today: date
    routing: Routing | None = None
    """Given for an application that leaves for a unit."""
    is_reply: bool = True
    is_public: bool = False
    citizen: str = ""
    citizen_text: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """The checks with what they must know of the organisation."""

    vocabulary: Vocabulary
    public_contacts: frozenset[str] = frozenset()
    """Keys (`privacy.contact_key`) of the organisation's own numbers and addresses."""
    persons: PersonWords | None = None
    unfit: Unfit = never_unfit

    def findings(self, submission: Submission) -> list[Finding]:
        """Of the whole first, then by place."""
        found = list(spelling_findings(submission.text, self.vocabulary))
        if submission.routing:
            found += routing_findings(submission.routing)
        if submission.is_reply:
            found += self._of_reply(submission)
        return sorted(found, key=lambda finding: (finding.start, finding.end))

    def _of_reply(self, submission: Submission) -> list[Finding]:
        text = submission.text
        found = [*tone_findings(text, self.unfit), *promise_findings(text)]
        found += source_findings(
            text, sources=submission.sources, own_words=submission.citizen_text, today=submission.today
        )
        if submission.is_public:
            contacts = self.public_contacts | contacts_in(one.text for one in submission.sources if one.is_public)
            found += privacy_findings(text, citizen=submission.citizen, public_contacts=contacts, persons=self.persons)
        return found
