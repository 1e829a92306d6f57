"""The WSGI door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from academy import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings.module())
application = get_wsgi_application()
