import uuid

from assises.enums import Side
from assises.loading import Load, table
from assises.models import Theme
from program.enums import ContributionState, Criterion, PartKind, SpeakerState
from program.loading.sessions import number_of, sessions_by_code
from program.models import Contribution, ProtocolRank, SessionPart, Speaker


@table(44)
def load_ranks(run: Load) -> None:
    columns = ["code", "title_fr", "title_zh_hans", "order", "represents_state"]
    for row in run.rows("ranks.csv", columns, optional=True):
        row.upsert(
            ProtocolRank,
            {"edition": run.edition, "code": row.text("code", required=True)},
            {
                "title_fr": row.text("title_fr", required=True),
                "title_zh_hans": row.text("title_zh_hans"),
                "order": number_of(row, "order"),
                "represents_state": row.flag("represents_state"),
            },
        )


@table(45)
def load_speakers(run: Load) -> None:
    texts = [
        "given_name", "family_name", "name_zh", "family_pinyin", "given_pinyin", "function_zh_hans", "email",
    ]  # fmt: skip
    columns = [
        "code", "side", *texts, "family_name_zh_length", "pinyin_confirmed", "function_fr", "organisation", "rank",
        "counterpart", "state", "language",
    ]  # fmt: skip
    rows = list(run.rows("speakers.csv", columns, optional=True))
    ranks = {r.code: r for r in ProtocolRank.objects.filter(edition=run.edition)}
    for row in rows:
        row.upsert(
            Speaker,
            {"edition": run.edition, "code": row.text("code", required=True)},
            {
                **{name: row.text(name) for name in texts},
                "function_fr": row.text("function_fr", required=True),
                "side": row.choice("side", Side.values),
                "family_name_zh_length": row.number("family_name_zh_length") or 1,
                "pinyin_confirmed": row.flag("pinyin_confirmed"),
                "organisation": row.reference("organisation", run.organisations),
                "rank": row.reference("rank", ranks),
                "state": row.choice("state", SpeakerState.values),
                "language": row.choice("language", ["fr", "zh-hans"], default="fr"),
            },
        )
    run.stop_if_broken()
    speakers = speakers_by_code(run)
    for row in rows:
        row.upsert(
            Speaker,
            {"edition": run.edition, "code": row.text("code")},
            {"counterpart": row.reference("counterpart", speakers)},
        )


def speakers_by_code(run: Load) -> dict[str, Speaker]:
    return {s.code: s for s in Speaker.objects.filter(edition=run.edition).exclude(code="")}


def contribution_key(run: Load, code: str) -> uuid.UUID:
    """The same file gives the same contribution."""
    assert run.edition is not None
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{run.edition.code}/contributions/{code}")


@table(46)
def load_contributions(run: Load) -> None:
    """The invented contributions, in the states in which the files say that they are."""
    assert run.edition is not None
    texts = [
        "given_name", "family_name", "email", "message", "title_fr", "title_zh_hans", "summary_fr", "summary_zh_hans",
        "exemplary", "existing", "concrete", "reproducible",
    ]  # fmt: skip
    columns = [
        "code", "session", "theme", "state", "submitted_at", "original", "organisation", "counterpart", "speaker",
        "minutes", "language", "met", *texts,
    ]  # fmt: skip
    sessions, speakers = sessions_by_code(run), speakers_by_code(run)
    themes = {t.code: t for t in Theme.objects.filter(edition=run.edition)}
    for row in run.rows("contributions.csv", columns, optional=True) if run.with_people else ():
        at = row.moment("submitted_at", run.edition.time_zone)
        organisation = row.reference("organisation", run.organisations, required=True)
        for word in row.words("met"):
            if word not in Criterion.values:
                row.fault("met", f"“{word}”: {', '.join(Criterion.values)}")
        if organisation:
            row.upsert(
                Contribution,
                {"edition": run.edition, "key": contribution_key(run, row.text("code", required=True))},
                {
                    **{name: row.text(name) for name in texts},
                    "session": row.reference("session", sessions),
                    "theme": row.reference("theme", themes, required=True),
                    "state": row.choice("state", ContributionState.values),
                    "submitted_at": at,
                    "state_since": at,
                    "original": row.choice("original", ["fr", "zh-hans"]),
                    "organisation": organisation,
                    "organisation_name": organisation.name_fr,
                    "side": organisation.side,
                    "counterpart": row.reference("counterpart", run.organisations),
                    "speaker": row.reference("speaker", speakers),
                    "minutes": number_of(row, "minutes"),
                    "language": row.choice("language", ["fr", "zh-hans"]),
                    "met": row.words("met"),
                },
            )


@table(47)
def load_parts(run: Load) -> None:
    columns = [
        "code", "session", "order", "kind", "title_fr", "title_zh_hans", "minutes", "speaker", "contribution",
        "workshop",
    ]  # fmt: skip
    sessions, speakers = sessions_by_code(run), speakers_by_code(run)
    contributions = {c.key: c for c in Contribution.objects.filter(edition=run.edition)}
    for row in run.rows("parts.csv", columns, optional=True):
        session = row.reference("session", sessions, required=True)
        code = row.text("contribution")
        if session is None or (code and not run.with_people):
            continue
        row.upsert(
            SessionPart,
            {"session": session, "order": number_of(row, "order")},
            {
                "kind": row.choice("kind", PartKind.values),
                "title_fr": row.text("title_fr"),
                "title_zh_hans": row.text("title_zh_hans"),
                "minutes": number_of(row, "minutes"),
                "speaker": row.reference("speaker", speakers),
                "contribution": contributions.get(contribution_key(run, code)) if code else None,
                "workshop": row.reference("workshop", sessions),
            },
        )
