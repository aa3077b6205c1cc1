"""The decision register: what the two sides decided, what is open between them, who owes whom what until when."""

from assises.register.addresses import add_url, item_url
from assises.register.arbitrating import (
    add_candidate,
    choose,
    give_preference,
    remove_candidate,
)
from assises.register.subjects import (
    Subject,
    subject,
    subject_by_code,
    subject_choices,
    subject_key,
    subject_of,
    subject_url,
)
from assises.register.writing import abandon, add, change, decide, reopen

__all__ = [
    "Subject",
    "abandon",
    "add",
    "add_candidate",
    "add_url",
    "change",
    "choose",
    "decide",
    "give_preference",
    "item_url",
    "remove_candidate",
    "reopen",
    "subject",
    "subject_by_code",
    "subject_choices",
    "subject_key",
    "subject_of",
    "subject_url",
]
