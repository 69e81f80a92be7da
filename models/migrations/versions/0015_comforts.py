"""Saved views, unsent and ready-made texts, mentions, bulk work, laying an application aside."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("application", sa.Column("snoozed_until", sa.DateTime(), nullable=True))
    op.create_table(
        "saved_view",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("owner_id", BIG_ID, sa.ForeignKey("user.id"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_saved_view_owner_id", "saved_view", ["owner_id"])
    op.create_table(
        "unsent_text",
        sa.Column("application_id", BIG_ID, sa.ForeignKey("application.id"), primary_key=True),
        sa.Column("user_id", BIG_ID, sa.ForeignKey("user.id"), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "ready_text",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("owner_id", BIG_ID, sa.ForeignKey("user.id"), nullable=True),
        sa.Column("shortcut", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_ready_text_owner_id", "ready_text", ["owner_id"])
    op.create_index("ix_ready_text_shortcut", "ready_text", ["shortcut"])
    op.create_table(
        "mention",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("note_id", BIG_ID, sa.ForeignKey("note.id"), nullable=False),
        sa.Column("application_id", BIG_ID, sa.ForeignKey("application.id"), nullable=False),
        sa.Column("user_id", BIG_ID, sa.ForeignKey("user.id"), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_mention_note_id", "mention", ["note_id"])
    op.create_index("ix_mention_application_id", "mention", ["application_id"])
    op.create_index("ix_mention_unread", "mention", ["user_id", "read_at", "id"])
    op.create_table(
        "bulk_work",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("user_id", BIG_ID, sa.ForeignKey("user.id"), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_bulk_work_done_at", "bulk_work", ["done_at"])


def downgrade() -> None:
    for table in ("bulk_work", "mention", "ready_text", "unsent_text", "saved_view"):
        op.drop_table(table)
    op.drop_column("application", "snoozed_until")
