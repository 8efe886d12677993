"""The contact policy a new installation starts with: a default stricter than any state's law, and the states' laws.

Weekdays: 0 Monday … 6 Sunday, 7 civil holiday. A state's row dates from the year of its norm. Where sources on a norm
disagree, the stricter reading is kept and the row says so. People change these rows on the contact-policy page.
"""

import datetime as dt

from django.db import migrations

WEEK, SATURDAY, SUNDAY, HOLIDAY = range(5), 5, 6, 7
DEFAULT = "Política padrão do Quita, mais restritiva que as leis estaduais conhecidas (CDC, arts. 42 e 71)"

# channel: (Monday to Friday, Saturday); Sundays and civil holidays are closed for all of them. Letters are free.
DEFAULT_WEEK = {
    "voice": (("09:00", "18:00"), None),
    "whatsapp": (("08:00", "19:00"), ("09:00", "13:00")),
    "sms": (("08:00", "19:00"), ("09:00", "13:00")),
    "email": (("07:00", "20:00"), ("07:00", "20:00")),
}

# state, channels, Monday to Friday, Saturday, norm, year
STATES = (
    ("SP", ("voice",), ("08:00", "20:00"), ("08:00", "14:00"), "Lei 15.426/2014 (SP): ligações de cobrança", 2014),
    ("RJ", ("voice",), ("09:00", "19:00"), None, "Lei 6.854/2014 (RJ), red. Lei 7.868/2018: ligações só em dias úteis", 2018),
    ("ES", ("voice",), ("08:00", "19:00"), None, "Lei 10.626/2017 (ES): telemarketing e cobrança", 2017),
    ("AL", ("voice", "sms", "whatsapp"), ("08:00", "20:00"), ("08:00", "14:00"), "Lei 7.782/2016 (AL): ligações e mensagens", 2016),
    ("AM", ("voice",), ("08:00", "18:00"), None, "Lei Promulgada 306/2016 (AM): fontes divergem, vale a leitura mais restritiva", 2016),
)
# Where calls are closed on Saturdays, chat and text messages keep the day closed too.
QUIET_SATURDAYS = (
    ("RJ", "Lei 6.854/2014 (RJ), por analogia com as ligações", 2018),
    ("ES", "Lei 10.626/2017 (ES), por analogia com as ligações", 2017),
    ("AM", "Lei Promulgada 306/2016 (AM), por analogia com as ligações", 2016),
)

# channel, window in days, at most, gap in hours
CAPS = (
    ("voice", 1, 1, None),
    ("voice", 7, 3, None),
    ("", 1, 1, None),
    ("", 7, 3, None),
    ("", 30, 10, None),
    ("", None, None, 20),
)


def load(apps, schema_editor):
    Rule = apps.get_model("messaging", "ContactRule")
    Cap = apps.get_model("messaging", "ContactCap")
    rows = []

    def add(uf, channel, weekday, hours, legal_ref, year):
        starts, ends = (dt.time.fromisoformat(hour) for hour in hours) if hours else (None, None)
        rows.append(
            Rule(
                uf=uf, channel=channel, weekday=weekday, starts=starts, ends=ends, legal_ref=legal_ref,
                valid_from=dt.date(year, 1, 1),
            )
        )

    for channel, (week, saturday) in DEFAULT_WEEK.items():
        for weekday in WEEK:
            add("", channel, weekday, week, DEFAULT, 2000)
        add("", channel, SATURDAY, saturday, DEFAULT, 2000)
        add("", channel, SUNDAY, None, DEFAULT, 2000)
        add("", channel, HOLIDAY, None, DEFAULT, 2000)
    for uf, channels, week, saturday, legal_ref, year in STATES:
        for channel in channels:
            for weekday in WEEK:
                add(uf, channel, weekday, week, legal_ref, year)
            add(uf, channel, SATURDAY, saturday, legal_ref, year)
            add(uf, channel, SUNDAY, None, legal_ref, year)
            add(uf, channel, HOLIDAY, None, legal_ref, year)
    for uf, legal_ref, year in QUIET_SATURDAYS:
        for channel in ("sms", "whatsapp"):
            add(uf, channel, SATURDAY, None, legal_ref, year)
    Rule.objects.bulk_create(rows)
    Cap.objects.bulk_create(
        Cap(
            channel=channel, window_days=days, at_most=at_most, min_gap_hours=gap, legal_ref=DEFAULT,
            valid_from=dt.date(2000, 1, 1),
        )
        for channel, days, at_most, gap in CAPS
    )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
