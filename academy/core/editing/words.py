"""What the pages of a form say about saving."""

from datetime import datetime

from django.utils.translation import gettext as _

from academy.core import clock, wording


def saved_words(moment: datetime) -> str:
    """`Saved at 14.03`, or the day when it was not today."""
    if clock.day_of(moment) == clock.today():
        return _("Saved at %(time)s") % {"time": wording.clock_time(moment)}
    return _("Saved on %(date)s") % {"date": wording.plain_date(moment)}


def words_of_autosave() -> dict[str, str]:
    """What the page says when it saves by itself."""
    return {
        "undo": _("Undo"),
        "removed": _("Removed."),
        "failed": _("Not saved yet; we try again. What you typed is still here."),
        "offline": _("You are offline. What you typed is still here, and is saved once you are back."),
        "loggedOut": _("You have been logged out. What you typed is still here: press a button below and log in."),
        "soon": _("You will be logged out within five minutes. Type or click to stay."),
        "clash": _("Somebody else changed the same. Choose at the top which value stays."),
    }
