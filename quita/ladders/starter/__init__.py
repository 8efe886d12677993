"""What a new installation begins with: phases, texts, ladders and portfolios as Brazilian collections are usually run.

Everything here is made through the same commands as what people write, and is theirs to change from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from django.db import transaction

from quita.cases import commands as cases
from quita.cases import queries as case_queries
from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft
from quita.ladders.commands import ladders, portfolios
from quita.ladders.models import Ladder, Portfolio
from quita.messaging import commands as messaging
from quita.messaging.queries import templates
from quita.platform.actors import Actor, When

LEGAL_PHASE = "Jurídica"
# (name, from which day late on); None: only people and steps set it.
PHASES: tuple[tuple[str, int | None], ...] = (
    ("Amigável", 1),
    ("Administrativa", 16),
    ("Pré-jurídica", 61),
    (LEGAL_PHASE, None),
)

# File of the text → name of the template.
TEXTS = {
    "lembrete": "Lembrete de vencimento",
    "vence_hoje": "Vence hoje",
    "primeiro_aviso": "1º aviso",
    "segundo_aviso": "2º aviso",
    "aviso_administrativo": "Aviso administrativo",
    "aviso_pre_juridico": "Comunicado pré-jurídico",
    "aviso_suspensao": "Notificação de débito (internet)",
    "aviso_rescisao": "Aviso de encerramento (internet)",
}


@dataclass(frozen=True)
class _Rung:
    """A step of a starter ladder; `text` names a file of TEXTS."""

    name: str
    day: int
    text: str = ""
    action: str = rules.MESSAGE
    more: dict[str, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)


def _call(name: str, day: int) -> _Rung:
    return _Rung(name, day, action=rules.CALL_TASK, params={"role": "operator"})


_REMINDERS = (_Rung("Lembrete", -3, "lembrete"), _Rung("Vence hoje", 0, "vence_hoje"))
_EVERY_MONTH = {"repeat_every_days": 30, "repeat_at_most": 3}
CONDOMINIUM, PROVIDER, REAL_ESTATE, RETAIL = "Condomínio", "Provedor de internet", "Imobiliária", "Comércio"

# Day by day as the trade does it. A provider may suspend 15 days after its notice (Anatel, Res. 765/2023, arts. 70–78):
# the ticket comes 17 days after it, and asks people to check the day on which the notice arrived.
LADDERS: dict[str, tuple[_Rung, ...]] = {
    CONDOMINIUM: (
        *_REMINDERS,
        _Rung("1º aviso", 5, "primeiro_aviso"),
        _Rung("2º aviso", 15, "segundo_aviso"),
        _Rung("Aviso administrativo", 30, "aviso_administrativo"),
        _call("Ligar para o condômino", 40),
        _Rung("Comunicado pré-jurídico", 60, "aviso_pre_juridico"),
        _Rung("Fase jurídica", 90, action=rules.SET_PHASE),
    ),
    PROVIDER: (
        *_REMINDERS,
        _Rung("Notificação de débito", 4, "aviso_suspensao"),
        _Rung("2º aviso", 12, "segundo_aviso"),
        _call("Ligar antes da suspensão", 18),
        _Rung("Avaliar a suspensão", 21, action=rules.TICKET,
              params={"group": "Suporte técnico", "ticket_type": "Suspensão (15 dias após a notificação)"}),
        _Rung("Aviso de encerramento", 65, "aviso_rescisao"),
    ),
    REAL_ESTATE: (
        *_REMINDERS,
        _Rung("1º aviso", 3, "primeiro_aviso"),
        _Rung("2º aviso", 10, "segundo_aviso"),
        _call("Ligar para o cliente", 15),
        _Rung("Aviso administrativo", 25, "aviso_administrativo"),
        _Rung("Comunicado pré-jurídico", 45, "aviso_pre_juridico"),
        _Rung("Fase jurídica", 75, action=rules.SET_PHASE),
    ),
    RETAIL: (
        *_REMINDERS,
        _Rung("1º aviso", 5, "primeiro_aviso"),
        _Rung("2º aviso", 15, "segundo_aviso"),
        _call("Ligar para o cliente", 25),
        _Rung("Aviso administrativo", 40, "aviso_administrativo", more=_EVERY_MONTH),
    ),
}  # fmt: skip

_BIG_CENTS = 5_000_000
# (name, priority, condition, ladder). None: the portfolio that takes whatever no other takes, or worked by hand.
PORTFOLIOS: tuple[tuple[str, int, dict[str, Any] | None, str | None], ...] = (
    ("Grandes saldos", 10, {"field": "case.balance", "op": "at_least", "value": _BIG_CENTS}, None),
    ("Condomínios", 20, {"field": "company.type", "op": "in", "value": ["condominium"]}, CONDOMINIUM),
    ("Provedores de internet", 30, {"field": "company.type", "op": "in", "value": ["isp"]}, PROVIDER),
    ("Imobiliárias", 40, {"field": "company.type", "op": "in", "value": ["developer", "landlord"]}, REAL_ESTATE),
    ("Comércio e demais", 100, None, RETAIL),
)


@transaction.atomic
def ensure_starter_rules(*, by: Actor, when: When) -> bool:
    """Gives a new installation its first rules; False when people (or an earlier call) have written some already."""
    if Ladder.objects.exists() or Portfolio.objects.exists():
        return False
    legal_phase_id = _phases(by, when)
    template_ids = _templates(by, when)
    ladder_ids = {name: _ladder(name, template_ids, legal_phase_id, by, when) for name in LADDERS}
    for name, priority, condition, ladder in PORTFOLIOS:
        portfolios.save_portfolio(
            name=name,
            priority=priority,
            condition={"all": [condition]} if condition else {},
            ladder_id=ladder_ids[ladder] if ladder else None,
            is_default=condition is None,
            by=by,
            when=when,
        )
    return True


def _phases(by: Actor, when: When) -> int:
    """The phases, unless there are some; returns the one that steps set."""
    known = {phase.name: phase for phase in case_queries.phases()}
    if not known:
        for name, day in PHASES:
            known[name] = cases.save_phase(name=name, is_automatic=day is not None, from_days=day, by=by, when=when)
    manual = next((phase for phase in known.values() if not phase.is_automatic and phase.is_active), None)
    if manual is None:
        manual = cases.save_phase(name=LEGAL_PHASE, is_automatic=False, from_days=None, by=by, when=when)
    return manual.pk


def _templates(by: Actor, when: When) -> dict[str, int]:
    """File of the text → template id; a template of the same name is used as it is."""
    known = {row.name: row.id for row in templates.template_rows() if row.is_active and row.channel == "email"}
    return {key: known.get(name) or _template(key, name, by, when) for key, name in TEXTS.items()}


def _template(key: str, name: str, by: Actor, when: When) -> int:
    subject, body = text_of(key)
    made = messaging.create_template(name=name, channel="email", subject=subject, body=body, by=by, when=when)
    return made.pk


def text_of(key: str) -> tuple[str, str]:
    """Subject and body of a starter text: the first line, and what follows it."""
    written = resources.files(__name__).joinpath("texts", f"{key}.md").read_text("utf-8")
    subject, _, body = written.partition("\n")
    return subject.strip(), body.strip() + "\n"


def _ladder(name: str, template_ids: dict[str, int], legal_phase_id: int, by: Actor, when: When) -> int:
    version = ladders.publish_ladder_version(
        ladder_id=None,
        name=name,
        in_force_from=when.today,
        late_entry=rules.LATEST,
        minimum_cents=0,
        end_after_days=15,
        end_role="supervisor",
        steps=[_step(rung, template_ids, legal_phase_id) for rung in LADDERS[name]],
        by=by,
        when=when,
    )
    return version.ladder_id


def _step(rung: _Rung, template_ids: dict[str, int], legal_phase_id: int) -> StepDraft:
    params = {"phase_id": legal_phase_id} if rung.action == rules.SET_PHASE else rung.params
    return StepDraft(
        name=rung.name,
        action=rung.action,
        offset_days=rung.day,
        channels=("email",) if rung.text else (),
        templates={"email": template_ids[rung.text]} if rung.text else {},
        params=params,
        **rung.more,
    )
