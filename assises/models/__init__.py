from assises.models.edition import Edition, OrganiserCredit, Theme
from assises.models.feed import CalendarFeed
from assises.models.job import JobRun
from assises.models.journal import JournalEntry
from assises.models.mail import Mailing, OutgoingEmail, Silenced
from assises.models.milestone import Dependency, Milestone, MilestoneMove, Task
from assises.models.minutes import Minutes, MinutesLine, Verdict
from assises.models.people import Contact, Organisation, Partnership
from assises.models.register import Candidate, Meeting, Preference, RegisterItem
from assises.models.reminder import Reminded, Reminder
from assises.models.upload import Upload
from assises.models.user import User

__all__ = [
    "CalendarFeed",
    "Candidate",
    "Contact",
    "Dependency",
    "Edition",
    "JobRun",
    "JournalEntry",
    "Mailing",
    "Meeting",
    "Milestone",
    "MilestoneMove",
    "Minutes",
    "MinutesLine",
    "Organisation",
    "OrganiserCredit",
    "OutgoingEmail",
    "Partnership",
    "Preference",
    "RegisterItem",
    "Reminded",
    "Reminder",
    "Silenced",
    "Task",
    "Theme",
    "Upload",
    "User",
    "Verdict",
]
