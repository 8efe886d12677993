"""Ways of delivering a message. One folder per channel and one line here.

A channel module has `compose` (a letter to bytes), `open_line` (a connection that sends several messages),
`was_delivered` (asked after a crash: did this reference arrive? None when nobody can say) and `check` (is it ready?).
"""

from types import ModuleType

from quita.messaging.channels import email_smtp

CHANNELS: dict[str, ModuleType] = {"email": email_smtp}
