"""The minutes of the jury: what they say, what of it a recused member reads, and the document."""

from awards.minutes.content import content_of
from awards.minutes.masking import hidden_from, masked

__all__ = ["content_of", "hidden_from", "masked"]
