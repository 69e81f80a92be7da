"""Whose applications: of open ones alone, and of all in the order of lists."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_application_hers", "application")
    op.create_index(
        "ix_application_open_hers",
        "application",
        ["assignee_id"],
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_index("ix_application_all_hers", "application", ["assignee_id", "rank", "last_message_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_application_all_hers", "application")
    op.drop_index("ix_application_open_hers", "application")
    op.create_index("ix_application_hers", "application", ["assignee_id", "is_open"])
