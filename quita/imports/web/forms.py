"""Forms of the upload and of the columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quita.domain.refusals import Finding, Refused
from quita.imports import fields, mappings
from quita.imports.mappings import Spec
from quita.imports.models import Target
from quita.platform.ui import fields as ui_fields

DATE_LABELS = [
    ("dmy", _("day/month/year – 31/12/2025")), ("mdy", _("month/day/year – 12/31/2025")), ("ymd",
    _("year-month-day – 2025-12-31")),
    ("dmy_compact", "31122025"), ("compact", "20251231"), ("excel", _("spreadsheet's serial number – 46022")),
]  # fmt: skip
DECIMAL_LABELS = [("comma", "1.234,56"), ("point", "1,234.56"), ("centavos", _("centavos – 123456"))]
ENCODING_LABELS = [
    ("auto", _("find out")), ("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("latin-1", "ISO-8859-1 (Latin-1)"),
    ("utf-16", "UTF-16"),
]  # fmt: skip
DELIMITER_LABELS = [
    ("auto", _("find out")), (";", _("semicolon ;")), (",", _("comma ,")), ("tab", _("tab")), ("|", _("bar |")),
]  # fmt: skip
CONTACT_LABELS = [("refuse", _("refuse the row")), ("leave_out", _("bring the row in without it"))]
OPTIONS = (
    "source",
    "title_source",
    "date_format",
    "decimal",
    "encoding",
    "delimiter",
    "sheet",
    "header_row",
    "contacts",
)


class UploadForm(forms.Form):
    """A file, what it brings and whose it is."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or .xlsx, up to 2 GB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    target = forms.ChoiceField(
        label=_("It brings"), choices=Target.choices, initial=Target.RECEIVABLES, widget=ui_fields.ChipsWidget
    )
    company = forms.TypedChoiceField(
        label=_("Company"), coerce=int, required=False, empty_value=None,
        help_text=_("Leave empty when a column of the file says the company's CNPJ."),
    )  # fmt: skip

    def __init__(self, *args: Any, companies: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["company"]
        chosen.choices = [("", _("said by a column")), *companies]
        if len(companies) == 1:
            chosen.initial = companies[0][0]


class ColumnsForm(forms.Form):
    """Which column becomes which field, and how the file writes dates and numbers."""

    source = forms.CharField(
        label=_("Source system"), max_length=40,
        help_text=_("A title is recognised by company, source and id: use the same name each time."),
    )  # fmt: skip
    title_source = forms.CharField(
        label=_("Source of the titles"), max_length=40, required=False, help_text=_("Empty: the same source.")
    )
    date_format = forms.ChoiceField(label=_("Dates"), choices=DATE_LABELS)
    decimal = forms.ChoiceField(label=_("Amounts"), choices=DECIMAL_LABELS)
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODING_LABELS)
    delimiter = forms.ChoiceField(label=_("Separator"), choices=DELIMITER_LABELS)
    sheet = forms.CharField(label=_("Sheet"), max_length=60, required=False, help_text=_("Empty: the first one."))
    header_row = forms.IntegerField(label=_("Row of the column names"), min_value=1, max_value=100)
    contacts = forms.ChoiceField(label=_("An e-mail or phone that is none"), choices=CONTACT_LABELS)
    values = forms.CharField(
        label=_("Translated values"), required=False, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One per line: field: value in the file = our value. Example: document_type: DM = duplicata"),
    )  # fmt: skip
    save_as = forms.CharField(label=_("Save these choices as"), max_length=80, required=False)

    def __init__(self, *args: Any, target: str, headers: Sequence[str], workbook: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.target = target
        for name in ("encoding", "delimiter") if workbook else ("sheet",):
            del self.fields[name]
        del self.fields["contacts" if target == "payments" else "title_source"]
        choices = [("", "–"), *((header, header) for header in dict.fromkeys(headers))]
        for key, item in fields.of(target).items():
            label: Any = item.label
            self.fields[f"col_{key}"] = forms.ChoiceField(label=label, choices=choices, required=False)
            if item.choices:
                fixed: forms.Field = forms.ChoiceField(
                    choices=[("", "–"), *((c, c) for c in item.choices)], required=False, label=label
                )
            else:
                fixed = forms.CharField(max_length=200, required=False, label=label)
            self.fields[f"fixed_{key}"] = fixed

    @staticmethod
    def initial_of(spec: Spec) -> dict[str, Any]:
        """A spec as the form's first values."""
        lines = [f"{key}: {cell} = {ours}" for key, table in spec.values.items() for cell, ours in table.items()]
        return {
            **{name: getattr(spec, name) for name in OPTIONS},
            **{f"col_{key}": header for key, header in spec.columns.items()},
            **{f"fixed_{key}": value for key, value in spec.constants.items()},
            "values": "\n".join(lines),
        }

    def rough_spec(self) -> Spec:
        """The options as typed so far, for looking at the file again; nothing is checked."""
        rough = {name: self.data.get(name) for name in ("date_format", "decimal", "encoding", "delimiter", "sheet")}
        allowed = {
            "date_format": mappings.DATE_FORMATS,
            "decimal": mappings.DECIMALS,
            "encoding": mappings.ENCODINGS,
            "delimiter": mappings.DELIMITERS,
        }
        kept: dict[str, Any] = {
            k: v for k, v in rough.items() if isinstance(v, str) and (k == "sheet" or v in allowed[k])
        }
        row = self.data.get("header_row", "1")
        header_row = int(row) if str(row).isdigit() and 1 <= int(row) <= 100 else 1
        return Spec(target=self.target, source="", columns={}, header_row=header_row, **kept)

    def spec(self) -> Spec:
        """The checked mapping. Refused (on this form's fields) with everything that is wrong."""
        cleaned = self.cleaned_data
        stored: dict[str, Any] = {name: cleaned[name] for name in OPTIONS if name in cleaned}
        stored |= {
            "target": self.target,
            "columns": {key: cleaned[f"col_{key}"] for key in fields.of(self.target) if cleaned.get(f"col_{key}")},
            "constants": {
                key: cleaned[f"fixed_{key}"] for key in fields.of(self.target) if cleaned.get(f"fixed_{key}")
            },
            "values": _tables(cleaned.get("values", "")),
        }
        try:
            return mappings.parse(stored)
        except Refused as refused:
            raise Refused(tuple(Finding(f.refusal, self._place(f.field)) for f in refused.findings)) from refused

    def _place(self, field: str | None) -> str | None:
        if field in self.fields:
            return field
        return f"col_{field}" if f"col_{field}" in self.fields else None


def _tables(text: str) -> Mapping[str, Mapping[str, str]]:
    """Lines “field: cell = ours” as tables; a line in another form becomes a field of that name, which is refused."""
    tables: dict[str, dict[str, str]] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        key, colon, pair = line.partition(":")
        cell, equals, ours = pair.partition("=")
        tables.setdefault(key.strip() if colon and equals else line, {})[cell.strip()] = ours.strip()
    return tables
