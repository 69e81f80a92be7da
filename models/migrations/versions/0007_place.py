"""Where an application's matter lies, in degrees, where somebody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("application", sa.Column("latitude", sa.Float(), nullable=True))
    op.add_column("application", sa.Column("longitude", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("application", "longitude")
    op.drop_column("application", "latitude")
