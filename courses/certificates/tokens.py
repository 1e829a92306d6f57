"""Tokens of certificates: 16 random characters of Crockford's base32, which people can read aloud and type.

Source: https://www.crockford.com/base32.html; 80 bits, so that nobody finds one by guessing.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
# What people write for a digit that looks like it. U is in no token, so V is meant.
LOOKALIKES = str.maketrans("OILU", "011V")


def new_token() -> str:
    """A token that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _position in range(LENGTH))


def tidy(typed: str) -> str:
    """The token that somebody means, however it was typed; empty when it cannot be one."""
    token = re.sub(r"[\s\u2010-\u2015._-]+", "", typed[:100]).upper().translate(LOOKALIKES)
    return token if len(token) == LENGTH and set(token) <= set(ALPHABET) else ""
