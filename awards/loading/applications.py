"""The applications of the demonstration: made by the services that their pairs use, at the hours that the file says."""

import datetime as dt
import functools
import uuid
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from assises import files
from assises.canonical import hash_of
from assises.enums import Side
from assises.exceptions import Refusal
from assises.loading.files import Load, Row
from assises.models import Organisation
from awards import services
from awards.enums import ApplicationState, Opinion
from awards.models import Application, Call, Editor
from awards.models.application import TEXTS
from awards.pledges import text_of
from awards.services import Authority, Late, Pair, Person
from awards.services.applications.writing import seen_of_rights
from awards.services.translating import seen_of_translation

COLUMNS = [
    "code", "category", "french", "chinese", "others", "original", "given_name", "family_name", "email", "language",
    "partner_given_name", "partner_family_name", "partner_email", "partner_language", "begun_at", "submitted_at",
    "outcome", "reason_fr", "reason_zh_hans", "translation",
    *(f"{text}_{language}" for text in TEXTS for language in ("fr", "zh_hans")),
    "film_seconds", "film_title_fr", "film_title_zh_hans", "subtitles", "pictures", "alternatives", "credit",
]  # fmt: skip
#: What the demonstration shows in the place of real files: letters, a film, pictures, made for it.
_FILES = "files"
_LANGUAGES = {"fr": "fr", "zh-hans": "zh_hans"}
#: One letter is sent and read in this time; nothing of it is looked at.
_A_WHILE = dt.timedelta(minutes=20)
#: The secretaries look at one application after the other.
_BETWEEN_TWO = dt.timedelta(hours=4)


def apply(run: Load, call: Call, _opens: dt.datetime, at: dt.datetime) -> None:
    """What pairs have begun, written and submitted until ``at``."""
    for row in run.rows("award_applications.csv", COLUMNS, optional=True):
        assert run.edition is not None
        begun = row.moment("begun_at", run.edition.time_zone)
        if begun is None or begun > at or Application.objects.filter(key=key_of(call, row)).exists():
            continue
        try:
            _apply(run, call, row, begun, at)
        except Refusal as refused:
            row.fault("code", str(refused))


def decide(run: Load, call: Call, opens: dt.datetime, at: dt.datetime) -> None:
    """What both secretaries have found until ``at``, one after the other; completed, and translated."""
    for member in call.jury.secretaries().select_related("user"):
        services.sign_pledge(member, digest=hash_of(text_of(call)), at=opens)
    for n, row in enumerate(run.rows("award_applications.csv", COLUMNS, optional=True)):
        application = call.applications.filter(
            key=key_of(call, row), state=ApplicationState.SUBMITTED
        ).first()
        decided = opens + _A_WHILE + n * _BETWEEN_TWO
        if application is None or decided > at:
            continue
        try:
            _decide(row, application, decided)
        except Refusal as refused:
            row.fault("outcome", str(refused))


def translate_the_rest(run: Load, call: Call, at: dt.datetime) -> None:
    """The translation that is missing is there at last, before the jury marks."""
    for row in run.rows("award_applications.csv", COLUMNS, optional=True):
        application = call.applications.admissible().filter(key=key_of(call, row)).first()
        if application is not None and not application.is_translated:
            _translate(row, application, at)


def key_of(call: Call, row: Row) -> uuid.UUID:
    """The same for the same line of the same award: it is loaded once."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{call.edition.code}/{row.text('code', required=True)}")


def _apply(run: Load, call: Call, row: Row, begun: dt.datetime, at: dt.datetime) -> None:
    categories = {c.code: c for c in call.categories.exclude(theme=None)}
    category = row.reference("category", categories, required=True)
    french, chinese = (
        row.reference(side, run.organisations, required=True) for side in ("french", "chinese")
    )
    others = [run.organisations[code] for code in row.words("others") if code in run.organisations]
    original = row.choice("original", _LANGUAGES)
    if not (category and french and chinese):
        return
    pair = Pair(category, _authority(french), _authority(chinese), [_authority(other) for other in others])
    side = Side.FRENCH if original == "fr" else Side.CHINESE
    application, editor = services.begin(
        call, pair, _person(row, "", side), original=original, key=key_of(call, row), at=begun
    )
    if row.text("partner_email"):
        other = Side.CHINESE if side == Side.FRENCH else Side.FRENCH
        services.add_editor(application, _person(row, "partner_", other), at=begun + _A_WHILE, by=editor)
    written = begun + 2 * _A_WHILE
    texts = {text: row.text(f"{text}_{_LANGUAGES[original]}") for text in TEXTS}
    application = services.write_project(
        application, texts, seen=application.original_digest, at=written, by=editor
    )
    _attach(run, row, application, editor, written)
    assert run.edition is not None
    submitted = row.moment("submitted_at", run.edition.time_zone)
    if submitted is None or submitted > at:
        return
    version = application.call.rules.in_force()[0].version
    try:
        services.submit(application, version=version, at=submitted, by=editor)
    except Late:
        # That is what the line shows: it stays a draft, and the secretaries see by how much.
        return


def _attach(run: Load, row: Row, application: Application, editor: Editor, at: dt.datetime) -> None:
    call, folder = application.call, run.folder / _FILES
    for side, language in ((Side.FRENCH, "fr"), (Side.CHINESE, "zh-hans")):
        services.attach_letter(application, side, _file(folder / f"lettre-{language}.pdf"), at=at, by=editor)
    for number, alternative in enumerate(row.words("alternatives"), start=1):
        services.attach_picture(
            application, _file(folder / f"image-{number}.jpg"), alternative=alternative, credit=row.text("credit"),
            at=at, by=editor,
        )  # fmt: skip
    if row.number("film_seconds"):
        path = folder / "film.mp4"
        services.take_film(
            application,
            key=files.put([path.read_bytes()]),
            name=path.name,
            facts=_facts(path, call.film_seconds),
            at=at,
            by=editor,
        )
        wanted = row.choice("subtitles", ["none", "fr", "zh-hans", "both"], default="none")
        for language, ending in _LANGUAGES.items():
            if wanted in (language, "both"):
                text = f"WEBVTT\n\n00:01.000 --> 00:06.000\n{row.text(f'film_title_{ending}')}\n"
                name = f"film-{language}.vtt"
                services.attach_subtitles(
                    Application.objects.get(pk=application.pk), language,
                    SimpleUploadedFile(name, text.encode(), "text/vtt"), at=at, by=editor,
                )  # fmt: skip
    services.write_rights(
        application, people_agree=True, music="own" if row.number("film_seconds") else "", rights_note="",
        seen=seen_of_rights(application), at=at, by=editor,
    )  # fmt: skip


def _decide(row: Row, application: Application, at: dt.datetime) -> None:
    outcome = row.choice("outcome", ["admissible", "completed", "inadmissible"])
    secretaries = list(application.call.jury.secretaries().select_related("user"))

    def find(opinion: Opinion, at: dt.datetime) -> None:
        for member in secretaries:
            reason = row.text("reason_fr" if member.side == Side.FRENCH else "reason_zh_hans")
            services.give_opinion(application, opinion, reason=reason, at=at, by=member.user)

    if outcome == "completed":
        find(Opinion.TO_COMPLETE, at)
        editor = application.editors.all()[0]
        at += dt.timedelta(hours=20)
        services.submit(application, version=application.call.rules.in_force()[0].version, at=at, by=editor)
        at += _A_WHILE
    find(Opinion.INADMISSIBLE if outcome == "inadmissible" else Opinion.ADMISSIBLE, at)
    if row.choice("translation", ["ready", "missing"]) == "ready":
        _translate(row, Application.objects.get(pk=application.pk), at + 2 * _A_WHILE)


def _translate(row: Row, application: Application, at: dt.datetime) -> None:
    ending = _LANGUAGES[application.translation]
    texts = {text: row.text(f"{text}_{ending}") for text in TEXTS}
    by = application.call.jury.secretaries().select_related("user")[0].user
    services.translate(application, texts, seen=seen_of_translation(application), at=at, by=by)


def _authority(organisation: Organisation) -> Authority:
    return Authority(organisation, organisation.name_fr, organisation.side)


def _person(row: Row, prefix: str, side: Side) -> Person:
    names = ("given_name", "family_name", "email", "language")
    values = {name: row.text(f"{prefix}{name}", required=True) for name in names}
    return Person(side=side, **values)


def _file(path: Path) -> Any:
    return ContentFile(path.read_bytes(), path.name)


@functools.cache
def _facts(path: Path, most_seconds: int) -> dict[str, Any]:
    """The film is the same for all of them: it is looked into once."""
    return services.look_into_film(path, most_seconds=most_seconds)
