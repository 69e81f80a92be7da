"""Indexes for the walks of the lists: open or all, by due date or by last message, of a unit, of a person."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NEW = {
    "ix_application_open_due": ["is_open", "rank", "due_at", "id"],
    "ix_application_open_recent": ["is_open", "rank", "last_message_at", "id"],
    "ix_application_open_channel": ["is_open", "channel"],
    "ix_application_all_due": ["rank", "due_at", "id"],
    "ix_application_all_recent": ["rank", "last_message_at", "id"],
    "ix_application_unit_due": ["routed_unit", "is_open", "rank", "due_at", "id"],
    "ix_application_hers": ["assignee_id", "is_open"],
}
OLD = {
    "ix_application_inbox": ["is_open", "rank", "id"],
    "ix_application_channel": ["channel"],
    "ix_application_routed_unit": ["routed_unit"],
    "ix_application_assignee_id": ["assignee_id"],
}


def upgrade() -> None:
    _replace(OLD, NEW)


def downgrade() -> None:
    _replace(NEW, OLD)


def _replace(gone: dict[str, list[str]], made: dict[str, list[str]]) -> None:
    for name in gone:
        op.drop_index(name, "application")
    for name, columns in made.items():
        op.create_index(name, "application", columns)
