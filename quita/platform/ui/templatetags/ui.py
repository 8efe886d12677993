"""The component tags. Built in to every template (see TEMPLATES in the settings); shown with examples in
docs/explanation/front-end.md.
"""

import datetime as dt
from typing import Any

from django import forms, template
from django.http import HttpRequest
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from quita.platform.ui import charts, formats, icons, paging

register = template.Library()

TONES = frozenset({"neutral", "info", "success", "warning", "danger", "accent"})
# Upper edges of the aging buckets shown by colour: due, 1–10, 11–30, 31–60, 61–90, over 90 days past due.
AGING_EDGES = (0, 10, 30, 60, 90)
NEVER = "—"
# The tag "reverse address with a hole" fills the hole with this number first, which no row will carry.
HOLE = 987_654_321_987


def _trusted(markup: str) -> SafeString:
    """Markup that is ours: Lucide's shapes, what an escaping template drew, a tag's name."""
    return mark_safe(markup)  # noqa: S308


def _language() -> str:
    return translation.get_language() or "pt-br"


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """`{% icon "mail" %}` is decoration; with a label it says what it means to those who do not see it."""
    classes = f"icon {size}".strip()
    inside = _trusted(icons.drawing(name))
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}"><title>{}</title>{}</svg>',
            classes,
            label,
            label,
            inside,
        )
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', classes, inside)


@register.simple_tag
def badge(text: Any, tone: str = "neutral", icon: str = "", title: str = "") -> SafeString:
    """`{% badge _("Failed") tone="danger" icon="circle-alert" %}`."""
    if tone not in TONES:
        raise ValueError(f"Unknown tone {tone!r}: one of {', '.join(sorted(TONES))}.")
    picture = _icon(icon) if icon else ""
    tip = format_html(' title="{}"', title) if title else ""
    return format_html('<span class="badge {}"{}>{}{}</span>', tone, tip, picture, text)


def _icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', _trusted(icons.drawing(name))
    )


def aging_step(days: int) -> int:
    """0 = not late … 5 = more than 90 days late: the class `aging-N` and the tone of charts."""
    return sum(days > edge for edge in AGING_EDGES)


@register.filter
def aging(days: int) -> str:
    """The class of a row or mark by days past due: `aging-3`."""
    return f"aging-{aging_step(days)}"


@register.simple_tag
def days_late(days: int | None, long: bool = False) -> SafeString:
    """The pill with days past due; negative days are still to come, None is unknown."""
    if days is None:
        return format_html('<span class="muted">{}</span>', NEVER)
    if days <= 0:
        text = (
            gettext("due today")
            if days == 0
            else ngettext("in %(n)s day", "in %(n)s days", -days) % {"n": formats.count(-days, _language())}
        )
        return format_html('<span class="pill aging-0">{}</span>', text)
    shown = formats.count(days, _language())
    full = ngettext("%(n)s day late", "%(n)s days late", days) % {"n": shown}
    if long:
        return format_html('<span class="pill aging-{}">{}</span>', aging_step(days), full)
    return format_html(
        '<span class="pill aging-{}" title="{}">{}<span aria-hidden="true"> d</span><span '
        'class="visually-hidden"> {}</span></span>',
        aging_step(days), full, shown, ngettext("day late", "days late", days),
    )  # fmt: skip


@register.simple_tag
def money(cents: int | None, symbol: bool = False, sign: bool = False) -> SafeString:
    """`{% money row.balance_cents %}` → 10.232,50; `symbol=True` adds R$. Negative amounts are marked as well as
    signed.
    """
    if cents is None:
        return format_html('<span class="muted">{}</span>', NEVER)
    text = formats.money(cents, _language(), symbol=symbol)
    text = f"+{text}" if sign and cents > 0 else text
    return format_html('<span class="{}">{}</span>', "money negative" if cents < 0 else "money", text)


@register.simple_tag
def money_short(cents: int) -> SafeString:
    """`R$ 2,44 mi`, with the full amount in the title."""
    full = formats.money(cents, _language(), symbol=True)
    return format_html('<span class="money" title="{}">{}</span>', full, formats.money_short(cents, _language()))


@register.filter(name="money")
def money_text(cents: int | None) -> str:
    """`{{ cents|money }}`: text only, for sentences: R$ 10.232,50."""
    return NEVER if cents is None else formats.money(cents, _language(), symbol=True)


@register.filter
def count(value: int | None) -> str:
    """An integer with thousand separators."""
    return NEVER if value is None else formats.count(value, _language())


@register.filter
def percent(ppm: int | None) -> str:
    """Parts per million as a percentage."""
    return NEVER if ppm is None else formats.percent(ppm, _language())


@register.filter
def day(value: dt.date | None) -> SafeString:
    """A day, as `<time>`."""
    if value is None:
        return format_html('<span class="muted">{}</span>', NEVER)
    return format_html('<time datetime="{}">{}</time>', value.isoformat()[:10], formats.day(value, _language()))


@register.filter
def day_short(value: dt.date | None) -> SafeString:
    """A day without its year, which stands in the title."""
    if value is None:
        return format_html('<span class="muted">{}</span>', NEVER)
    full = formats.day(value, _language())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat()[:10], full, formats.day_short(value, _language())
    )


@register.filter
def moment(value: dt.datetime | None) -> SafeString:
    """An instant in the installation's time zone, to the minute."""
    if value is None:
        return format_html('<span class="muted">{}</span>', NEVER)
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), formats.moment(local, _language())
    )


register.filter("tax_id", formats.tax_id)
register.filter("masked_tax_id", formats.masked_tax_id)
register.filter("phone", formats.phone)
register.filter("masked_phone", formats.masked_phone)
register.filter("masked_email", formats.masked_email)


@register.filter
def raw(value: Any) -> str:
    """The value as the machine writes it: `data-id="{{ row.pk|raw }}"` is 1234 and not 1.234."""
    return str(value)


@register.simple_tag
def progress(value: int, maximum: int, label: str, text: str = "") -> SafeString:
    """A progress bar with its text; `maximum` 0 means that the end is not known yet."""
    if not maximum:
        return format_html(
            '<div class="progress"><progress aria-label="{}"></progress><span>{}</span></div>', label, text
        )
    shown = text or f"{100 * value // maximum}%"
    return format_html(
        '<div class="progress"><progress aria-label="{}" value="{}" max="{}"></progress><span>{}</span></div>',
        label,
        str(value),
        str(maximum),
        shown,
    )


@register.simple_tag
def tile(label: str, value: Any, hint: Any = "", tone: str = "", href: str = "", icon: str = "") -> SafeString:
    """A number that matters. `value` may come from another tag: `{% money_short x as v %}{% tile _("Late") v %}`."""
    name, attributes = ("a", format_html(' href="{}"', href)) if href else ("div", "")
    return format_html(
        '<{} class="tile {}"{}><span class="tile-label">{}{}</span><strong class="tile-value">{}</strong><span '
        'class="tile-hint">{}</span></{}>',
        _trusted(name), tone, attributes, _icon(icon) if icon else "", label, value, hint, _trusted(name),
    )  # fmt: skip


@register.simple_tag
def empty(icon: str, title: str, text: str = "", href: str = "", action: str = "") -> SafeString:
    """Nothing here yet: why, and what to do about it."""
    button = format_html('<a class="button primary" href="{}">{}</a>', href, action) if href else ""
    return format_html('<div class="empty">{}<strong>{}</strong><p>{}</p>{}</div>', _icon(icon), title, text, button)


@register.simple_tag(takes_context=True)
def column(context: template.Context, key: str, label: str, css: str = "") -> SafeString:
    """A heading that sorts: `{% column "due_on" _("Due date") css="num" %}` links to ?sort=due_on, then
    ?sort=-due_on.
    """
    request: HttpRequest = context["request"]
    current = context.get("sort") or request.GET.get("sort", "")
    upward, downward = current == key, current == f"-{key}"
    state = "ascending" if upward else "descending" if downward else "none"
    url = paging.address(request, sort=f"-{key}" if upward else key, page=None, after=None, before=None)
    arrow = _icon("chevron-up" if upward else "chevron-down") if upward or downward else _icon("arrow-down-up")
    return format_html(
        '<th scope="col" class="sortable {}" aria-sort="{}"><a href="{}">{}{}</a></th>', css, state, url, label, arrow
    )


@register.simple_tag
def url_template(name: str, hole: str = "id") -> str:
    """An address with a hole for the menu of a row: `{% url_template "backoffice:case" %}` → /casos/{id}/."""
    return reverse(name, args=[HOLE]).replace(str(HOLE), "{" + hole + "}")


@register.simple_tag
def sparkline(caption: str, values: list[int], tone: str = "accent") -> SafeString:
    """A small line for a table cell."""
    return charts.sparkline(caption, values, tone)


def _include(name: str, values: dict[str, Any]) -> SafeString:
    return _trusted(get_template(name).render(values))


@register.simple_tag
def field(bound: forms.BoundField, css: str = "", hint: Any = "") -> SafeString:
    """One form field with label, help, errors and the ARIA that ties them together."""
    widget = bound.field.widget
    single = isinstance(widget, forms.CheckboxInput)
    group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return _include("ui/field.html", {
        "bound": bound, "css": css, "single": single, "group": group,
        "chips": getattr(widget, "chips", False), "hint": hint or bound.help_text,
        "control": _control(bound, bool(hint or bound.help_text)),
    })  # fmt: skip


def _control(bound: forms.BoundField, has_hint: bool) -> SafeString:
    attributes: dict[str, Any] = {}
    described = [f"{bound.auto_id}-hint"] if has_hint else []
    if bound.errors:
        attributes["aria-invalid"] = "true"
        described.insert(0, f"{bound.auto_id}-errors")
    # Django 5.2 writes its own aria-describedby for help texts; ours names the ids of our partial.
    attributes["aria-describedby"] = " ".join(described) or None
    if attributes["aria-describedby"] is None:
        del attributes["aria-describedby"]
    return bound.as_widget(attrs=attributes)


@register.simple_tag
def form_errors(form: forms.BaseForm) -> SafeString:
    """What is wrong with the form as a whole."""
    return _include("ui/form_errors.html", {"form": form})


@register.simple_tag
def fields(form: forms.BaseForm) -> SafeString:
    """Form errors, hidden fields and every visible field in order."""
    return _include("ui/form.html", {"form": form})


@register.simple_tag
def pagination(bar: paging.Paging, target: str = "") -> SafeString:
    """Previous and next with what is shown; `target` is the id that htmx replaces (without it, plain links)."""
    return _include("ui/pagination.html", {"bar": bar, "target": target})


@register.simple_tag
def timeline(facts: list[Any]) -> SafeString:
    """A list of `quita.platform.ui.timeline.Fact`."""
    return _include("ui/timeline.html", {"facts": facts})


@register.simple_tag
def if_url(name: str) -> str:
    """The address of a page, or nothing in an installation that leaves its app out."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str) -> bool:
    """`{% may "rules.edit" as editable %}`: what the person's role allows. The view decides; this only hides
    buttons.
    """
    user = getattr(context.get("request"), "user", None)
    return bool(user is not None and user.is_authenticated and user.may(permission))
