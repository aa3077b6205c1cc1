"""Seats as rows, wishes for visits, half-hours of meeting rooms; and what Django's models cannot say of them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# (table, name, columns, target table, target columns, on update)
KEYS = [
    # Seats follow the number of their session; the check on the seat keeps its number below.
    ("registration_seat", "registration_seat_follows_session", "session_id, capacity", "program_session", "id, seats", "ON UPDATE CASCADE ON DELETE CASCADE"),
    # Somebody's seat is one of the session that was chosen.
    ("registration_sessionchoice", "registration_sessionchoice_seat_of_session", "seat_id, session_id", "registration_seat", "id, session_id", ""),
]

# What hangs on rows of two tables. The rows looked at are locked, so that two at once cannot both be right. Whoever
# begins or ceases to count the seats of a session defers the first two to the end of that change.
GUARDS = """
CREATE FUNCTION registration_sessionchoice_is_seated_or_waits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  choice registration_sessionchoice;
  counted boolean;
  place bigint;
BEGIN
  SELECT * INTO choice FROM registration_sessionchoice WHERE id = NEW.id;
  IF NOT FOUND OR choice.is_waiting THEN
    RETURN NULL;
  END IF;
  IF choice.seat_id IS NULL THEN
    SELECT seats IS NOT NULL INTO counted FROM program_session WHERE id = choice.session_id FOR KEY SHARE;
    IF counted THEN
      RAISE EXCEPTION 'the seats of session % are counted: a choice has one, or waits', choice.session_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_sessionchoice_seated_or_waits';
    END IF;
  ELSE
    SELECT place_id INTO place FROM registration_registration WHERE id = choice.registration_id FOR KEY SHARE;
    IF place IS NULL THEN
      RAISE EXCEPTION 'registration % has no place, and therefore no seat', choice.registration_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_sessionchoice_seat_needs_a_place';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER registration_sessionchoice_is_seated_or_waits
  AFTER INSERT OR UPDATE ON registration_sessionchoice DEFERRABLE INITIALLY IMMEDIATE
  FOR EACH ROW EXECUTE FUNCTION registration_sessionchoice_is_seated_or_waits();

CREATE FUNCTION registration_seats_begin_to_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM registration_sessionchoice choice JOIN program_session session ON session.id = choice.session_id
    WHERE choice.session_id = NEW.id AND choice.seat_id IS NULL AND NOT choice.is_waiting
      AND session.seats IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'people have chosen session % without a seat', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_sessionchoice_seated_or_waits';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER registration_seats_begin_to_count
  AFTER UPDATE OF seats ON program_session DEFERRABLE INITIALLY IMMEDIATE
  FOR EACH ROW WHEN (OLD.seats IS NULL AND NEW.seats IS NOT NULL)
  EXECUTE FUNCTION registration_seats_begin_to_count();

CREATE FUNCTION registration_no_seat_without_a_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM registration_sessionchoice WHERE registration_id = NEW.id AND seat_id IS NOT NULL) THEN
    RAISE EXCEPTION 'registration % still has seats', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_sessionchoice_seat_needs_a_place';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registration_no_seat_without_a_place BEFORE UPDATE OF place_id ON registration_registration
  FOR EACH ROW WHEN (OLD.place_id IS NOT NULL AND NEW.place_id IS NULL)
  EXECUTE FUNCTION registration_no_seat_without_a_place();
"""
NO_GUARDS = """
DROP TRIGGER registration_no_seat_without_a_place ON registration_registration;
DROP FUNCTION registration_no_seat_without_a_place();
DROP TRIGGER registration_seats_begin_to_count ON program_session;
DROP FUNCTION registration_seats_begin_to_count();
DROP TRIGGER registration_sessionchoice_is_seated_or_waits ON registration_sessionchoice;
DROP FUNCTION registration_sessionchoice_is_seated_or_waits();
"""

# What was chosen before seats were counted keeps its order: the first have seats, the others wait.
CHOSEN_BEFORE = """
INSERT INTO registration_seat (session_id, number, capacity)
SELECT s.id, n, s.seats FROM program_session s LEFT JOIN program_fieldvisit v ON v.session_id = s.id,
  generate_series(1, s.seats - coalesce(v.seats_chinese, 0) - coalesce(v.seats_reserved, 0)) n
WHERE s.seats IS NOT NULL;
WITH ordered AS (
  SELECT c.id, c.session_id, r.place_id IS NOT NULL AS may_sit,
    row_number() OVER (PARTITION BY c.session_id, r.place_id IS NOT NULL ORDER BY c.id) AS number
  FROM registration_sessionchoice c
  JOIN registration_registration r ON r.id = c.registration_id
  JOIN program_session s ON s.id = c.session_id AND s.seats IS NOT NULL
), given AS (
  SELECT o.id, seat.id AS seat_id FROM ordered o
  LEFT JOIN registration_seat seat ON o.may_sit AND seat.session_id = o.session_id AND seat.number = o.number
)
UPDATE registration_sessionchoice c SET seat_id = given.seat_id, is_waiting = given.seat_id IS NULL
FROM given WHERE given.id = c.id;
UPDATE registration_sessionchoice c SET chosen_at = b.submitted_at
FROM registration_registration r JOIN registration_booking b ON b.id = r.booking_id WHERE r.id = c.registration_id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assises', '0003_days_and_sides'),
        ('program', '0003_keys_and_frozen_releases'),
        ('registration', '0002_place_within_capacity_and_edition'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AssignedVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('missed', models.JSONField(blank=True, default=list)),
            ],
            options={
                'verbose_name': 'assigned visit',
                'verbose_name_plural': 'assigned visits',
                'ordering': ['assignment', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MeetingSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.TimeField(verbose_name='starts at')),
                ('taken_at', models.DateTimeField(verbose_name='taken at')),
            ],
            options={
                'verbose_name': 'half-hour of a meeting room',
                'verbose_name_plural': 'half-hours of meeting rooms',
                'ordering': ['session', 'starts_at'],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('capacity', models.PositiveIntegerField(editable=False)),
            ],
            options={
                'verbose_name': 'seat',
                'verbose_name_plural': 'seats',
                'ordering': ['session', 'number'],
            },
        ),
        migrations.CreateModel(
            name='VisitAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('inputs_hash', models.CharField(editable=False, max_length=64)),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='applied at')),
            ],
            options={
                'verbose_name': 'assignment of visits',
                'verbose_name_plural': 'assignments of visits',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='VisitWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(verbose_name='rank')),
            ],
            options={
                'verbose_name': 'wish for a visit',
                'verbose_name_plural': 'wishes for visits',
                'ordering': ['registration', 'rank'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='sessionchoice',
            name='registration_sessionchoice_one_per_group',
        ),
        migrations.AddField(
            model_name='sessionchoice',
            name='chosen_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='chosen at'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='sessionchoice',
            name='is_waiting',
            field=models.BooleanField(default=False, verbose_name='waits for a seat'),
        ),
        migrations.AddField(
            model_name='sessionchoice',
            name='rank_at_entry',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='rank when the waiting list was joined'),
        ),
        migrations.AddField(
            model_name='assignedvisit',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assigned_visits', to='registration.registration'),
        ),
        migrations.AddField(
            model_name='assignedvisit',
            name='session',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='program.session'),
        ),
        migrations.AddField(
            model_name='meetingslot',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meeting_slots', to='registration.registration', verbose_name='taken by'),
        ),
        migrations.AddField(
            model_name='meetingslot',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meeting_slots', to='program.session', verbose_name='room and day'),
        ),
        migrations.AddField(
            model_name='seat',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seat_rows', to='program.session', verbose_name='session'),
        ),
        migrations.AddField(
            model_name='sessionchoice',
            name='seat',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='choice', to='registration.seat'),
        ),
        migrations.AddIndex(
            model_name='sessionchoice',
            index=models.Index(condition=models.Q(('is_waiting', True)), fields=['session', 'id'], name='registration_seats_awaited'),
        ),
        migrations.AddConstraint(
            model_name='sessionchoice',
            constraint=models.UniqueConstraint(condition=models.Q(('choice_group', ''), _negated=True), fields=('registration', 'choice_group', 'is_waiting'), name='registration_sessionchoice_one_per_group', violation_error_message='Choose one session of this group at most.'),
        ),
        migrations.AddConstraint(
            model_name='sessionchoice',
            constraint=models.CheckConstraint(condition=models.Q(('seat__isnull', True), ('is_waiting', False), _connector='OR'), name='registration_sessionchoice_seat_or_waiting', violation_error_message='Who has a seat does not wait for it.'),
        ),
        migrations.AddField(
            model_name='visitassignment',
            name='applied_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='applied by'),
        ),
        migrations.AddField(
            model_name='visitassignment',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visit_assignments', to='assises.edition', verbose_name='edition'),
        ),
        migrations.AddField(
            model_name='visitassignment',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by'),
        ),
        migrations.AddField(
            model_name='assignedvisit',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='registration.visitassignment'),
        ),
        migrations.AddField(
            model_name='visitwish',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='registration.registration'),
        ),
        migrations.AddField(
            model_name='visitwish',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='program.session'),
        ),
        migrations.AddConstraint(
            model_name='meetingslot',
            constraint=models.UniqueConstraint(fields=('session', 'starts_at'), name='registration_meetingslot_once', violation_error_message='Somebody else has just taken this half-hour.'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('session', 'number'), name='registration_seat_one_per_number'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', models.F('capacity'))), name='registration_seat_within_capacity', violation_error_message='There are no seats beyond those of the session.'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('id', 'session'), name='registration_seat_session_key'),
        ),
        migrations.AddConstraint(
            model_name='visitassignment',
            constraint=models.UniqueConstraint(condition=models.Q(('applied_at__isnull', False)), fields=('edition',), name='registration_visitassignment_applied_once', violation_error_message='The visits of this edition are assigned already.'),
        ),
        migrations.AddConstraint(
            model_name='assignedvisit',
            constraint=models.UniqueConstraint(fields=('assignment', 'registration'), name='registration_assignedvisit_once'),
        ),
        migrations.AddConstraint(
            model_name='assignedvisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rank__isnull', True), ('session__isnull', True)), models.Q(('rank__isnull', False), ('session__isnull', False)), _connector='OR'), name='registration_assignedvisit_rank_iff_session'),
        ),
        migrations.AddConstraint(
            model_name='visitwish',
            constraint=models.UniqueConstraint(fields=('registration', 'rank'), name='registration_visitwish_one_per_rank'),
        ),
        migrations.AddConstraint(
            model_name='visitwish',
            constraint=models.UniqueConstraint(fields=('registration', 'session'), name='registration_visitwish_once', violation_error_message='Name each visit once.'),
        ),
        migrations.AddConstraint(
            model_name='visitwish',
            constraint=models.CheckConstraint(condition=models.Q(('rank__gte', 1), ('rank__lte', 3)), name='registration_visitwish_rank_1_to_3'),
        ),
        *[
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
                f"REFERENCES {target} ({target_columns}) {on_update}",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, columns, target, target_columns, on_update in KEYS
        ],
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunSQL(CHOSEN_BEFORE, migrations.RunSQL.noop),
    ]
