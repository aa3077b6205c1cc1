"""A pair begins its application, writes in it together, submits it, and may take it back until the deadline."""

from awards.services.applications.beginning import SentAlready, begin
from awards.services.applications.keeping import Late
from awards.services.applications.pairs import Authority, Pair, Person
from awards.services.applications.submitting import delete_draft, submit, take_back, withdraw
from awards.services.applications.writing import write_pair, write_project, write_rights

__all__ = [
    "Authority",
    "Late",
    "Pair",
    "Person",
    "SentAlready",
    "begin",
    "delete_draft",
    "submit",
    "take_back",
    "withdraw",
    "write_pair",
    "write_project",
    "write_rights",
]
