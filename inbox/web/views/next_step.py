"""The next step of an application in words: what, whose, until when."""

from dataclasses import dataclass

from inbox.rules.next_step import OWNER_NAMES, TASK_NAMES, Owner
from inbox.services.reading import ApplicationFile
from inbox.web.views.labels import Labels
from inbox.web.views.moments import Moments


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepView:
    task: str
    owner: str
    until: str


def next_step_view(file: ApplicationFile, *, labels: Labels, moments: Moments) -> NextStepView | None:
    """None for a finished application."""
    step = file.next_step
    if step is None:
        return None
    owner = OWNER_NAMES[step.owner]
    if step.owner is Owner.PERSON:
        owner = file.people.get(step.user_id or 0, owner)
    elif step.owner is Owner.UNIT:
        owner = labels.unit(step.unit)
    return NextStepView(task=TASK_NAMES[step.task], owner=owner, until=moments.exact(step.until))
