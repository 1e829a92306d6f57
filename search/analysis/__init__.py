"""Text to tokens and back to marked text, in Python, once for every engine."""

#: Raise when the same text gives other tokens than before; every index is then rebuilt.
REVISION = 1
