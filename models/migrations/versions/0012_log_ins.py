"""Where a log-in came from and what it still waits for; tries of passwords and codes, so that a restart forgets none."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name in ("address", "device", "waits_for"):
        op.add_column("user_session", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "log_in_try",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("login_digest", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("log_in_try", schema=None) as batch_op:
        batch_op.create_index("ix_log_in_try_login_digest", ["login_digest"], unique=False)
        batch_op.create_index("ix_log_in_try_address", ["address"], unique=False)
        batch_op.create_index("ix_log_in_try_at", ["at"], unique=False)
    op.execute('UPDATE "user" SET password_changed_at = created_at WHERE password_changed_at IS NULL')
    op.execute('UPDATE "user" SET authorised_at = created_at WHERE authorised_at IS NULL AND unit IS NOT NULL')


def downgrade() -> None:
    op.drop_table("log_in_try")
    for name in ("waits_for", "device", "address"):
        op.drop_column("user_session", name)
