"""The minutes of the jury: what they say, what of it a recused member reads, and the document."""

from awards.minutes.content import content_of
from awards.minutes.masking import masked

__all__ = ["content_of", "masked"]
