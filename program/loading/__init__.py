"""The programme of an edition, from its files: places, sessions, people, releases."""

from program.loading import people, places, releases, sessions

__all__ = ["people", "places", "releases", "sessions"]
