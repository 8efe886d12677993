"""What the run's rows point at is never deleted: the database refuses it.

A run writes millions of references that it has just read in the same transaction; checking each again on insert
costs more than writing them. So those columns carry no foreign key, and the other half of one, that nothing they
point at may vanish, is kept by these triggers.
"""

from django.db import migrations

NEVER_DELETED = (
    "parties_company", "parties_debtor", "parties_contract", "parties_contactpoint", "receivables_receivable",
    "ladders_portfolio", "ladders_run", "ladders_ladderversion", "cases_phase", "messaging_templateversion",
)  # fmt: skip

FUNCTION = """
create function quita_is_never_deleted() returns trigger language plpgsql as
$$ begin raise exception '% is never deleted: other rows point at it', tg_table_name using errcode = 'foreign_key_violation'; end $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ladders", "0005_references_by_trigger"),
        ("parties", "0004_worklist_indexes"),
        ("receivables", "0002_worklist_indexes"),
        ("cases", "0005_references_by_trigger"),
        ("messaging", "0006_references_by_trigger"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "drop function quita_is_never_deleted()"),
        *(
            migrations.RunSQL(
                f"create trigger {table}_never_deleted before delete on {table} "
                f"for each row execute function quita_is_never_deleted()",
                f"drop trigger {table}_never_deleted on {table}",
            )
            for table in NEVER_DELETED
        ),
    ]
