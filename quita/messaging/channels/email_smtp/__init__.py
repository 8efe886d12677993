"""E-mail by SMTP: any server, with several messages per connection."""

from quita.messaging.channels.email_smtp.configuration import configured
from quita.messaging.channels.email_smtp.connection import open_line
from quita.messaging.channels.email_smtp.health import check
from quita.messaging.channels.email_smtp.mime import Envelope, compose
from quita.messaging.channels.email_smtp.receipts import was_delivered

__all__ = ["Envelope", "check", "compose", "configured", "open_line", "was_delivered"]
