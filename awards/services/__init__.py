"""What is done to the award. Pages, tasks and commands call these, and nothing else."""

from awards.services.admissibility import give_opinion, tend_completions
from awards.services.applications import (
    Authority,
    ChangedMeanwhile,
    Late,
    Pair,
    Person,
    SentAlready,
    begin,
    delete_draft,
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
    kept_film,
    look_into_film,
    remove_film,
    take_film,
)
from awards.services.conflicts import answer_conflicts, call_substitute, declare_conflict
from awards.services.dealing import deal
from awards.services.editors import add_editor, remove_editor, send_links
from awards.services.jury import appoint, dismiss
from awards.services.phases import agree_to_phase, agree_to_rules, open_due, take_back_agreement
from awards.services.pledges import sign_pledge
from awards.services.retention import forget_pairs
from awards.services.rules import discard, explain, problems_of, write_next
from awards.services.sheets import Entry, open_file, save_sheet, seal_sheet
from awards.services.translating import translate

__all__ = [
    "Authority",
    "ChangedMeanwhile",
    "Entry",
    "Late",
    "Pair",
    "Person",
    "SentAlready",
    "add_editor",
    "agree_to_phase",
    "agree_to_rules",
    "answer_conflicts",
    "appoint",
    "attach_letter",
    "attach_picture",
    "attach_subtitles",
    "begin",
    "call_substitute",
    "deal",
    "declare_conflict",
    "delete_draft",
    "detach",
    "discard",
    "dismiss",
    "explain",
    "forget_pairs",
    "give_opinion",
    "kept_film",
    "look_into_film",
    "open_due",
    "open_file",
    "problems_of",
    "remove_editor",
    "remove_film",
    "save_sheet",
    "seal_sheet",
    "send_links",
    "sign_pledge",
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
