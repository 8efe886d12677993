"""What every action brings, asked of each line of the registry."""

from types import ModuleType

import pytest

from quita.domain.ladder import rules
from quita.domain.ladder.drafts import StepDraft
from quita.domain.refusals import Refusals
from quita.ladders import actions
from quita.ladders.actions.known import Known, PhaseChoice, TemplateChoice
from quita.platform.ui import icons

KNOWN = Known(
    channels=("email",),
    channel_labels={"email": "E-mail", "sms": "SMS"},
    templates={
        1: TemplateChoice(1, "1º aviso", "email", True),
        2: TemplateChoice(2, "Antigo", "email", False),
        3: TemplateChoice(3, "Curto", "sms", True),
    },
    phases={5: PhaseChoice(5, "Jurídica", True, True), 6: PhaseChoice(6, "Amigável", False, True)},
    roles={"operator": "Operador"},
)
# What a sound step of each kind carries.
SOUND = {
    rules.MESSAGE: {"channels": ("email",), "templates": {"email": 1}},
    rules.CALL_TASK: {"params": {"role": "operator"}},
    rules.TICKET: {"params": {"group": "Jurídico", "ticket_type": "Ajuizar"}},
    rules.SET_PHASE: {"params": {"phase_id": 5}},
}


def step(action: str, **fields: object) -> StepDraft:
    """A step on day 10."""
    return StepDraft(name="Etapa", action=action, offset_days=10, **fields)  # type: ignore[arg-type]  # by name


def faults(action: str, **fields: object) -> list[tuple[str, str | None]]:
    """(code, place) of what the action refuses."""
    found = Refusals()
    actions.ACTIONS[action].validate(step(action, **fields), 3, KNOWN, found)
    return [(one.refusal.code, one.field) for one in found]


def test_every_kind_of_action_of_the_engine_is_registered() -> None:
    assert set(actions.ACTIONS) == set(rules.ACTIONS) == set(SOUND)


@pytest.mark.parametrize("module", actions.ACTIONS.values(), ids=list(actions.ACTIONS))
def test_every_action_brings_what_the_editor_needs(module: ModuleType) -> None:
    assert module.__doc__
    assert str(module.LABEL)
    assert str(module.HINT)
    assert icons.drawing(module.ICON)
    assert isinstance(module.IS_MESSAGE, bool)
    assert all(param.kind in ("text", "role", "phase") and str(param.label) for param in module.PARAMS)


@pytest.mark.parametrize("module", actions.ACTIONS.values(), ids=list(actions.ACTIONS))
def test_every_action_takes_a_sound_step_and_says_it_in_both_languages(module: ModuleType) -> None:
    assert faults(module.KEY, **SOUND[module.KEY]) == []
    said = [module.phrase(step(module.KEY, **SOUND[module.KEY]), KNOWN, language) for language in ("pt-br", "en")]
    assert all(said)
    assert "?" not in "".join(said)


@pytest.mark.parametrize("module", actions.ACTIONS.values(), ids=list(actions.ACTIONS))
def test_every_action_refuses_an_empty_step_beside_its_own_fields(module: ModuleType) -> None:
    refused = faults(module.KEY)
    assert refused
    own = {f"steps.3.params.{param.name}" for param in module.PARAMS} | {"steps.3.channels"}
    assert {place for _, place in refused} <= own
    # An unfinished step can be described all the same: the editor shows it while it is typed.
    assert module.phrase(step(module.KEY), KNOWN, "pt-br")


@pytest.mark.parametrize(
    ("fields", "code", "place"),
    [
        ({"channels": ("sms",), "templates": {"sms": 3}}, "step_channel_not_deliverable", "channels"),
        ({"channels": ("email",)}, "step_template_missing", "templates.email"),
        ({"channels": ("email",), "templates": {"email": 99}}, "step_template_missing", "templates.email"),
        ({"channels": ("email",), "templates": {"email": 2}}, "step_template_inactive", "templates.email"),
        ({"channels": ("email",), "templates": {"email": 3}}, "step_template_other_channel", "templates.email"),
    ],
)
def test_a_message_leaves_only_on_channels_that_deliver_with_a_text_made_for_them(
    fields: dict[str, object], code: str, place: str
) -> None:
    assert faults(rules.MESSAGE, **fields) == [(code, f"steps.3.{place}")]


def test_a_step_does_not_set_a_phase_that_lateness_would_take_back() -> None:
    assert faults(rules.SET_PHASE, params={"phase_id": 6}) == [("step_phase_automatic", "steps.3.params.phase_id")]


def test_the_text_of_a_ticket_has_a_limit() -> None:
    params = {"group": "x" * 61, "ticket_type": "Ajuizar"}
    assert faults(rules.TICKET, params=params) == [("step_text_long", "steps.3.params.group")]


def test_a_message_says_its_alternatives_in_their_order() -> None:
    several = step(rules.MESSAGE, channels=("email", "sms"), templates={"email": 1, "sms": 3}, grouping=rules.PER_TITLE)
    phrase = actions.ACTIONS[rules.MESSAGE].phrase
    assert phrase(several, KNOWN, "pt-br") == "E-mail «1º aviso», senão SMS «Curto», uma por título"
    assert phrase(several, KNOWN, "en") == "E-mail «1º aviso», otherwise SMS «Curto», one per title"
