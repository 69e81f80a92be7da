"""Lists beyond the open applications stand by time alone: nothing reads the limits of closed ones in order."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_application_all_due", "application")


def downgrade() -> None:
    op.create_index("ix_application_all_due", "application", ["rank", "due_at", "id"])
