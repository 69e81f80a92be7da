"""Files to be downloaded and erased, copies of deliveries, receipts by our own tag."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sqlmodel.sql.sqltypes.AutoString()


def upgrade() -> None:
    with op.batch_alter_table("message_attachment") as table:
        table.add_column(sa.Column("thumbnail", NAME, nullable=False, server_default=""))
        table.add_column(sa.Column("fetch_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("fetch_tries", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("fetch_problem", sa.Text(), nullable=False, server_default=""))
        table.create_index("ix_message_attachment_fetch_at", ["fetch_at"])
        table.create_index("ix_message_attachment_external_id", ["external_id"])
    with op.batch_alter_table("parked_receipt") as table:
        table.add_column(sa.Column("reference", NAME, nullable=False, server_default=""))
        table.add_column(sa.Column("piece", NAME, nullable=False, server_default=""))
        table.create_index("ix_parked_receipt_reference", ["reference"])
    op.create_table(
        "erased_file",
        sa.Column("name", NAME, nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "event_copy",
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", NAME, nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"]),
        sa.PrimaryKeyConstraint("delivery_id", "external_id"),
    )
    op.create_index("ix_event_copy_external_id", "event_copy", ["external_id"])


def downgrade() -> None:
    op.drop_table("event_copy")
    op.drop_table("erased_file")
    with op.batch_alter_table("parked_receipt") as table:
        table.drop_index("ix_parked_receipt_reference")
        table.drop_column("piece")
        table.drop_column("reference")
    with op.batch_alter_table("message_attachment") as table:
        table.drop_index("ix_message_attachment_fetch_at")
        table.drop_index("ix_message_attachment_external_id")
        for column in ("fetch_problem", "fetch_tries", "fetch_at", "thumbnail"):
            table.drop_column(column)
