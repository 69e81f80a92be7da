"""Looks at hidden data that chief or manager allowed; chains and records of looks that only grow."""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GUARDED = {
    'history_entry': ('UPDATE', 'DELETE'),
    'access_record': ('UPDATE OF user_id, application_id, what, at', 'DELETE'),
}
"""What the database refuses; the reason and the citizen of a look can be erased, the look itself not."""


def upgrade() -> None:
    op.create_table('unmasking',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('user_id', BIG_ID, nullable=True),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('granted_by', BIG_ID, nullable=False),
    sa.Column('granted_at', sa.DateTime(), nullable=False),
    sa.Column('until', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.ForeignKeyConstraint(['granted_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('unmasking', schema=None) as batch_op:
        batch_op.create_index('ix_unmasking_application_id', ['application_id'], unique=False)
        batch_op.create_index('ix_unmasking_user_id', ['user_id'], unique=False)
    postgres = op.get_bind().dialect.name == 'postgresql'
    if postgres:
        op.execute("""
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$
        """)
    for table, events in GUARDED.items():
        for event in events:
            op.execute(_guard(table, event, postgres=postgres))
        if postgres:
            op.execute(
                f"CREATE TRIGGER {table}_keeps_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def _guard(table: str, event: str, *, postgres: bool) -> str:
    name = f"{table}_keeps_{event.split()[0].lower()}"
    if postgres:
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == 'postgresql'
    for table, events in GUARDED.items():
        for event in (*(one.split()[0].lower() for one in events), *(['truncate'] if postgres else [])):
            op.execute(f"DROP TRIGGER {table}_keeps_{event}" + (f" ON {table}" if postgres else ""))
    if postgres:
        op.execute("DROP FUNCTION refuse_change()")
    op.drop_table('unmasking')
