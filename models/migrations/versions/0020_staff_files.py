"""Files that people who work here put to an application, in a table of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EARLIER = {"field_check": "pictures", "submission": "attachments", "unit_response": "attachments"}
"""Columns that named files; no page ever filled them."""


def upgrade() -> None:
    op.create_table(
        "staff_file",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("application_id", BIG_ID, sa.ForeignKey("application.id"), nullable=False),
        sa.Column("user_id", BIG_ID, sa.ForeignKey("user.id"), nullable=False),
        sa.Column("response_id", BIG_ID, sa.ForeignKey("unit_response.id"), nullable=True),
        sa.Column("check_id", BIG_ID, sa.ForeignKey("field_check.id"), nullable=True),
        sa.Column("submission_id", BIG_ID, sa.ForeignKey("submission.id"), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("mime_type", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("stored_as", sa.String(), nullable=False),
        sa.Column("thumbnail", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    for column in ("application_id", "response_id", "check_id", "submission_id"):
        op.create_index(f"ix_staff_file_{column}", "staff_file", [column])
    for table, column in EARLIER.items():
        op.drop_column(table, column)


def downgrade() -> None:
    for table, column in EARLIER.items():
        op.add_column(table, sa.Column(column, sa.JSON(), nullable=False, server_default="[]"))
    op.drop_table("staff_file")
