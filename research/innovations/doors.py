"""The ways to put in an idea and to what one owns, for every member."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from academy.accounts.models import User
from academy.core import registries
from academy.core.registries import Door


@registries.doors.register("innovations-own")
def doors(person: User) -> list[Door]:
    """For members; an innovation manager has further doors."""
    if not person.has_perm("innovations.put_in"):
        return []
    return [
        Door(gettext_lazy("My innovations"), reverse("innovations:mine"), "lightbulb"),
        Door(gettext_lazy("Put in an idea"), reverse("innovations:put_in"), "pencil"),
    ]
