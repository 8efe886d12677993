"""What may stop a message at the last moment, asked by messaging before each sending.

Messaging stands below the apps that know of promises, disputes and holds, so it does not import them: they are named
here. Each is called as `f(receivable_ids=…, today=…)` and returns (receivable id, reason code) pairs, the stronger
reason of a title first. The codes are those of `quita.messaging.reasons`.
"""

STOP_QUERIES = ("quita.cases.stops.stopped_titles",)
