"""Which sender holds a claim."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox_item") as table:
        table.add_column(sa.Column("claimed_by", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("outbox_item", "claimed_by")
