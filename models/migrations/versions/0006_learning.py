"""The classifier learns from the desk: comparisons of models, promotions, its weeks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "model_comparison",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("champion", sa.String(), nullable=False),
        sa.Column("challenger", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "model_promotion",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("from_version", sa.String(), nullable=False),
        sa.Column("to_version", sa.String(), nullable=False),
        sa.Column("comparison_id", BIG_ID, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"]),
        sa.ForeignKeyConstraint(["comparison_id"], ["model_comparison.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "model_week",
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("auto", sa.Float(), nullable=False),
        sa.Column("unknown_words", sa.Float(), nullable=True),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("topic_corrected", sa.Integer(), nullable=False),
        sa.Column("unit_corrected", sa.Integer(), nullable=False),
        sa.Column("alarms", sa.JSON(), nullable=False),
        sa.Column("alarmed_at", sa.DateTime(), nullable=True),
        sa.Column("model_versions", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("began_at"),
    )


def downgrade() -> None:
    for table in ("model_week", "model_promotion", "model_comparison"):
        op.drop_table(table)
