"""What is done to the award. Pages, tasks and commands call these, and nothing else."""

from awards.services.admissibility import give_opinion, tend_completions
from awards.services.applications import (
    Authority,
    ChangedMeanwhile,
    Late,
    Pair,
    Person,
    begin,
    submit,
    take_back,
    withdraw,
    write_pair,
    write_project,
    write_rights,
)
from awards.services.editors import add_editor, remove_editor, send_links
from awards.services.jury import appoint, dismiss
from awards.services.phases import agree_to_phase, agree_to_rules, open_due, take_back_agreement
from awards.services.rules import discard, explain, problems_of, write_next
from awards.services.translating import translate

__all__ = [
    "Authority",
    "ChangedMeanwhile",
    "Late",
    "Pair",
    "Person",
    "add_editor",
    "agree_to_phase",
    "agree_to_rules",
    "appoint",
    "begin",
    "discard",
    "dismiss",
    "explain",
    "give_opinion",
    "open_due",
    "problems_of",
    "remove_editor",
    "send_links",
    "submit",
    "take_back",
    "take_back_agreement",
    "tend_completions",
    "translate",
    "withdraw",
    "write_next",
    "write_pair",
    "write_project",
    "write_rights",
]
