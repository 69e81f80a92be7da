"""Units with a contact address that can be closed; ready-made texts and shared views of one role."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("unit") as table:
        table.add_column(sa.Column("contact", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("ready_text", sa.Column("role", sa.String(), nullable=True))
    op.add_column("saved_view", sa.Column("role", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("saved_view", "role")
    op.drop_column("ready_text", "role")
    op.drop_column("unit", "active")
    op.drop_column("unit", "contact")
