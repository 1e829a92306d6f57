"""Numbers people can say aloud: given once, never reused."""

from django.db import transaction

from .models import NumberSequence


@transaction.atomic
def next_number(key: str) -> int:
    """The next number of this sequence, from 1; the row stays locked until the caller's transaction ends."""
    NumberSequence.objects.get_or_create(key=key)
    row = NumberSequence.objects.select_for_update().get(key=key)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


@transaction.atomic
def reserve(key: str, number: int) -> None:
    """Let the sequence go on after a number that was given elsewhere, such as by an import."""
    NumberSequence.objects.get_or_create(key=key)
    row = NumberSequence.objects.select_for_update().get(key=key)
    if number > row.last:
        row.last = number
        row.save(update_fields=["last"])
