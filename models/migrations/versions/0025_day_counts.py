"""Counts of days for reports, followers and posts of accounts; indexes by which a day is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

FEW = {
    "ix_application_first_answer": ("application", "first_answer_at"),
    "ix_unit_response_decided": ("unit_response", "decided_at"),
    "ix_survey_answered": ("survey", "answered_at"),
}
ALL = {
    "ix_routing_routed": ("routing", "routed_at"),
    "ix_unit_response_created": ("unit_response", "created_at"),
}


def upgrade() -> None:
    op.create_table(
        "day_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("backlog", sa.JSON(), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "account_figure",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("followers", sa.Integer(), nullable=True),
        sa.Column("posts", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("account_id", "day"),
    )
    for name, (table, column) in FEW.items():
        filled = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=filled, postgresql_where=filled)
    for name, (table, column) in ALL.items():
        op.create_index(name, table, [column])


def downgrade() -> None:
    for name, (table, _) in {**ALL, **FEW}.items():
        op.drop_index(name, table)
    op.drop_table("account_figure")
    op.drop_table("day_count")
