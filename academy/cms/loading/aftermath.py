"""What the replayed past leaves behind: its messages count as sent, its certificates wait to be made."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from academy.accounts.models import User
from academy.core import clock
from academy.core.models import Message
from courses.certificates import services as certificates
from courses.certificates.models import Certificate


def settle(*, before: datetime, logins: Iterable[User]) -> None:
    """No message about what happened before this moment leaves; PDFs of the demo logins are made first.

    Making a PDF tells its holder, once: so the message about each award is written here, as of that day.
    """
    for certificate in Certificate.objects.select_related("person").filter(done_at=None):
        with clock.at(certificate.awarded_at):
            certificates.tell_awarded(certificate=certificate)
    waiting = Message.objects.filter(done_at=None, written_at__lte=before)
    waiting.update(done_at=F("written_at"), sent_at=F("written_at"))
    certificates.hurry(people=logins)
