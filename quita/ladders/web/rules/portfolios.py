"""Portfolios: the list in the order in which they are tried, and the editor with its condition builder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quita.domain import refusals
from quita.domain.conditions import sentences, trees
from quita.domain.conditions.registry import Registry
from quita.domain.ladder.portfolios import ASKABLE
from quita.ladders.commands import portfolios as commands
from quita.ladders.models import Portfolio
from quita.ladders.queries import askable, condition_counts, rules_lists
from quita.ladders.web.rules import builder, builder_view, ordering, portfolio_forms
from quita.parties import queries as parties
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers

LIST = "ladders/rules/portfolios.html"
EDITOR = "ladders/rules/portfolio.html"
MOVES = "ladders/rules/moves.html"
PREFIX = "rule"
# With the panel only what comes at once; the rest is asked for by itself.
QUICK_MS = 300


@needs("rules.view")
def portfolios(request: HttpRequest) -> HttpResponse:
    """Every portfolio with its condition in words, its ladder and its open cases."""
    scope = parties.scope_for(request.user)
    rows = rules_lists.portfolio_rows(scope=scope)
    language = translation.get_language() or "pt-br"
    fields = askable.askable(scope=scope)
    lines = [_Line(row, _pieces(row.portfolio, fields, language)) for row in rows]
    active = [line for line in lines if line.row.portfolio.is_active]
    context = {
        "in_order": [line for line in active if not line.row.portfolio.is_default],
        "default": next((line for line in active if line.row.portfolio.is_default), None),
        "resting": [line for line in lines if not line.row.portfolio.is_active],
    }
    return answers.page(request, LIST, context, part="portfolios")


@dataclass(frozen=True)
class _Line:
    """A portfolio of the list with its condition in words."""

    row: rules_lists.PortfolioRow
    pieces: list[sentences.Piece]


def _pieces(portfolio: Portfolio, fields: Registry, language: str) -> list[sentences.Piece]:
    """The condition in words. A value that the reader may not see is named by its number."""
    tree = askable.tree_of(portfolio.condition, ASKABLE)
    return sentences.pieces(tree, fields, language)


@needs("rules.edit")
@require_POST
def reorder(request: HttpRequest) -> HttpResponse:
    """Keeps the order that was dragged, or moves one by a button; tells how many cases that will move."""
    wanted = ordering.wanted(request)
    when = When.now()
    scope = parties.scope_for(request.user)
    moves = condition_counts.moves_in_order(
        portfolio_ids=wanted, fields=askable.askable(scope=scope), scope=scope, today=when.today
    )
    commands.reorder_portfolios(portfolio_ids=wanted, by=Actor.of(request.user), when=when)
    return answers.done(request, _order_kept(moves), to=reverse("ladders:portfolios"), changed=["portfolios"])


def _order_kept(moves: list[condition_counts.Move] | None) -> str:
    if moves is None:
        return _("Order saved.")
    count = sum(move.count for move in moves)
    if not count:
        return _("Order saved. No open case changes its portfolio.")
    return ngettext(
        "Order saved. %(count)s open case changes its portfolio at the next run.",
        "Order saved. %(count)s open cases change their portfolio at the next run.",
        count,
    ) % {"count": count}


@needs("rules.edit")
def create(request: HttpRequest) -> HttpResponse:
    """A new portfolio."""
    return _edit(request, None)


@needs("rules.view")
def edit(request: HttpRequest, portfolio_id: int) -> HttpResponse:
    """A portfolio's editor; readers without the permission to edit see it and cannot save."""
    portfolio = rules_lists.portfolio(portfolio_id=portfolio_id)
    if portfolio is None:
        raise Http404
    return _edit(request, portfolio)


@needs("rules.edit")
@require_POST
def set_active(request: HttpRequest, portfolio_id: int) -> HttpResponse:
    """Takes a portfolio out of use or puts it back."""
    wanted = request.POST.get("active") == "1"
    command = commands.activate_portfolio if wanted else commands.deactivate_portfolio
    command(portfolio_id=portfolio_id, by=Actor.of(request.user), when=When.now())
    text = _("Portfolio in use again.") if wanted else _("Portfolio taken out of use.")
    return answers.done(request, text, to=reverse("ladders:portfolios"))


@dataclass
class _Editing:
    """One request of the editor: the fields, the rule's draft and what they say."""

    request: HttpRequest
    portfolio: Portfolio | None
    form: portfolio_forms.PortfolioForm
    fields: Registry
    draft: builder.Draft
    read: builder.Read
    language: str
    when: When

    @classmethod
    def of(cls, request: HttpRequest, portfolio: Portfolio | None) -> _Editing:
        language = translation.get_language() or "pt-br"
        kept = portfolio.condition if portfolio else {}
        fields = askable.askable(scope=parties.scope_for(request.user), condition=kept)
        start = portfolio_forms.initial(portfolio, rules_lists.next_priority())
        form = portfolio_forms.PortfolioForm(request.POST or None, initial=start, ladders=_ladders(portfolio))
        if request.method == "POST":
            draft = builder.of_form(request.POST, PREFIX)
            builder.settle(draft, request.POST, PREFIX, fields)
            builder.act(draft, request.POST.get("act", ""), fields)
        else:
            draft = builder.of_condition(kept, fields, language)
        return cls(request, portfolio, form, fields, draft, builder.read(draft, fields, language), language, When.now())

    @property
    def is_default(self) -> bool:
        """Whether it would take whatever no other takes."""
        return bool(self.form["is_default"].value())

    def context(self, *, is_final: bool, with_counts: bool) -> dict[str, Any]:
        """Everything the template draws."""
        tree = trees.EVERYTHING if self.is_default and not self.draft.root.children else self.read.tree
        shown = builder_view.shown(
            self.draft, self.read, prefix=PREFIX, fields=self.fields, suggestions=askable.suggestions(),
            language=self.language, is_final=is_final,
        )  # fmt: skip
        asks_something = tree is not None and (bool(tree.children) or self.is_default)
        own = reverse("ladders:portfolio", args=[self.portfolio.pk]) if self.portfolio else ""
        return {
            "portfolio": self.portfolio,
            "form": self.form,
            "builder": shown,
            "builder_url": own or reverse("ladders:create_portfolio"),
            "pieces": sentences.pieces(tree, self.fields, self.language) if tree and asks_something else [],
            "asks_something": asks_something,
            "counts": self._counts(tree) if tree and asks_something and with_counts else None,
            "wants_counts": asks_something and not with_counts,
        }

    def _candidate(self, tree: trees.Group) -> condition_counts.Candidate:
        """The portfolio as it would be saved."""
        priority = self.form["priority"].value()
        return condition_counts.Candidate(
            portfolio_id=self.portfolio.pk if self.portfolio else None,
            name=str(self.form["name"].value() or _("this portfolio")),
            priority=int(priority) if str(priority).isdigit() else commands.HIGHEST_PRIORITY,
            tree=tree,
            is_default=self.is_default,
            is_active=bool(self.form["is_active"].value()),
        )

    def _counts(self, tree: trees.Group) -> dict[str, Any]:
        candidate, look = self._candidate(tree), self._look()
        return {
            "matches": None if candidate.is_default else condition_counts.matches(tree=tree, **look),
            "takers": condition_counts.first_takers(candidate=candidate, **look),
            **self.moves(tree, limit_ms=QUICK_MS),
        }

    def moves(self, tree: trees.Group, *, limit_ms: int) -> dict[str, Any]:
        """Which open cases would stand elsewhere; `moves` None when it could not be counted in time."""
        moves = condition_counts.moves(candidate=self._candidate(tree), **self._look(), limit_ms=limit_ms)
        return {"moves": moves, "moving": sum(move.count for move in moves or ())}

    def _look(self) -> dict[str, Any]:
        return {"fields": self.fields, "scope": parties.scope_for(self.request.user), "today": self.when.today}


def _ladders(portfolio: Portfolio | None) -> list[tuple[int, str]]:
    """The ladders to choose from, with the present one even when it is out of use."""
    choices = rules_lists.ladder_choices()
    if portfolio and portfolio.ladder and portfolio.ladder_id not in dict(choices):
        choices.append((portfolio.ladder.pk, portfolio.ladder.name))
    return choices


def _edit(request: HttpRequest, portfolio: Portfolio | None) -> HttpResponse:
    editing = _Editing.of(request, portfolio)
    if request.method != "POST":
        return answers.page(request, EDITOR, editing.context(is_final=False, with_counts=True))
    if request.POST.get("part") == "moves":
        return _moves(request, editing)
    if "part" in request.POST:
        return answers.page(request, EDITOR, editing.context(is_final=False, with_counts=True), part="panel")
    if "act" in request.POST:
        # Without htmx the whole page comes at once, with its counts.
        whole = not answers.is_fragment(request)
        return answers.page(request, EDITOR, editing.context(is_final=False, with_counts=whole), part="draft")
    return _save(request, editing)


def _moves(request: HttpRequest, editing: _Editing) -> HttpResponse:
    """The moves alone, with more patience: asked for when the quick look was not enough."""
    tree = trees.EVERYTHING if editing.is_default and not editing.draft.root.children else editing.read.tree
    counts = editing.moves(tree, limit_ms=condition_counts.PATIENT_LIMIT_MS) if tree is not None else {"moves": None}
    return answers.page(request, MOVES, {"counts": counts, "is_patient": True})


@needs("rules.edit")
def _save(request: HttpRequest, editing: _Editing) -> HttpResponse:
    form, portfolio = editing.form, editing.portfolio
    if form.is_valid():
        empty = not editing.draft.root.children
        try:
            saved = commands.save_portfolio(
                portfolio_id=portfolio.pk if portfolio else None,
                condition={} if empty and editing.is_default else editing.read.raw,
                **form.cleaned_data,
                by=Actor.of(request.user),
                when=editing.when,
            )
        except refusals.Refusal as refusal:
            _show(form, editing, refusal)
        else:
            text = _("“%(name)s” saved.") % {"name": saved.name}
            return answers.done(request, text, to=reverse("ladders:portfolios"))
    return answers.invalid(request, EDITOR, editing.context(is_final=True, with_counts=True))


def _show(form: portfolio_forms.PortfolioForm, editing: _Editing, refusal: refusals.Refusal) -> None:
    """Faults of the condition go beside their nodes, the rest beside their fields."""
    findings = getattr(refusal, "findings", None) or (refusals.Finding(refusal),)
    in_tree = [one for one in findings if (one.field or "").startswith("condition.")]
    known = {(one.refusal.code, one.field) for one in editing.read.findings}
    for one in in_tree:
        place = (one.field or "").removeprefix("condition.")
        if (one.refusal.code, place) not in known and place not in {found.field for found in editing.read.findings}:
            editing.read = builder.Read(
                editing.read.raw, editing.read.tree, (*editing.read.findings, refusals.Finding(one.refusal, place))
            )
    others = tuple(one for one in findings if one not in in_tree)
    if others:
        answers.onto(form, refusals.Refused(others))
