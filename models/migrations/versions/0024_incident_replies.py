"""One answer for all applications of an incident waits for approval like any other."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("submission") as table:
        table.add_column(sa.Column("incident_id", BIG_ID, nullable=True))
        table.create_foreign_key("fk_submission_incident", "incident", ["incident_id"], ["id"])
    op.create_index("ix_submission_incident_id", "submission", ["incident_id"])


def downgrade() -> None:
    op.drop_index("ix_submission_incident_id", "submission")
    with op.batch_alter_table("submission") as table:
        table.drop_column("incident_id")
