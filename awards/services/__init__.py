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
from awards.services.attaching import (
    attach_letter,
    attach_picture,
    attach_subtitles,
    detach,
    look_into_film,
    remove_film,
    take_film,
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
    "attach_letter",
    "attach_picture",
    "attach_subtitles",
    "begin",
    "detach",
    "discard",
    "dismiss",
    "explain",
    "give_opinion",
    "look_into_film",
    "open_due",
    "problems_of",
    "remove_editor",
    "remove_film",
    "send_links",
    "submit",
    "take_back",
    "take_back_agreement",
    "take_film",
    "tend_completions",
    "translate",
    "withdraw",
    "write_next",
    "write_pair",
    "write_project",
    "write_rights",
]
