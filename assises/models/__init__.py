from assises.models.edition import Edition, OrganiserCredit, Theme
from assises.models.job import JobRun
from assises.models.journal import JournalEntry
from assises.models.mail import OutgoingEmail
from assises.models.milestone import Milestone
from assises.models.people import Contact, Organisation, Partnership
from assises.models.reminder import Reminded, Reminder
from assises.models.user import User

__all__ = [
    "Contact",
    "Edition",
    "JobRun",
    "JournalEntry",
    "Milestone",
    "Organisation",
    "OrganiserCredit",
    "OutgoingEmail",
    "Partnership",
    "Reminded",
    "Reminder",
    "Theme",
    "User",
]
