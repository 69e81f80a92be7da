"""Corrective and preventive actions."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "corrective_action",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("opened_by", BIG_ID, sa.ForeignKey("user.id"), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("planned_by", BIG_ID, sa.ForeignKey("user.id"), nullable=True),
        sa.Column("planned_at", sa.DateTime(), nullable=True),
        sa.Column("effective", sa.Boolean(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("closed_by", BIG_ID, sa.ForeignKey("user.id"), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_corrective_action_closed_at", "corrective_action", ["closed_at"])


def downgrade() -> None:
    op.drop_table("corrective_action")
