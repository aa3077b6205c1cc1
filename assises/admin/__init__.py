"""The core in the back office: the edition, organisations, letters, the journal, accounts, the planning, the register."""

from assises.admin import (  # noqa: F401
    accounts,
    editions,
    jobs,
    journal,
    letters,
    mailings,
    meetings,
    minutes,
    minutes_line,
    organisations,
    planning,
    planning_calendars,
    planning_milestone,
    planning_move,
    planning_writing,
    register,
    register_item,
    reminders,
)
