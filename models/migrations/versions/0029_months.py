"""Months of the reports, as sums of their days."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "month_count",
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("first"),
    )


def downgrade() -> None:
    op.drop_table("month_count")
