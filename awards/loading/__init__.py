"""The award in the files of an edition, and what has become of it in the demonstration."""

from awards.loading import award, phases

__all__ = ["award", "phases"]
