"""The core in the back office: the edition, organisations, letters, the journal, accounts."""

from assises.admin import (  # noqa: F401
    accounts,
    editions,
    jobs,
    journal,
    letters,
    mailings,
    organisations,
    register,
    register_item,
    reminders,
)
