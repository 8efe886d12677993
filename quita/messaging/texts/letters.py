"""One source, three forms: subject, HTML and plain text from a template's wording and the facts of a letter."""

from __future__ import annotations

from dataclasses import dataclass

from quita.domain import refusals
from quita.messaging.texts import layout, liquid_setup, skeleton
from quita.messaging.texts.context import context_of, opt_out_line
from quita.messaging.texts.facts import LetterFacts


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to leave: one line of subject, a whole HTML page, a whole text."""

    subject: str
    html: str
    text: str


def write(subject: str, body: str, facts: LetterFacts) -> Letter:
    """Fill a template's subject and body with facts. Refusal `template_error`: a placeholder has no value."""
    context = context_of(facts)
    try:
        subject_marks, subject_values = liquid_setup.collect(subject, context)
        body_marks, body_values = liquid_setup.collect(body, context)
    except liquid_setup.LiquidError as error:
        raise refusals.Refusal(
            "template_error",
            "The text could not be filled in: %(reason)s. Correct the template and save it again.",
            {"reason": str(error.message or error)[:200]},
        ) from error
    one_line = skeleton.subject_skeleton(subject_marks).fill([skeleton.as_text(value) for value in subject_values])
    # A value may bring line breaks of its own; in a header they would start another one.
    one_line = " ".join(one_line.split())
    html_shape, text_shape = skeleton.body_skeletons(body_marks)
    html_body = html_shape.fill([skeleton.as_html(value) for value in body_values])
    text_body = text_shape.fill([skeleton.as_text(value) for value in body_values])
    opt_out = opt_out_line(facts.creditor)
    return Letter(
        one_line,
        layout.html_letter(facts.creditor, one_line, html_body, opt_out, facts.reference),
        layout.text_letter(facts.creditor, text_body, opt_out, facts.reference),
    )
