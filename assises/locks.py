"""The first keys of our advisory locks, in one place, so that no two of them are ever the same.

The second key says of what: an edition, a session, a release.
"""

from enum import IntEnum


class Lock(IntEnum):
    #: Of an edition: who takes places holds it shared, who queues, frees or counts places holds it alone.
    PLACES = 20181211
    #: Of an authority (hashed): its ceiling holds when two of its offices send at once.
    AUTHORITY = 20181212
    #: Of a session: its seats, as the places of an edition.
    SEATS = 20181213
    #: Of an edition: its releases are numbered and published one after the other.
    RELEASES = 20181214
    #: Of a release: two processes that are asked for a file at once do not both make it.
    RELEASE_FILES = 20181215
    #: Of an edition: its register is numbered, one item after the other.
    REGISTER = 20181216
    #: Of an edition: its milestones are moved by one person at a time, and its dependencies make no circle.
    PLANNING = 20181217
    #: Of an address (hashed): two processes do not write two letters of reminders to one reader on one day.
    READERS = 20181218
    #: Of what uploads are for (hashed): two that begin at once do not both make room for themselves.
    UPLOADS = 20181219
