"""Calendar days carry no foreign key: half a million of them are written at set-up, each from the calendar it names.

The other half of a foreign key, that no calendar vanishes under its days, is kept by a trigger.
"""

import django.db.models.deletion
from django.db import migrations, models

FUNCTION = """
create function quita_calendar_is_never_deleted() returns trigger language plpgsql as
$$ begin raise exception 'a calendar is never deleted: its days point at it' using errcode = 'foreign_key_violation'; end $$
"""
TRIGGER = """
create trigger parties_calendar_never_deleted before delete on parties_calendar
for each row execute function quita_calendar_is_never_deleted()
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_worklist_indexes")]

    operations = [
        migrations.AlterField(
            model_name="calendarday",
            name="calendar",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="parties.calendar",
            ),
        ),
        migrations.RunSQL(FUNCTION, "drop function quita_calendar_is_never_deleted()"),
        migrations.RunSQL(TRIGGER, "drop trigger parties_calendar_never_deleted on parties_calendar"),
    ]
