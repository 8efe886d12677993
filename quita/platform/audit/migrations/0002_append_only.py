"""The audit only grows: the database refuses to change or delete an entry."""

from django.db import migrations

FORWARD = """
create function quita_audit_is_append_only() returns trigger language plpgsql as
$$ begin raise exception 'audit entries are never changed or deleted'; end $$;
create trigger audit_append_only before update or delete on audit_entry
for each row execute function quita_audit_is_append_only();
"""
BACKWARD = "drop trigger audit_append_only on audit_entry; drop function quita_audit_is_append_only();"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
