"""What pages need from time to time: going live and expiring when an editor said so."""

from datetime import timedelta

from django.core.management import call_command

from academy.core import periodic


@periodic.every("publish_scheduled", timedelta(minutes=1))
def publish_scheduled() -> None:
    """Publish what is due and unpublish what has expired: pages, courses and tracks."""
    call_command("publish_scheduled", verbosity=0)
