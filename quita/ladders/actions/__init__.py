"""What a step can do. One file per action and one line here; a contract test asks each for all it needs.

An action module has KEY (as in `quita.domain.ladder.rules`), LABEL, ICON (a Lucide name), HINT (what it does, for the
editor), IS_MESSAGE (whether channels, texts and grouping concern it), PARAMS (the fields of `step.params`),
`validate(step, place, known, found)` and `phrase(step, known, language)`: what happens, for the sentence of a step.
"""

from types import ModuleType

from quita.ladders.actions import call_task, message, set_phase, ticket

ACTIONS: dict[str, ModuleType] = {module.KEY: module for module in (message, call_task, ticket, set_phase)}
