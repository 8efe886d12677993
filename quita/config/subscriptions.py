"""Which news travels to whom: event → handlers. The only place where a lower app's event meets an upper app."""

from collections.abc import Callable

from quita.cases import handlers as cases
from quita.ladders import handlers as ladders
from quita.messaging import events as messaging_events
from quita.messaging import handlers as messaging
from quita.parties import events as parties_events
from quita.receivables import events as receivables_events
from quita.receivables import handlers as receivables

SUBSCRIPTIONS: dict[type, list[Callable[..., None]]] = {
    parties_events.DebtorsMoved: [receivables.debtors_moved],
    parties_events.BranchCalendarChanged: [receivables.branch_calendar_changed],
    parties_events.MunicipalityCalendarAdded: [receivables.municipality_calendar_added],
    parties_events.CalendarDaysChanged: [receivables.calendar_days_changed],
    receivables_events.PolicyPublished: [receivables.policy_published],
    receivables_events.TitlesChanged: [cases.titles_moved],
    receivables_events.TitlesClosed: [messaging.withdraw_for_closed_titles, cases.titles_moved],
    receivables_events.TitlesReopened: [cases.titles_moved],
    messaging_events.MessagesReleased: [ladders.messages_released],
    messaging_events.MessageInDoubt: [cases.message_in_doubt],
}
