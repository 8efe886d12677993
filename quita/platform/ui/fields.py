"""Form fields that read what a Brazilian types and give what the core wants: centavos, parts per million, days,
digits.
"""

import re
from typing import Any

from django import forms
from django.core import exceptions
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from quita.platform.ui import formats

# Digits in one piece or in groups of three behind one kind of separator, then decimals behind the other kind.
_POINT_DECIMALS = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII)
_COMMA_DECIMALS = re.compile(r"([+-]?)(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d+))?", re.ASCII)


def _plain(text: str) -> str | None:
    """A typed number in plain notation, or None. Both notations are read; 1.234 alone is a thousand in Portuguese."""
    for extra in ("R$", "%", "\u00a0", " "):
        text = text.replace(extra, "")
    text = text.replace("\u2212", "-")
    notations = [_COMMA_DECIMALS, _POINT_DECIMALS]
    if translation.get_language() == "en":
        notations.reverse()
    for notation in notations:
        found = notation.fullmatch(text)
        if found:
            sign, whole, decimals = found.groups()
            return f"{sign}{whole.replace(',', '').replace('.', '')}.{decimals or '0'}"
    return None


def _scaled(text: str, digits: int) -> int | None:
    """`12.34` × 10^digits as an integer; None where the text has more decimals than that."""
    sign = -1 if text.startswith("-") else 1
    whole, _point, decimals = text.lstrip("+-").partition(".")
    if len(decimals.rstrip("0")) > digits or len(whole) > 15:
        return None
    return sign * int(whole + decimals.ljust(digits, "0")[:digits])


class _ScaledField(forms.CharField):
    """A number with a fixed number of decimals, kept as an integer."""

    digits = 2

    def __init__(self, *, minimum: int | None = None, maximum: int | None = None, **options: Any) -> None:
        self.minimum, self.maximum = minimum, maximum
        super().__init__(**options)

    def written(self, value: int) -> str:
        """The integer as people write it."""
        raise NotImplementedError

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "class": "amount", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return self.written(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != initial
        except exceptions.ValidationError:
            return True

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]  # text in, integer out
        text = super().to_python(value)
        if not text:
            return None
        plain = _plain(text)
        number = None if plain is None else _scaled(plain, self.digits)
        if number is None:
            raise exceptions.ValidationError(
                _("“%(typed)s” is not an amount. Write it like %(sample)s."),
                code="not_an_amount",
                params={"typed": text, "sample": self.written(123456)},
            )
        return number

    def validate(self, value: Any) -> None:
        if value is None:
            super().validate("")
            return
        if self.minimum is not None and value < self.minimum:
            raise exceptions.ValidationError(
                _("%(given)s is below the least allowed, %(limit)s."),
                code="too_small",
                params={"given": self.written(value), "limit": self.written(self.minimum)},
            )
        if self.maximum is not None and value > self.maximum:
            raise exceptions.ValidationError(
                _("%(given)s is above the most allowed, %(limit)s."),
                code="too_large",
                params={"given": self.written(value), "limit": self.written(self.maximum)},
            )

    def run_validators(self, value: Any) -> None:
        """Text validators of CharField do not apply to an integer."""


class MoneyField(_ScaledField):
    """`1.234,56` typed, 123456 centavos cleaned. `minimum` and `maximum` are centavos."""

    def written(self, value: int) -> str:
        return formats.money(value, translation.get_language() or "pt-br")


class PercentField(_ScaledField):
    """`2,5` typed, 25000 parts per million cleaned. `minimum` and `maximum` are parts per million."""

    digits = 4

    def written(self, value: int) -> str:
        return formats.percent(value, translation.get_language() or "pt-br").removesuffix("%")


class DayField(forms.DateField):
    """A day by the browser's own calendar; the value travels as 2026-11-21 whatever the language."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y"], **options)


class ChipsWidget(forms.RadioSelect):
    """A choice of few, as a row of buttons."""

    template_name = "django/forms/widgets/radio.html"
    chips = True
