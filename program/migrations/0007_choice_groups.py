from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    """Every visit is of the one group; a parallel workshop on offer without any is, as until now, a group of its own.

    Choices follow their session by a foreign key. Who holds two visits already stops the migration: which seat goes,
    no software knows.
    """
    sessions = apps.get_model("program", "Session").objects
    sessions.filter(kind="visit").exclude(choice_group="visits").update(choice_group="visits")
    sessions.filter(kind="parallel", on_form=True, choice_group="").update(choice_group=F("code"))
    # A table with rows that are still to be checked cannot be altered.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("program", "0006_codes_leave_pages_alone")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="session",
            name="choice_group",
            field=models.SlugField(blank=True, help_text="A person chooses one session of a group at most. All visits are one group.", verbose_name="choice group"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("kind", "visit"), _negated=True), ("choice_group", "visits"), _connector="OR"), name="program_session_visits_are_one_group", violation_error_message="All visits are one choice group: nobody makes two of them."),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("kind", "parallel"), ("on_form", True), _negated=True), models.Q(("choice_group", ""), _negated=True), _connector="OR"), name="program_session_parallel_on_form_in_a_group", violation_error_message="Name the choice group of a parallel workshop that is offered: the same for all that take place at the same time, so that nobody chooses two."),
        ),
    ]
