"""The rules of an award are written in versions; one that is frozen stays as it is."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assises import constraints, journal
from assises.canonical import hash_of
from assises.exceptions import Refusal
from assises.models import User
from awards.braces import words_in
from awards.content import LANGUAGES, MOMENTS, WORDS, content_of
from awards.enums import Phase
from awards.models import Article, Call, Criterion, Rules

constraints.declare(
    {
        "awards_rules_stay": gettext_lazy("These rules are frozen: write a new version of them."),
        "awards_call_numbers_stay": gettext_lazy(
            "The jury has opened an application: the numbers of the award stay as they are."
        ),
        "awards_agreement_by_a_president": gettext_lazy("Only the co-president of that side agrees for it."),
        "awards_agreement_stays": gettext_lazy("This phase is open: what was agreed to stays."),
        "awards_call_opens_by_both": gettext_lazy(
            "A phase opens after the one before it, and when both co-presidents have agreed."
        ),
        "awards_call_opens_with_rules": gettext_lazy("The call opens with frozen rules."),
        "awards_rules_agreed_to_by_both": gettext_lazy(
            "Rules are frozen once both co-presidents have agreed to them."
        ),
        "awards_call_stays_with_its_edition": gettext_lazy("An award that is open stays with its edition."),
        "awards_category_of_its_edition": gettext_lazy("This theme belongs to another edition."),
        "awards_jurymember_has_agreed": gettext_lazy(
            "This member has agreed to something: add another member instead."
        ),
        "awards_jurymember_of_its_side": gettext_lazy("This account belongs to the other side."),
    }
)


@transaction.atomic
def write_next(call: Call, *, at: dt.datetime, by: User | None) -> Rules:
    """Begin the next version of the rules, with the articles of the one before. Refuses while one is being written."""
    call = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    if call.rules.in_draft().exists():
        raise Refusal(_("A new version of the rules is being written already."))
    if not rules_may_change(call):
        raise Refusal(_("Rules are changed while the call for applications is open, and not after."))
    before = call.rules.in_force().first()
    last = call.rules.aggregate(last=Max("version"))["last"] or 0
    rules = Rules.objects.create(call=call, version=last + 1)
    if before is not None:
        Article.objects.bulk_create(_copy(article, rules) for article in before.articles.all())
    journal.write([journal.entry(rules, "rules_begun", at=at, by=by, version=rules.version)])
    return rules


def rules_may_change(call: Call) -> bool:
    """Before the call and while it is open; afterwards applicants have relied on them."""
    return call.phase in (Phase.RULES, Phase.CALL) and call.first_opened_at is None


@transaction.atomic
def explain(rules: Rules, *, reason_fr: str, reason_zh: str, at: dt.datetime, by: User | None) -> Rules:
    """Say in both languages what a new version changes. Refuses a frozen one."""
    row = Rules.objects.select_for_update().select_related("call__edition").get(pk=rules.pk)
    if row.frozen_at is not None:
        raise Refusal(_("These rules are frozen: write a new version of them."))
    row.reason_fr, row.reason_zh_hans = reason_fr, reason_zh
    row.save(update_fields=["reason", "reason_fr", "reason_zh_hans"])
    journal.write([journal.entry(row, "rules_explained", at=at, by=by, version=row.version)])
    return row


@transaction.atomic
def discard(rules: Rules, *, at: dt.datetime, by: User | None) -> None:
    """Give up a new version that was begun. Refuses the first one, and what is frozen."""
    row = Rules.objects.select_for_update().select_related("call").get(pk=rules.pk)
    if row.frozen_at is not None or row.version == 1:
        raise Refusal(_("Only a new version that is not in force yet is given up."))
    journal.write([journal.entry(row.call, "rules_discarded", at=at, by=by, version=row.version)])
    row.delete()


def freeze(rules: Rules, *, digest: str, at: dt.datetime) -> bool:
    """Keep what a draft says for good, if it is what was agreed to and complete; whether it was.

    The caller holds the call and the draft: nothing changes between this look and the end of the transaction.
    """
    content = content_of(rules)
    if hash_of(content) != digest or problems_of(rules):
        return False
    rules.content, rules.digest, rules.frozen_at = content, digest, at
    rules.save(update_fields=["content", "digest", "frozen_at"])
    journal.write([journal.entry(rules, "rules_frozen", at=at, version=rules.version, digest=rules.digest)])
    return True


def problems_of(rules: Rules) -> list[str]:
    """What keeps a draft from being frozen, a sentence each; nobody agrees to rules with a gap."""
    call = rules.call
    articles, criteria = list(rules.articles.all()), list(call.criteria.prefetch_related("anchors"))
    found: list[str] = []
    if not articles:
        found.append(_("The rules have no article."))
    if rules.version > 1 and not (rules.reason_fr and rules.reason_zh_hans):
        found.append(_("Say in both languages what has changed since the version before."))
    for article in articles:
        found += _of_article(article)
    categories = list(call.categories.all())
    if not any(category.theme_id for category in categories):
        found.append(_("No category has a theme: nobody could apply."))
    rows: list[tuple[Any, tuple[str, ...]]] = [(call, ("name",)), *((c, ("name",)) for c in categories)]
    rows += [(c, ("name", "question")) for c in criteria]
    found += [
        _("“%(what)s” is missing in one language.") % {"what": row}
        for row, fields in rows
        if any(not getattr(row, f"{field}_{ending}") for field in fields for ending in LANGUAGES.values())
    ]
    found += _of_criteria(criteria)
    lacking = [phase.label for phase in MOMENTS.values() if call.date_of(phase) is None]
    if lacking:
        found.append(
            _("Phases without a milestone in the planning: %(phases)s.")
            % {"phases": ", ".join(map(str, lacking))}
        )
    return found


def _of_article(article: Article) -> list[str]:
    found = []
    texts = [
        getattr(article, f"{f}_{ending}") or "" for f in ("title", "text") for ending in LANGUAGES.values()
    ]
    if not all(texts):
        found.append(_("Article %(number)d is missing in one language.") % {"number": article.number})
    french, chinese = article.text_fr or "", article.text_zh_hans or ""
    if french and chinese and words_in(french) != words_in(chinese):
        found.append(
            _("Article %(number)d names other numbers or dates in French than in Chinese.")
            % {"number": article.number}
        )
    unknown = sorted({word for text in texts for word in words_in(text) if word not in WORDS})
    if unknown:
        found.append(
            _("Article %(number)d names what nobody knows: %(unknown)s. Known are: %(known)s.")
            % {"number": article.number, "unknown": ", ".join(unknown), "known": ", ".join(WORDS)}
        )
    return found


def _of_criteria(criteria: list[Criterion]) -> list[str]:
    found = []
    weight = sum(criterion.weight for criterion in criteria)
    if weight != 100:
        found.append(
            _("The weights of the criteria are %(sum)d together; they must be 100.") % {"sum": weight}
        )
    if not any(criterion.breaks_ties for criterion in criteria):
        found.append(_("Say which criterion breaks ties."))
    for criterion in criteria:
        explained = [
            a for a in criterion.anchors.all() if all(getattr(a, f"meaning_{e}") for e in LANGUAGES.values())
        ]
        lacking = 5 - len(explained)
        if lacking:
            words = ngettext(
                "“%(criterion)s”: %(count)d mark is not explained in both languages.",
                "“%(criterion)s”: %(count)d marks are not explained in both languages.",
                lacking,
            )
            found.append(words % {"criterion": criterion, "count": lacking})
    return found


def _copy(article: Article, rules: Rules) -> Article:
    texts = [f"{field}_{ending}" for field in ("title", "text") for ending in LANGUAGES.values()]
    return Article(rules=rules, number=article.number, **{name: getattr(article, name) for name in texts})
