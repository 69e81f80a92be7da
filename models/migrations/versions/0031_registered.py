"""Applications by the time of their registration, by which reports count them."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_application_created", "application", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_application_created", "application")
