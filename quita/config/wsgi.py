"""The WSGI entry point that Granian serves."""

import os
import signal

from django.core.wsgi import get_wsgi_application

from quita.platform import parents

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quita.config.settings")
# Web workers leave SIGTERM to the server that started them; without it only SIGKILL ends one.
parents.end_with_parent(signal.SIGKILL)
application = get_wsgi_application()
