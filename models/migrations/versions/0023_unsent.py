"""Indexes of what is not done yet alone: unsent texts, unread deliveries; open applications by rank, too."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OPEN = {
    "ix_application_open_channel": "channel",
    "ix_application_open_topic": "topic",
    "ix_application_open_unit": "unit",
    "ix_application_open_district": "district",
    "ix_application_open_state": "state",
    "ix_application_open_hers": "assignee_id",
}
OLD = {
    "ix_outbox_due": ("outbox_item", ["account_id", "state", "not_before"]),
    "ix_outbox_state": ("outbox_item", ["state", "id"]),
    "ix_delivery_state": ("delivery", ["state"]),
}


def upgrade() -> None:
    for name, column in OPEN.items():
        op.drop_index(name, "application")
        _partial(name, "application", [column, "rank"], sqlite="is_open = 1", postgresql="is_open")
    _partial("ix_application_open", "application", ["is_open"], sqlite="is_open = 1", postgresql="is_open")
    for name, (table, _) in OLD.items():
        op.drop_index(name, table)
    _partial("ix_outbox_unsent", "outbox_item", ["account_id", "state", "not_before"], sqlite="state <> 'sent'")
    _partial("ix_delivery_unread", "delivery", ["account_id"], sqlite="state <> 'parsed'")
    op.create_index("ix_emergency_alarm_raised_at", "emergency_alarm", ["raised_at"])


def downgrade() -> None:
    op.drop_index("ix_emergency_alarm_raised_at", "emergency_alarm")
    op.drop_index("ix_delivery_unread", "delivery")
    op.drop_index("ix_outbox_unsent", "outbox_item")
    for name, (table, columns) in OLD.items():
        op.create_index(name, table, columns)
    op.drop_index("ix_application_open", "application")
    for name, column in OPEN.items():
        op.drop_index(name, "application")
        _partial(name, "application", [column], sqlite="is_open = 1", postgresql="is_open")


def _partial(name: str, table: str, columns: list[str], *, sqlite: str, postgresql: str = "") -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(sqlite), postgresql_where=sa.text(postgresql or sqlite))
