"""How texts leave, who cannot be reached, what is hidden, and what it all costs."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox_item") as table:
        table.add_column(sa.Column("mode", sa.String(length=32), nullable=False, server_default="reply"))
        table.add_column(sa.Column("quick_replies", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("awaits_since", sa.DateTime(), nullable=True))
    with op.batch_alter_table("identity") as table:
        table.add_column(sa.Column("unreachable_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("hidden_at", sa.DateTime(), nullable=True))
    op.create_table(
        "account_cost",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("micros", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("account_id", "day", "kind"),
    )


def downgrade() -> None:
    op.drop_table("account_cost")
    op.drop_column("message", "hidden_at")
    op.drop_column("identity", "unreachable_at")
    for column in ("awaits_since", "quick_replies", "mode"):
        op.drop_column("outbox_item", column)
