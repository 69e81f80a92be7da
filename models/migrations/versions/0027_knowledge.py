"""Articles of Akıl Kutusu that the desk has written, as a row for each state."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "article_revision",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("short_text", sa.Text(), nullable=False),
        sa.Column("long_text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("user_id", BIG_ID, sa.ForeignKey("user.id"), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_article_revision_article_id", "article_revision", ["article_id"])


def downgrade() -> None:
    op.drop_table("article_revision")
