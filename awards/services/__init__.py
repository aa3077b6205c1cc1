"""What is done to the award. Pages, tasks and commands call these, and nothing else."""

from awards.services.admissibility import give_opinion, tend_completions
from awards.services.applications import (
    Authority,
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
from awards.services.looks import note_look
from awards.services.minutes import (
    amend_minutes,
    begin_minutes,
    give_up_amendment,
    sign_minutes,
    valid_signatures,
    write_minutes,
    write_remarks,
)
from awards.services.motions import move, open_vote, word_motion
from awards.services.phases import agree_to_phase, agree_to_rules, open_due, releasing, take_back_agreement
from awards.services.pledges import sign_pledge
from awards.services.retention import forget_pairs
from awards.services.rules import discard, explain, problems_of, write_next
from awards.services.sheets import Entry, open_file, save_sheet, seal_sheet
from awards.services.sittings import add_item, close_sitting, enter, leave, open_sitting, see, take_up
from awards.services.telling import sends_comments, tell_results, told_at
from awards.services.translating import translate
from awards.services.votes import close_vote, vote

__all__ = [
    "Authority",
    "Entry",
    "Late",
    "Pair",
    "Person",
    "SentAlready",
    "add_editor",
    "add_item",
    "agree_to_phase",
    "agree_to_rules",
    "amend_minutes",
    "answer_conflicts",
    "appoint",
    "attach_letter",
    "attach_picture",
    "attach_subtitles",
    "begin",
    "begin_minutes",
    "call_substitute",
    "close_sitting",
    "close_vote",
    "deal",
    "declare_conflict",
    "delete_draft",
    "detach",
    "discard",
    "dismiss",
    "enter",
    "explain",
    "forget_pairs",
    "give_opinion",
    "give_up_amendment",
    "kept_film",
    "leave",
    "look_into_film",
    "move",
    "note_look",
    "open_due",
    "open_file",
    "open_sitting",
    "open_vote",
    "problems_of",
    "releasing",
    "remove_editor",
    "remove_film",
    "save_sheet",
    "seal_sheet",
    "see",
    "send_links",
    "sends_comments",
    "sign_minutes",
    "sign_pledge",
    "submit",
    "take_back",
    "take_back_agreement",
    "take_film",
    "take_up",
    "tell_results",
    "tend_completions",
    "told_at",
    "translate",
    "valid_signatures",
    "vote",
    "withdraw",
    "word_motion",
    "write_minutes",
    "write_next",
    "write_pair",
    "write_project",
    "write_remarks",
    "write_rights",
]
