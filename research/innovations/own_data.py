"""What lists keep of a person, for "export my data"."""

from typing import Any

from academy.accounts.models import User
from academy.core import registries

from .models import SavedView


@registries.personal_data.register("innovation_views")
def personal_data(person: User) -> list[dict[str, Any]]:
    """The views of the portfolio that this person keeps."""
    return list(SavedView.objects.filter(person=person).values("name", "columns", "query", "order"))
