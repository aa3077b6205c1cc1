"""What is in a film: found out by reading it, whatever its name or its sender says of it."""

from assises.films.examining import Film, examine

__all__ = ["Film", "examine"]
