"""Indexes that do not grow with what is finished: of open applications alone; of the rest in the order of lists."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OPEN = {
    "ix_application_open_due": ["rank", "due_at", "id"],
    "ix_application_open_recent": ["rank", "last_message_at", "id"],
    "ix_application_open_channel": ["channel"],
    "ix_application_open_topic": ["topic"],
    "ix_application_open_unit": ["unit"],
    "ix_application_open_district": ["district"],
    "ix_application_open_state": ["state"],
}
FILLED = {
    "ix_application_snoozed": ("application", "snoozed_until"),
    "ix_application_anonymised": ("application", "anonymised_at"),
    "ix_message_deleted": ("message", "deleted_at"),
}
NEW = {
    "ix_application_all_topic": ("application", ["topic", "rank", "last_message_at", "id"]),
    "ix_application_all_unit": ("application", ["unit", "rank", "last_message_at", "id"]),
    "ix_application_all_district": ("application", ["district", "rank", "last_message_at", "id"]),
    "ix_application_all_state": ("application", ["state", "rank", "last_message_at", "id"]),
    "ix_application_closed": ("application", ["closed_at", "id"]),
    "ix_application_answered": ("application", ["answered_at"]),
    "ix_delivery_account": ("delivery", ["account_id", "received_at"]),
    "ix_outbox_due": ("outbox_item", ["account_id", "state", "not_before"]),
    "ix_outbox_state": ("outbox_item", ["state", "id"]),
    "ix_outbox_sent": ("outbox_item", ["account_id", "sent_at"]),
}
OLD = {
    "ix_application_open_due": ("application", ["is_open", "rank", "due_at", "id"]),
    "ix_application_open_recent": ("application", ["is_open", "rank", "last_message_at", "id"]),
    "ix_application_open_channel": ("application", ["is_open", "channel"]),
    "ix_application_state": ("application", ["state"]),
    "ix_application_topic": ("application", ["topic"]),
    "ix_application_unit": ("application", ["unit"]),
    "ix_application_due_at": ("application", ["due_at"]),
    "ix_delivery_account_id": ("delivery", ["account_id"]),
    "ix_outbox_due": ("outbox_item", ["state", "not_before"]),
    "ix_outbox_item_account_id": ("outbox_item", ["account_id"]),
}


def upgrade() -> None:
    for name, (table, _) in OLD.items():
        op.drop_index(name, table)
    for name, (table, columns) in NEW.items():
        op.create_index(name, table, columns)
    for name, columns in OPEN.items():
        op.create_index(
            name, "application", columns, sqlite_where=sa.text("is_open = 1"), postgresql_where=sa.text("is_open")
        )
    for name, (table, column) in FILLED.items():
        filled = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=filled, postgresql_where=filled)


def downgrade() -> None:
    for name, (table, _) in FILLED.items():
        op.drop_index(name, table)
    for name in OPEN:
        op.drop_index(name, "application")
    for name, (table, _) in NEW.items():
        op.drop_index(name, table)
    for name, (table, columns) in OLD.items():
        op.create_index(name, table, columns)
