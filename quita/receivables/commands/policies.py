"""Charge policies: what lateness costs, published in dated versions after the law has been asked."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from quita.domain import charges
from quita.domain.refusals import Refusal
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit
from quita.platform.outbox import commands as outbox
from quita.receivables import events
from quita.receivables.models import ChargePolicy, ChargePolicyVersion


@dataclass(frozen=True)
class Published:
    """A version in force, and what a lawyer should look at before it is used."""

    policy: ChargePolicy
    version: ChargePolicyVersion
    warnings: tuple[Refusal, ...]


@transaction.atomic
def create_policy(*, name: str, regime: str, terms: charges.ChargePolicy, by: Actor, when: When) -> Published:
    """Adds a policy whose first version holds for every due date. Refusals: policy_name_*, and those of the regime."""
    name = name.strip()
    if not name:
        raise Refusal("policy_name_missing", "A charge policy needs a name, like “Condomínio, 2% e 1% ao mês”.")
    if ChargePolicy.objects.filter(name=name).exists():
        raise Refusal(
            "policy_name_taken", "There is already a policy “%(name)s”. Publish a version of it.", {"name": name}
        )
    warnings = check_terms(terms, regime, when.today)
    policy = ChargePolicy.objects.create(name=name, regime=regime)
    version = _publish(policy, terms, DateRange(None, None), by, when)
    return Published(policy, version, warnings)


@transaction.atomic
def publish_version(
    *, policy_id: int, terms: charges.ChargePolicy, valid_from: dt.date, by: Actor, when: When
) -> Published:
    """Gives a policy new terms for titles due from `valid_from` on; titles due earlier keep theirs.

    Refusals: policy_version_not_after, and those of the regime (a fine above its cap).
    """
    policy = ChargePolicy.objects.select_for_update().get(pk=policy_id)
    warnings = check_terms(terms, policy.regime, valid_from)
    last = ChargePolicyVersion.objects.filter(policy=policy).order_by("-id").first()
    if last is not None:
        if last.valid.lower is not None and valid_from <= last.valid.lower:
            raise Refusal(
                "policy_version_not_after",
                "The version in force starts on %(start)s, so a new one cannot start on %(asked)s. Choose a later day.",
                {"start": last.valid.lower.isoformat(), "asked": valid_from.isoformat()},
            )
        last.valid = DateRange(last.valid.lower, valid_from)
        last.save(update_fields=["valid"])
    version = _publish(policy, terms, DateRange(valid_from if last else None, None), by, when)
    return Published(policy, version, warnings)


@transaction.atomic
def change_policy(*, policy_id: int, name: str, is_active: bool, by: Actor, when: When) -> ChargePolicy:
    """Renames a policy or takes it out of the lists; titles that follow it go on doing so."""
    policy = ChargePolicy.objects.select_for_update().get(pk=policy_id)
    name = name.strip() or policy.name
    if ChargePolicy.objects.filter(name=name).exclude(pk=policy_id).exists():
        raise Refusal(
            "policy_name_taken", "There is already a policy “%(name)s”. Publish a version of it.", {"name": name}
        )
    if (policy.name, policy.is_active) != (name, is_active):
        policy.name, policy.is_active = name, is_active
        policy.save(update_fields=["name", "is_active"])
        audit.record(
            by=by,
            when=when,
            verb="receivables.policy.changed",
            subject="policy",
            subject_id=policy.pk,
            is_active=is_active,
        )
    return policy


def check_terms(terms: charges.ChargePolicy, regime: str, day: dt.date) -> tuple[Refusal, ...]:
    """Asks the law in force on a day: raises `Refused` for what it forbids, returns what needs a lawyer's look."""
    return tuple(finding.refusal for finding in charges.validate(terms, charges.regime_on(regime, day)))


def _publish(
    policy: ChargePolicy, terms: charges.ChargePolicy, valid: DateRange, by: Actor, when: When
) -> ChargePolicyVersion:
    version = ChargePolicyVersion.objects.create(
        policy=policy, valid=valid, terms=terms.as_facts(), created_at=when.at, created_by_id=by.user_id
    )
    audit.record(
        by=by, when=when, verb="receivables.policy.published", subject="policy", subject_id=policy.pk,
        version_id=version.pk, valid_from=valid.lower.isoformat() if valid.lower else None,
    )  # fmt: skip
    outbox.emit(events.PolicyPublished(policy.pk, version.pk), when.at)
    return version
