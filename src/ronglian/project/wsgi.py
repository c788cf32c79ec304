"""What granian serves."""

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

from ronglian.kernel.time_limit import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronglian.project.settings.dev")


def _limit(sender: Any, connection: Any, **_more: Any) -> None:
    """Requests alone are limited: jobs and commands have connections of their own processes."""
    limit_statements(connection, settings.REQUEST_SECONDS)


connection_created.connect(_limit, dispatch_uid="ronglian time limit")
application = get_wsgi_application()
