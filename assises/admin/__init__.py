"""The core in the back office: the edition, organisations, letters, the journal, accounts."""

from assises.admin import accounts, editions, jobs, journal, letters, organisations, reminders  # noqa: F401
