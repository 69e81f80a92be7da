"""Approval findings: what an approver should look at before a text leaves (directive 004, 7ç2, 8b2). Advice, no bar."""

from inbox.rules.findings.finding import Finding, FindingKind
from inbox.rules.findings.review import Reviewer, Submission

__all__ = ["Finding", "FindingKind", "Reviewer", "Submission"]
