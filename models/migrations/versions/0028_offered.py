"""Which answers a text offers follows from its words."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("outbox_item", "quick_replies")


def downgrade() -> None:
    op.add_column("outbox_item", sa.Column("quick_replies", sa.JSON(), nullable=False, server_default="[]"))
