"""The decision register: what the two sides decided, what is open between them, who owes whom what until when."""

from assises.register.arbitrating import (
    add_candidate,
    choose,
    give_preference,
    may_speak_for,
    remove_candidate,
)
from assises.register.subjects import Subject, subject, subject_choices, subject_of, subject_url
from assises.register.writing import abandon, add, change, decide, reopen

__all__ = [
    "Subject",
    "abandon",
    "add",
    "add_candidate",
    "change",
    "choose",
    "decide",
    "give_preference",
    "may_speak_for",
    "remove_candidate",
    "reopen",
    "subject",
    "subject_choices",
    "subject_of",
    "subject_url",
]
