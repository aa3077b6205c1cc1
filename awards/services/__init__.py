"""What is done to the award. Pages, tasks and commands call these, and nothing else."""

from awards.services.jury import appoint, dismiss
from awards.services.phases import agree_to_phase, agree_to_rules, open_due, take_back
from awards.services.rules import discard, explain, problems_of, write_next

__all__ = [
    "agree_to_phase",
    "agree_to_rules",
    "appoint",
    "discard",
    "dismiss",
    "explain",
    "open_due",
    "problems_of",
    "take_back",
    "write_next",
]
