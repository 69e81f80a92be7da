"""The process: approval, routing, units' responses, surveys, incidents, people, privacy."""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('absence',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('user_id', BIG_ID, nullable=False),
    sa.Column('starts_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(('ix_absence_user_id'), ['user_id'], unique=False)

    op.create_table('account_token',
    sa.Column('token_digest', sa.String(), nullable=False),
    sa.Column('user_id', BIG_ID, nullable=False),
    sa.Column('created_by', BIG_ID, nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['user.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('token_digest')
    )
    with op.batch_alter_table('account_token', schema=None) as batch_op:
        batch_op.create_index(('ix_account_token_user_id'), ['user_id'], unique=False)

    op.create_table('citizen_join',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('kept_id', BIG_ID, nullable=False),
    sa.Column('joined_id', BIG_ID, nullable=False),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.Column('joined_by', BIG_ID, nullable=False),
    sa.Column('joined_at', sa.DateTime(), nullable=False),
    sa.Column('undone_by', BIG_ID, nullable=True),
    sa.Column('undone_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['joined_by'], ['user.id'], ),
    sa.ForeignKeyConstraint(['joined_id'], ['citizen.id'], ),
    sa.ForeignKeyConstraint(['kept_id'], ['citizen.id'], ),
    sa.ForeignKeyConstraint(['undone_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('citizen_join', schema=None) as batch_op:
        batch_op.create_index(('ix_citizen_join_joined_id'), ['joined_id'], unique=False)
        batch_op.create_index(('ix_citizen_join_kept_id'), ['kept_id'], unique=False)

    op.create_table('destruction_run',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('started_by', BIG_ID, nullable=True),
    sa.Column('before', sa.DateTime(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['started_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('incident',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('topic', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('began_at', sa.DateTime(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', BIG_ID, nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index(('ix_incident_state'), ['state'], unique=False)

    op.create_table('leave_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('added_by', BIG_ID, nullable=True),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['added_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('day')
    )
    op.create_table('oidc_identity',
    sa.Column('issuer', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('user_id', BIG_ID, nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('issuer', 'subject')
    )
    with op.batch_alter_table('oidc_identity', schema=None) as batch_op:
        batch_op.create_index(('ix_oidc_identity_user_id'), ['user_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('user_id', BIG_ID, nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('digest')
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(('ix_recovery_code_user_id'), ['user_id'], unique=False)

    op.create_table('roster_shift',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('user_id', BIG_ID, nullable=False),
    sa.Column('starts', sa.String(), nullable=False),
    sa.Column('ends', sa.String(), nullable=False),
    sa.Column('weekdays', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('roster_shift', schema=None) as batch_op:
        batch_op.create_index(('ix_roster_shift_user_id'), ['user_id'], unique=False)

    op.create_table('security_event',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('user_id', BIG_ID, nullable=True),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('security_event', schema=None) as batch_op:
        batch_op.create_index(('ix_security_event_at'), ['at'], unique=False)
        batch_op.create_index(('ix_security_event_user_id'), ['user_id'], unique=False)

    op.create_table('access_record',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('user_id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=True),
    sa.Column('citizen_id', BIG_ID, nullable=True),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizen.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('access_record', schema=None) as batch_op:
        batch_op.create_index(('ix_access_record_application_id'), ['application_id'], unique=False)
        batch_op.create_index(('ix_access_record_at'), ['at'], unique=False)
        batch_op.create_index(('ix_access_record_citizen_id'), ['citizen_id'], unique=False)
        batch_op.create_index(('ix_access_record_user_id'), ['user_id'], unique=False)

    op.create_table('deadline_pause',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('is_fee_notice', sa.Boolean(), nullable=False),
    sa.Column('started_by', BIG_ID, nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['started_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('deadline_pause', schema=None) as batch_op:
        batch_op.create_index(('ix_deadline_pause_application_id'), ['application_id'], unique=False)

    op.create_table('emergency_alarm',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('raised_at', sa.DateTime(), nullable=False),
    sa.Column('off_shift', sa.Boolean(), nullable=False),
    sa.Column('taken_by', BIG_ID, nullable=True),
    sa.Column('taken_at', sa.DateTime(), nullable=True),
    sa.Column('management_informed_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['taken_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('application_id')
    )
    with op.batch_alter_table('emergency_alarm', schema=None) as batch_op:
        batch_op.create_index(('ix_emergency_alarm_taken_at'), ['taken_at'], unique=False)

    op.create_table('field_check',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by', BIG_ID, nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('assignee_id', BIG_ID, nullable=True),
    sa.Column('finding', sa.String(length=32), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('pictures', sa.JSON(), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('checked_by', BIG_ID, nullable=True),
    sa.Column('checked_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['asked_by'], ['user.id'], ),
    sa.ForeignKeyConstraint(['assignee_id'], ['user.id'], ),
    sa.ForeignKeyConstraint(['checked_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('field_check', schema=None) as batch_op:
        batch_op.create_index(('ix_field_check_application_id'), ['application_id'], unique=False)
        batch_op.create_index(('ix_field_check_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_index('ix_field_check_queue', ['finding', 'id'], unique=False)

    op.create_table('incident_apart',
    sa.Column('one_id', BIG_ID, nullable=False),
    sa.Column('other_id', BIG_ID, nullable=False),
    sa.ForeignKeyConstraint(['one_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['other_id'], ['application.id'], ),
    sa.PrimaryKeyConstraint('one_id', 'other_id')
    )
    with op.batch_alter_table('incident_apart', schema=None) as batch_op:
        batch_op.create_index(('ix_incident_apart_other_id'), ['other_id'], unique=False)

    op.create_table('incident_member',
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('incident_id', BIG_ID, nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], ),
    sa.PrimaryKeyConstraint('application_id')
    )
    with op.batch_alter_table('incident_member', schema=None) as batch_op:
        batch_op.create_index(('ix_incident_member_incident_id'), ['incident_id'], unique=False)

    op.create_table('person_request',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('citizen_id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('identity_proof', sa.Text(), nullable=False),
    sa.Column('decided_by', BIG_ID, nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizen.id'], ),
    sa.ForeignKeyConstraint(['decided_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('person_request', schema=None) as batch_op:
        batch_op.create_index(('ix_person_request_application_id'), ['application_id'], unique=False)
        batch_op.create_index(('ix_person_request_citizen_id'), ['citizen_id'], unique=False)
        batch_op.create_index(('ix_person_request_state'), ['state'], unique=False)

    op.create_table('routing',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('routed_by', BIG_ID, nullable=True),
    sa.Column('routed_at', sa.DateTime(), nullable=False),
    sa.Column('return_due_at', sa.DateTime(), nullable=False),
    sa.Column('accepted_by', BIG_ID, nullable=True),
    sa.Column('accepted_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['accepted_by'], ['user.id'], ),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['routed_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('routing', schema=None) as batch_op:
        batch_op.create_index(('ix_routing_application_id'), ['application_id'], unique=False)
        batch_op.create_index(('ix_routing_unit'), ['unit'], unique=False)

    op.create_table('signed_document',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('receiver', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('file_plan_code', sa.String(), nullable=False),
    sa.Column('stored_as', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('created_by', BIG_ID, nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['created_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('signed_document', schema=None) as batch_op:
        batch_op.create_index(('ix_signed_document_application_id'), ['application_id'], unique=False)

    op.create_table('survey',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('solved', sa.Boolean(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('user_id', BIG_ID, nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('not_before', sa.DateTime(), nullable=False),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('application_id')
    )
    with op.batch_alter_table('survey', schema=None) as batch_op:
        batch_op.create_index('ix_survey_queue', ['state', 'id'], unique=False)

    op.create_table('unit_response',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('target_date', sa.Date(), nullable=True),
    sa.Column('attachments', sa.JSON(), nullable=False),
    sa.Column('user_id', BIG_ID, nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', BIG_ID, nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['decided_by'], ['user.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('unit_response', schema=None) as batch_op:
        batch_op.create_index(('ix_unit_response_application_id'), ['application_id'], unique=False)
        batch_op.create_index('ix_unit_response_queue', ['state', 'kind', 'id'], unique=False)

    op.create_table('submission',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('application_id', BIG_ID, nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('suggested', sa.Text(), nullable=False),
    sa.Column('unit', sa.String(), nullable=True),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('after_the_fact', sa.Boolean(), nullable=False),
    sa.Column('response_id', BIG_ID, nullable=True),
    sa.Column('attachments', sa.JSON(), nullable=False),
    sa.Column('submitted_by', BIG_ID, nullable=False),
    sa.Column('submitted_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', BIG_ID, nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['decided_by'], ['user.id'], ),
    sa.ForeignKeyConstraint(['response_id'], ['unit_response.id'], ),
    sa.ForeignKeyConstraint(['submitted_by'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index(('ix_submission_application_id'), ['application_id'], unique=False)
        batch_op.create_index('ix_submission_queue', ['state', 'kind', 'id'], unique=False)

    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.add_column(sa.Column('closing_note', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('brief', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('routed_unit', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('routed_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('accepted_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('deadline_class', sa.String(length=32), nullable=False, server_default='normal'))
        batch_op.add_column(sa.Column('paused_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('target_date', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('told_of_schedule_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('needs_other_body', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('told_of_other_body_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('first_word_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('waiting_since', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('linked_to_id', BIG_ID, nullable=True))
        batch_op.add_column(sa.Column('registered_by', BIG_ID, nullable=True))
        batch_op.add_column(sa.Column('on_behalf_of', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('approval_owed', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('anonymised_at', sa.DateTime(), nullable=True))
        batch_op.create_index(('ix_application_linked_to_id'), ['linked_to_id'], unique=False)
        batch_op.create_index(('ix_application_routed_unit'), ['routed_unit'], unique=False)
        batch_op.create_foreign_key('fk_linked_to_id', 'application', ['linked_to_id'], ['id'])
        batch_op.create_foreign_key('fk_registered_by', 'user', ['registered_by'], ['id'])

    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('parent', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('integrated', sa.Boolean(), nullable=False, server_default=sa.true()))

    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('email', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('password_changed_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('totp_since', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('totp_step', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('authorised_by', BIG_ID, nullable=True))
        batch_op.add_column(sa.Column('authorised_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('channels', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('topics', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('most_open', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('last_given_at', sa.DateTime(), nullable=True))
        batch_op.create_foreign_key('fk_authorised_by', 'user', ['authorised_by'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('application') as batch_op:
        batch_op.drop_index('ix_application_linked_to_id')
        batch_op.drop_index('ix_application_routed_unit')
        batch_op.drop_constraint('fk_linked_to_id', type_='foreignkey')
        batch_op.drop_constraint('fk_registered_by', type_='foreignkey')
        batch_op.drop_column('closing_note')
        batch_op.drop_column('brief')
        batch_op.drop_column('routed_unit')
        batch_op.drop_column('routed_at')
        batch_op.drop_column('accepted_at')
        batch_op.drop_column('deadline_class')
        batch_op.drop_column('paused_at')
        batch_op.drop_column('target_date')
        batch_op.drop_column('told_of_schedule_at')
        batch_op.drop_column('needs_other_body')
        batch_op.drop_column('told_of_other_body_at')
        batch_op.drop_column('first_word_at')
        batch_op.drop_column('waiting_since')
        batch_op.drop_column('linked_to_id')
        batch_op.drop_column('registered_by')
        batch_op.drop_column('on_behalf_of')
        batch_op.drop_column('approval_owed')
        batch_op.drop_column('anonymised_at')
    with op.batch_alter_table('unit') as batch_op:
        batch_op.drop_column('parent')
        batch_op.drop_column('integrated')
    with op.batch_alter_table('user') as batch_op:
        batch_op.drop_constraint('fk_authorised_by', type_='foreignkey')
        batch_op.drop_column('email')
        batch_op.drop_column('password_changed_at')
        batch_op.drop_column('totp_since')
        batch_op.drop_column('totp_step')
        batch_op.drop_column('authorised_by')
        batch_op.drop_column('authorised_at')
        batch_op.drop_column('channels')
        batch_op.drop_column('topics')
        batch_op.drop_column('most_open')
        batch_op.drop_column('last_given_at')
    for table in (
        'submission',
        'unit_response',
        'survey',
        'signed_document',
        'routing',
        'person_request',
        'incident_member',
        'incident_apart',
        'field_check',
        'emergency_alarm',
        'deadline_pause',
        'access_record',
        'security_event',
        'roster_shift',
        'recovery_code',
        'oidc_identity',
        'leave_day',
        'incident',
        'destruction_run',
        'citizen_join',
        'account_token',
        'absence',
    ):
        op.drop_table(table)
