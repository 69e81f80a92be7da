"""Notices about limits that were sent."""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('sent_reminder',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('duty', sa.String(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('planned_at', sa.DateTime(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('is_warning', sa.Boolean(), nullable=False),
    sa.Column('unit', sa.String(), nullable=True),
    sa.Column('user_id', BIG_ID, nullable=True),
    sa.Column('sent_at', sa.DateTime(), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('application_id', 'duty', 'due_at', 'planned_at', 'recipient', 'is_warning')
    )
    with op.batch_alter_table('sent_reminder', schema=None) as batch_op:
        batch_op.create_index('ix_sent_reminder_sent_at', ['sent_at'], unique=False)
        batch_op.create_index('ix_sent_reminder_user_id', ['user_id'], unique=False)


def downgrade() -> None:
    op.drop_table('sent_reminder')
