"""What this room tells the rooms above it."""

from django.dispatch import Signal

#: An enrolment got an outcome, or another one; sent inside the transaction with `enrolment`, `actor`, `before`.
enrolment_finished = Signal()
