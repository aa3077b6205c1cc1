"""Programmes for tests, made in one line each, without a database. Nothing here is random."""

import dataclasses
import datetime as dt
from typing import Any

from assises.canonical import hash_of
from program.content import to_content
from program.programme import (
    Credit,
    EditionFacts,
    Lead,
    Part,
    Programme,
    RoomFacts,
    SessionFacts,
    Stamp,
    ThemeFacts,
    VenueFacts,
    Visit,
    Voice,
    Words,
    sessions_in_order,
)
from tests.program.showing import THURSDAY, TUESDAY, an_item


def session_facts(title_fr: str = "", title_zh: str = "", **fields: Any) -> SessionFacts:
    """An item as ``an_item``, in the plenary hall of this programme."""
    return an_item(title_fr, title_zh, **{"room": "plenary", **fields})


def workshop_facts(title_fr: str, title_zh: str, **fields: Any) -> SessionFacts:
    """A workshop whose pair is complete: Bordeaux, confirmed, and Wuhan, not yet."""
    leads = (Lead("FR", Words("Bordeaux", "波尔多"), True), Lead("CN", Words("Wuhan", "武汉市"), False))
    return session_facts(title_fr, title_zh, **{"kind": "parallel", "leads": leads, **fields})


def visit_facts(title_fr: str, title_zh: str, **fields: Any) -> SessionFacts:
    """A visit that the French side keeps and the Chinese side has not answered, on Thursday at 11."""
    sheet: dict[str, Any] = {
        "place": Words("Cité de Carcassonne", "卡尔卡松古城"),
        "programme": Words("La cité médiévale.", "中世纪古城。"),
        "distance_km": 95,
        "travel_minutes": 70,
        "duration_minutes": 120,
        "is_accessible": None,
        "accessibility": Words(),
        "identity_document": True,
        "origin": "proposed",
        "origin_side": "FR",
        "verdict_french": "kept",
        "verdict_chinese": "",
        "is_kept": None,
        "decision_note": Words(),
    }
    sheet |= {name: fields.pop(name) for name in list(fields) if name in sheet}
    defaults = {"kind": "visit", "day": THURSDAY, "starts_at": dt.time(11), "ends_at": None, "room": ""}
    return session_facts(title_fr, title_zh, **{**defaults, "visit": Visit(**sheet), **fields})


def a_programme(*sessions: SessionFacts, **fields: Any) -> Programme:
    """A small programme with something of everything, or one of these sessions."""
    return dataclasses.replace(
        Programme(
            edition=_edition(),
            themes=(
                ThemeFacts("agriculture", Words("Agriculture", "农业"), "square", "#5F7A2A"),
                ThemeFacts("city", Words("Ville durable", "可持续城市"), "triangle", "#8C5BA6"),
            ),
            venues=(
                VenueFacts("region", Words("Hôtel de Région", "大区议会大厦"), "22 bd du Maréchal-Juin, Toulouse", Words("Métro : Palais-de-Justice.", "地铁：Palais-de-Justice站。"), 0),
            ),
            rooms=(
                RoomFacts("plenary", Words("Salle plénière", "全体会议厅"), "region", 500, True, Words()),
                RoomFacts("lounge", Words("Salon 1", "1号洽谈室"), "region", 12, None, Words()),
            ),
            sessions=sessions_in_order(sessions or _everything()),
        ),
        **fields,
    )  # fmt: skip


def a_stamp(programme: Programme, **fields: Any) -> Stamp:
    """A draft for travel authorisation, number 3, of 1 October 2018, 11:00 in Paris, approved by both sides."""
    defaults: dict[str, Any] = {
        "number": 3,
        "kind": "travel_draft",
        "purpose": Words("À joindre à la demande d’autorisation.", "供办理出访审批使用。"),
        "date": dt.datetime(2018, 10, 1, 9, tzinfo=dt.UTC),
        "hash": hash_of(to_content(programme)),
        "is_public": False,
        "approvals": (("FR", "Solène Référent"), ("CN", "孙样例")),
    }
    return Stamp(**{**defaults, **fields})


def _edition() -> EditionFacts:
    return EditionFacts(
        code="toulouse-2018",
        number=6,
        name=Words("Assises de la coopération décentralisée franco-chinoise", "中法地方政府合作高层论坛"),
        short_name=Words("Assises", "高层论坛"),
        city=Words("Toulouse", "图卢兹"),
        venue_name=Words("Hôtel de Région", "大区议会大厦"),
        venue_address="",
        starts_on=TUESDAY,
        ends_on=THURSDAY,
        time_zone="Europe/Paris",
        host=Words("Région Occitanie", "奥克西塔尼大区"),
        guest_of_honour=Words("Province du Sichuan", "四川省"),
        contact_email="assises@example.org",
        contact_phone="05 36 49 12 18",
        credits=(
            Credit(Words("APCAE", "中国人民对外友好协会"), "co_organiser", Words()),
            Credit(Words("Région Occitanie", "奥克西塔尼大区"), "co_organiser", Words("hôte", "东道主")),
            Credit(Words("Ministère de l’Europe", "法国欧洲与外交部"), "supporter", Words()),
        ),
    )


def _everything() -> tuple[SessionFacts, ...]:
    speaker = Voice(
        "FR",
        "Oriane Parcours",
        "",
        Words("Directrice du tourisme", "旅游局局长"),
        Words("Montpellier", "蒙彼利埃"),
    )
    someone = Voice(
        "CN",
        "",
        "",
        Words("Représentant de la province", "省政府代表"),
        Words("Province du Sichuan", "四川省"),
    )
    choice = {"choice_group": "workshops", "starts_at": dt.time(14), "ends_at": dt.time(16, 30), "room": ""}
    lounge = {"kind": "informal", "room": "lounge", "starts_at": dt.time(14), "ends_at": dt.time(18)}
    return (
        session_facts("Dîner", "晚宴", day=TUESDAY, starts_at=None, ends_at=None, room="", status="to_be_defined"),
        session_facts(
            "Inauguration : l’ouverture",
            "开幕式",
            summary=Words("Ouverture des Assises !", "论坛开幕。"),
            parts=(
                Part("speech", Words("Allocution", "致辞"), 10, False, someone),
                Part("contribution", Words("Un accueil à deux", "共同接待"), 15, True, speaker),
            ),
        ),
        workshop_facts("Atelier agriculture", "分论坛：农业", theme="agriculture", seats=100, **choice),
        workshop_facts(
            "Atelier ville durable",
            "分论坛：可持续城市",
            theme="city",
            leads=(Lead("FR", Words("Bordeaux", "波尔多"), True),),
            summary=Words("Mobilité, énergie, déchets."),
            **choice,
        ),
        session_facts("Rencontres informelles", "自由交流", **lounge),
        visit_facts("Carcassonne", "卡尔卡松"),
        visit_facts("Cahors", "卡奥尔", verdict_chinese="not_kept", is_kept=False),
    )  # fmt: skip
