"""Trigram indexes for looking people up by any part of their name."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_initial")]

    operations = [
        migrations.AddIndex("debtor", GinIndex(fields=["name_key"], name="debtor_name_trigrams", opclasses=["gin_trgm_ops"])),
    ]
