"""Programmes that are shown: items in one line each, and releases that contain exactly them. Nothing is random."""

import dataclasses
import datetime as dt
import itertools
from typing import Any

from assises import memory
from assises.canonical import hash_of
from assises.models import Edition
from program import snapshot
from program.content import to_content
from program.models import ProgrammeRelease, ReleaseApproval
from program.programme import (
    Lead,
    Programme,
    RoomFacts,
    SessionFacts,
    Stamp,
    ThemeFacts,
    VenueFacts,
    Words,
    sessions_in_order,
)

NUMBERS = itertools.count(1)
TUESDAY, WEDNESDAY, THURSDAY = (dt.date(2018, 12, day) for day in (11, 12, 13))
PUBLISHED = dt.datetime(2018, 10, 1, 9, tzinfo=dt.UTC)
FRENCH_LEAD = Lead("FR", Words("Bordeaux", "波尔多"), True)
CHINESE_LEAD = Lead("CN", Words("Wuhan", "武汉市"), False)


def an_item(title_fr: str = "", title_zh: str = "", **fields: Any) -> SessionFacts:
    """Something decided for Wednesday, 9 to 10, in the plenary hall, for all, in both languages."""
    n = next(NUMBERS)
    defaults: dict[str, Any] = {
        "guid": f"00000000-0000-4000-8000-{n:012}",
        "code": f"seance-{n}",
        "short_code": f"S{n:05}",
        "title": Words(title_fr or f"Séance {n}", title_zh or f"第{n}场"),
        "summary": Words(),
        "kind": "ceremony",
        "theme": "",
        "day": WEDNESDAY,
        "starts_at": dt.time(9),
        "ends_at": dt.time(10),
        "time_is_flexible": False,
        "room": "pleniere",
        "status": "decided",
        "audience": "public",
        "invited_by": Words(),
        "invited": Words(),
        "languages": "both",
        "interpretation": True,
        "seats": None,
        "choice_group": "",
        "changed_at": PUBLISHED,
    }
    return SessionFacts(**{**defaults, **fields})


def a_workshop(title_fr: str = "", title_zh: str = "", **fields: Any) -> SessionFacts:
    """A workshop of Wednesday, 14:00 to 16:30, led by Bordeaux and, not yet confirmed, Wuhan."""
    defaults = {
        "kind": "parallel",
        "theme": "ville",
        "room": "salle-a",
        "starts_at": dt.time(14),
        "ends_at": dt.time(16, 30),
        "seats": 100,
        "leads": (FRENCH_LEAD, CHINESE_LEAD),
    }
    return an_item(title_fr, title_zh, **{**defaults, **fields})


def a_programme(edition: Edition, *items: SessionFacts, **fields: Any) -> Programme:
    """These items in two rooms of one venue, with one theme."""
    return dataclasses.replace(
        snapshot.read(edition),
        themes=(ThemeFacts("ville", Words("Ville durable", "可持续城市"), "triangle", "#8C5BA6"),),
        venues=(VenueFacts("region", Words("Hôtel de Région", "大区议会大厦"), "22 bd du Maréchal-Juin", Words("Métro", "地铁"), 0),),
        rooms=(
            RoomFacts("pleniere", Words("Salle plénière", "全体会议厅"), "region", 500, True, Words()),
            RoomFacts("salle-a", Words("Salle A", "A厅"), "region", 100, None, Words("Écran", "屏幕")),
        ),
        sessions=sessions_in_order(items),
        **fields,
    )  # fmt: skip


def a_stamp(programme: Programme, **fields: Any) -> Stamp:
    defaults: dict[str, Any] = {
        "number": 2,
        "kind": "preliminary",
        "purpose": Words("Pour information", "供参考"),
        "date": PUBLISHED,
        "hash": hash_of(to_content(programme)),
        "is_public": True,
    }
    return Stamp(**{**defaults, **fields})


def a_release(edition: Edition, *items: SessionFacts, **fields: Any) -> ProgrammeRelease:
    """A release that contains these items, published and public unless said otherwise."""
    dropped = fields.pop("dropped", ())
    programme = fields.pop("programme", None) or a_programme(edition, *items, dropped=dropped)
    content = to_content(programme)
    last = ProgrammeRelease.objects.filter(edition=edition).order_by("-number").first()
    number = last.number + 1 if last else 1
    defaults: dict[str, Any] = {
        "number": number,
        "kind": "preliminary",
        "purpose_fr": "Pour information",
        "purpose_zh_hans": "供参考",
        "prepared_at": PUBLISHED,
        "content": content,
        "content_hash": hash_of(content),
    }
    published_at = fields.pop("published_at", PUBLISHED + dt.timedelta(days=number))
    read = ProgrammeRelease.objects.read_by(is_public=fields.get("is_public", True)).filter(edition=edition)
    release = ProgrammeRelease.objects.create(
        edition=edition, out_before=read.count(), **{**defaults, **fields}
    )
    for side, name in (("FR", "Solène Référent"), ("CN", "孙样例")):
        ReleaseApproval.objects.create(release=release, side=side, name=name, at=PUBLISHED)
    if published_at:
        release.published_at = published_at
        release.save(update_fields=["published_at"])
    memory.forget()
    return release
