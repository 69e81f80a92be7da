"""Words that a platform lets us ask for; notices with a wrong signature, by account."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lookup",
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("pointer", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("account_id", "external_id"),
    )
    op.create_index("ix_lookup_due_at", "lookup", ["due_at"])
    with op.batch_alter_table("account_health") as table:
        table.add_column(sa.Column("refused_pushes", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("refused_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("account_health") as table:
        table.drop_column("refused_at")
        table.drop_column("refused_pushes")
    op.drop_table("lookup")
