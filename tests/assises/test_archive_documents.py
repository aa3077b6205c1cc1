"""Documents that are kept: PDF/A-3a and PDF/UA-1 at once, with the files that they were made from.

No validator is at hand: these are the points of ISO 19005-3 and ISO 14289-1 that can be read off the file.
"""

import base64
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings
from fontTools.ttLib import TTFont
from PIL import Image

from assises.documents import Attached, render_pdf
from tests.pdf import Pdf, needs_pdftotext

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
PDF = "{http://ns.adobe.com/pdf/1.3/}"
PDF_A = "{http://www.aiim.org/pdfa/ns/id/}"
PDF_UA = "{http://www.aiim.org/pdfua/ns/id/}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"
#: Standard types of PDF 1.7.
ROLES = re.compile(
    r"Document|Part|Art|Sect|Div|BlockQuote|Caption|NonStruct|P|H[1-6]|L|LI|Lbl|LBody|Table|T[RHD]|THead|TBody|TFoot"
    r"|Span|Quote|Note|Reference|Code|Link|Figure|Form"
)

PARIS = dt.timezone(dt.timedelta(hours=2))
WRITTEN = dt.datetime(2018, 11, 5, 18, 30, 7, 654321, tzinfo=PARIS)
CHANGED = dt.datetime(2018, 11, 6, 9, 0, 0, tzinfo=PARIS)
FILES = [
    Attached("ranking.json", b'{"1":"Lyon"}', "application/json", "Le classement, 排名", WRITTEN),
    Attached("marks.csv", b"a;b\n" * 99, "text/csv", "Les notes", CHANGED),
]
EDITION = SimpleNamespace(
    host="Hôtel de Région", name_fr="Assises", name_zh_hans="大会", city="Toulouse",
    starts_on=dt.date(2018, 12, 11), ends_on=dt.date(2018, 12, 13),
)  # fmt: skip
TEMPLATE = """{% extends "base_pdf.html" %}
{% block title %}{{ title }}{% endblock %}
{% block styles %}
  <meta name="dcterms.created" content="{{ created }}"><meta name="dcterms.modified" content="{{ modified }}">
  <meta name="keywords" content="prix, 奖项"><meta name="description" content="Motifs (tous)">
  <meta name="generator" content="Assises">
{% endblock %}
{% block content %}
  <h1 id="top">Décision : œuvre efficace <span lang="zh-Hans">决定：“影片”</span></h1>
  <p>{{ text }} <a href="#top" title="En haut">là</a>, <a href="https://example.org/">ailleurs</a></p>
  <ul><li>un</li><li lang="zh-Hans">二</li></ul>
  <table><caption>Notes</caption><thead><tr><th scope="col">Qui</th><th scope="col">Note</th></tr></thead>
    <tbody><tr><th scope="row">Lyon</th><td>5</td></tr><tr><th scope="row">成都</th><td>4</td></tr></tbody></table>
  <img src="{{ picture }}" alt="Un carré" style="width: 20mm">
{% endblock %}
"""


def picture() -> str:
    """A square that one can see through."""
    written = io.BytesIO()
    Image.new("RGBA", (8, 8), (179, 50, 31, 128)).save(written, "PNG")
    return "data:image/png;base64," + base64.b64encode(written.getvalue()).decode()


@pytest.fixture(scope="module", autouse=True)
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "decision.html").write_text(TEMPLATE)
    [engine] = settings.TEMPLATES
    with override_settings(TEMPLATES=[{**engine, "DIRS": [*engine["DIRS"], folder]}]):
        yield folder


def a_decision(**values: Any) -> bytes:
    stated: dict[str, Any] = {
        "title": "Décision (du jury) 决定",
        "created": WRITTEN.isoformat(),
        "modified": CHANGED.isoformat(),
        "text": "Il s’agit d’une fin.",
        "edition": EDITION,
        "picture": picture(),
        "identifier": "one",
        "archive": True,
        "attached": FILES,
    }
    return render_pdf("decision.html", language="fr", **{**stated, **values})


def the_rules() -> bytes:
    """A template of ours, as it is."""
    both = {"fr": "Le film dure 60 secondes. " * 60, "zh": "影片六十秒。" * 60}
    marks = [{"mark": mark, "meaning": {"fr": "Sens", "zh": "含义"}} for mark in range(1, 6)]
    content = {
        "edition_name": {"fr": "Assises", "zh": "大会"},
        "name": {"fr": "Prix", "zh": "奖项"},
        "articles": [
            {"number": n, "title": {"fr": "Titre", "zh": "标题"}, "text": both} for n in range(1, 4)
        ],
        "criteria": [{"name": both, "weight": 60, "question": both, "marks": marks}],
    }
    return render_pdf(
        "awards/pdf/rules.html",
        language="fr",
        archive=True,
        attached=FILES[:1],
        languages=["fr", "zh-hans"],
        rules=SimpleNamespace(version=1, frozen_at=WRITTEN, digest="ab" * 32),
        content=content,
    )


@pytest.fixture(scope="module")
def decision(templates) -> Pdf:
    return Pdf(a_decision())


@pytest.fixture(scope="module")
def rules(templates) -> Pdf:
    return Pdf(the_rules())


@pytest.fixture(params=["decision", "rules"])
def pdf(request) -> Pdf:
    return request.getfixturevalue(request.param)


def told(pdf: Pdf) -> dict[str, str]:
    """The simple properties of the XMP, attributes or elements, by name; of a list or of languages the first."""
    [rdf] = pdf.metadata[1].findall(f"{RDF}RDF")
    found: dict[str, str] = {}
    for description in rdf.findall(f"{RDF}Description"):
        found |= description.attrib
        for element in description:
            first = next(element.iter(f"{RDF}li"), element)
            found[element.tag] = first.text or ""
    return found


def moment(written: str) -> dt.datetime:
    """A date of a PDF, with its time zone."""
    return dt.datetime.strptime(written.replace("Z", "+00'00").replace("'", ""), "D:%Y%m%d%H%M%S%z")


# What it says of itself.


def test_it_says_that_it_follows_both_standards(pdf):
    said = told(pdf)

    assert (said[f"{PDF_A}part"], said[f"{PDF_A}conformance"]) == ("3", "A")
    assert said[f"{PDF_UA}part"] == "1"


def test_the_name_space_that_pdf_a_does_not_know_is_described(pdf):
    [schema] = pdf.metadata[1].iter("{http://www.aiim.org/pdfa/ns/extension/}schemas")

    assert schema.findtext(f".//{SCHEMA}namespaceURI") == PDF_UA.strip("{}")
    assert schema.findtext(f".//{SCHEMA}prefix") == "pdfuaid"
    assert schema.findtext(f".//{SCHEMA}schema")
    assert schema.findtext(f".//{PROPERTY}description")
    assert [schema.findtext(f".//{PROPERTY}{name}") for name in ("name", "valueType", "category")] == [
        "part",
        "Integer",
        "internal",
    ]


def test_its_metadata_can_be_read_without_unpacking(pdf):
    head, _xmp = pdf.metadata

    assert "/Type /Metadata" in head
    assert "/Subtype /XML" in head
    assert "/Filter" not in head


def test_both_places_say_the_same(decision):
    said, info = told(decision), decision.info

    assert info["Title"] == said[f"{DC}title"] == "Décision (du jury) 决定"
    assert info["Author"] == said[f"{DC}creator"] == "Hôtel de Région"
    assert info["Subject"] == said[f"{DC}description"] == "Motifs (tous)"
    assert info["Keywords"] == said[f"{PDF}Keywords"] == "prix, 奖项"
    assert info["Creator"] == said[f"{XMP}CreatorTool"] == "Assises"
    assert info["Producer"] == said[f"{PDF}Producer"]
    assert len(info) == 8


def test_its_dates_are_those_of_the_template_in_both_places(decision):
    said, info = told(decision), decision.info

    for name, other, expected in [
        ("CreateDate", "CreationDate", WRITTEN.replace(microsecond=0)),
        ("ModifyDate", "ModDate", CHANGED),
    ]:
        assert dt.datetime.fromisoformat(said[XMP + name]) == moment(info[other]) == expected


# The file.


def test_the_file_is_one_that_any_reader_takes(pdf):
    assert pdf.data.startswith(b"%PDF-1.7\n%")
    assert min(pdf.data[10:14]) > 127
    assert pdf.data.endswith(b"%%EOF\n")
    assert pdf.data.count(b"%%EOF") == 1
    assert re.search(r"/ID \[\(.+\) \([0-9a-f]{32}\)\]", pdf.trailer, re.DOTALL)
    assert "/Encrypt" not in pdf.trailer


def test_no_stream_lies_elsewhere_or_is_packed_in_a_forbidden_way(pdf):
    heads = [head for head, _content in pdf.streams.values()]

    assert {name for head in heads for name in re.findall(r"/Filter (/\w+)", head)} == {"/FlateDecode"}
    assert [head for head in heads if re.search(r"/(F|FFilter|FDecodeParms) ", head)] == []
    assert [head for head in heads if "/Interpolate true" in head] == []
    assert [head for head in heads if re.search(r"/Subtype /(PS|Movie)|/OPI|/Ref ", head)] == []


def test_nothing_in_it_acts_by_itself(pdf):
    written = " ".join(pdf.objects.values())

    assert set(re.findall(r"/Type /Action /S /(\w+)", written)) <= {"URI"}
    assert (
        re.findall(
            r"/(?:JavaScript|JS|AA|OpenAction|XFA|OCProperties|Launch|AlternatePresentations)\b", written
        )
        == []
    )


def test_the_same_content_gives_the_same_bytes_at_any_hour(decision):
    with time_machine.travel(dt.datetime(2031, 5, 6, tzinfo=dt.UTC)):
        later = a_decision(attached=FILES[::-1])

    assert later == decision.data


# Colours and pictures.


def test_its_colours_have_a_profile(pdf):
    assert "/S /GTS_PDFA1" in pdf.catalog
    [number] = re.findall(r"/DestOutputProfile (\d+) 0 R", pdf.catalog)
    head, profile = pdf.streams[int(number)]

    assert "/N 3" in head
    assert (profile[12:16], profile[16:20], profile[36:40]) == (b"mntr", b"RGB ", b"acsp")
    assert profile[8] <= 4
    assert int.from_bytes(profile[:4], "big") == len(profile)


def test_its_colours_are_red_green_and_blue_or_grey(pdf):
    heads = " ".join([*pdf.objects.values(), *(head for head, _content in pdf.streams.values())])

    assert re.findall(r"/(?:DeviceCMYK|DeviceN|Separation|CalRGB|CalGray|Indexed)\b", heads) == []
    for content in drawing(pdf):
        assert re.findall(r"(?:^|\s)(?:[kK]|cs|CS|ri|sh|BI)\n", content) == []


def test_what_one_can_see_through_is_mixed_in_known_colours(pdf):
    heads = " ".join([*pdf.objects.values(), *(head for head, _content in pdf.streams.values())])

    groups = re.findall(r"/Group <<(.*?)>>", heads)
    assert [group for group in groups if "/CS" not in group] == []
    assert set(re.findall(r"/BM /(\w+)", heads)) <= {"Normal", "Compatible"}
    assert re.findall(r"/(?:TR|TR2|HTP|HTO) ", heads) == []


def test_no_page_nests_deeper_than_a_reader_must_follow(pdf):
    for content in drawing(pdf):
        depth = deepest = 0
        for operator in re.findall(r"^(q|Q)$", content, re.MULTILINE):
            depth += 1 if operator == "q" else -1
            deepest = max(deepest, depth)
        assert depth == 0
        assert deepest <= 28


def drawing(pdf: Pdf) -> list[str]:
    """What is drawn on each page."""
    numbers = [int(re.findall(r"/Contents (\d+) 0 R", page)[0]) for page in pdf.pages]
    return [pdf.streams[number][1].decode("latin-1") for number in numbers]


# Faces.


def test_each_face_is_inside_with_each_sign_that_is_drawn_as_wide_as_is_said(pdf):
    fonts = [font for font in pdf.of_type("Font") if "/Subtype /Type0" in font]
    assert len(fonts) == 4

    for font in fonts:
        assert "/Encoding /Identity-H" in font
        below = pdf.objects[int(re.findall(r"/DescendantFonts \[(\d+) 0 R", font)[0])]
        described = pdf.objects[int(re.findall(r"/FontDescriptor (\d+) 0 R", below)[0])]
        head, program = pdf.streams[int(re.findall(r"/FontFile3 (\d+) 0 R", described)[0])]
        assert "/Subtype /OpenType" in head
        top = TTFont(io.BytesIO(program))["CFF "].cff.topDictIndex[0]
        for number, width in widths(below).items():
            # Readers that count the glyphs and those that look up the CID find the same one.
            assert top.charset[number] == f"cid{number:05}"
            glyph = top.CharStrings[f"cid{number:05}"]
            glyph.draw(Nowhere())
            assert abs(glyph.width - width) <= 1


def widths(font: str) -> dict[int, float]:
    """The widths that the document tells, by the number of the glyph."""
    [told] = re.findall(r"/W \[((?:\d+ \[[^\]]*\]\s*)+)\]", font)
    return {
        int(first) + i: float(width)
        for first, run in re.findall(r"(\d+) \[([^\]]*)\]", told)
        for i, width in enumerate(run.split())
    }


class Nowhere:
    """A pen that draws nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *points: None


def test_each_sign_that_is_drawn_is_one_that_can_be_copied(pdf):
    assert set(pdf.drawn) == {"Assises-Latin", "Assises-Latin-Bold", "Assises-Hanzi", "Assises-Hanzi-Bold"}
    for signs in pdf.drawn.values():
        assert signs
        assert 0 not in signs
        assert [text for text in signs.values() if not text or set(text) & set("\0\ufeff\ufffe")] == []


@needs_pdftotext
def test_its_text_can_be_copied(decision):
    text = decision.text()

    assert "Décision : œuvre efficace" in text
    assert "决定：“影片”" in text


# Structure.


def test_it_is_tagged_from_its_language_to_its_title(pdf):
    assert "/MarkInfo <</Marked true>>" in pdf.catalog
    assert "/Lang (fr)" in pdf.catalog
    assert "/ViewerPreferences <</DisplayDocTitle true>>" in pdf.catalog
    assert "/StructTreeRoot" in pdf.catalog
    assert [page for page in pdf.pages if "/Tabs /S" not in page or "/StructParents" not in page] == []


def test_its_elements_have_roles_of_the_standard(pdf):
    roles = {re.findall(r"/S /(\w+)", element)[0] for element in pdf.elements}

    assert [role for role in roles if not ROLES.fullmatch(role)] == []
    assert "/RoleMap" not in " ".join(pdf.of_type("StructTreeRoot"))
    assert [e for e in pdf.elements if "/S /Figure" in e and "/Alt" not in e] == []


def test_what_is_drawn_is_tagged_or_marked_as_ornament(pdf):
    for content in drawing(pdf):
        depth = 0
        for line in content.split("\n"):
            if line.endswith(("BDC", "BMC")):
                depth += 1
            elif line == "EMC":
                depth -= 1
            elif re.search(r"(?:TJ|Tj|Do)$|^(?:f|F|S|s|B|b|f\*|B\*|b\*)$", line):
                assert depth > 0, line
        assert depth == 0


def test_the_headers_of_a_table_are_found_by_name(pdf):
    [root] = pdf.of_type("StructTreeRoot")
    names = re.findall(r"\((.*?)\) \d+ 0 R", root.partition("/IDTree")[2])
    ids = [name for element in pdf.elements for name in re.findall(r"/ID \((.*?)\)", element)]
    used = {
        name
        for element in pdf.elements
        for run in re.findall(r"/Headers \[(.*?)\]", element)
        for name in re.findall(r"\((.*?)\)", run)
    }

    assert names == sorted(ids)
    assert len(set(ids)) == len(ids) > 0
    assert used <= set(ids)


def test_its_links_are_printed_and_described(decision):
    links = decision.of_type("Annot")

    assert len(links) == 2
    for link in links:
        assert "/Subtype /Link" in link
        assert "/F 4" in link
        assert "/Contents" in link
        assert "/StructParent " in link


# Attached files.


def test_its_files_come_out_as_they_went_in(decision):
    assert list(decision.files) == ["marks.csv", "ranking.json"]

    for file in FILES:
        named, head, content = decision.files[file.name]
        assert content == file.content
        assert f"/Subtype /{file.media_type.replace('/', '#2f')}" in head
        assert f"/Size {len(file.content)}" in head
        assert f"/CheckSum <{hashlib.md5(file.content, usedforsecurity=False).hexdigest()}>" in head
        dates = re.findall(r"/(CreationDate|ModDate) \((.*?)\)", head)
        expected = file.at.replace(microsecond=0)
        assert {name: moment(date) for name, date in dates} == {"CreationDate": expected, "ModDate": expected}
        assert f"/F ({file.name})" in named
        assert f"/UF ({file.name})" in named
        assert "/AFRelationship /Data" in named
    assert "/Desc (Les notes)" in decision.files["marks.csv"][0]
    assert "排名".encode("utf-16-be").hex() in decision.files["ranking.json"][0]


def test_its_files_belong_to_the_document_each_once(decision):
    [belonging] = re.findall(r"/AF \[(.*?)\]", decision.catalog)
    numbers = [int(number) for number in re.findall(r"(\d+) 0 R", belonging)]

    assert [decision.objects[number] for number in numbers] == [
        named for named, _head, _content in decision.files.values()
    ]


def test_it_may_have_no_file(templates):
    pdf = Pdf(a_decision(attached=()))

    assert "/AF " not in pdf.catalog
    assert pdf.files == {}
    assert told(pdf)[f"{PDF_A}part"] == "3"


# What is refused, and what is not touched.


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"title": ""}, "title"),
        ({"created": ""}, "dcterms.created"),
        ({"modified": "2018-11-05"}, "dcterms.modified"),
        ({"text": "un signe \U0010fffd"}, r"U\+10FFFD"),
        ({"archive": False}, "archive documents only"),
        ({"attached": [FILES[0], FILES[0]]}, "name of its own"),
    ],
    ids=["no title", "no date", "no time zone", "a sign without a face", "not kept", "the same name twice"],
)
def test_what_cannot_be_kept_is_refused(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        a_decision(**wrong)


@pytest.mark.parametrize(
    ("name", "media_type", "at", "reason"),
    [
        ("../a.json", "application/json", WRITTEN, "name"),
        ("排名.json", "application/json", WRITTEN, "name"),
        ("a.json", "json", WRITTEN, "media type"),
        ("a.csv", "text/csv; charset=utf-8", WRITTEN, "media type"),
        ("a.json", "application/json", WRITTEN.replace(tzinfo=None), "time zone"),
    ],
)
def test_a_file_is_named_so_that_every_reader_can_take_it_out(name, media_type, at, reason):
    with pytest.raises(ValueError, match=reason):
        Attached(name, b"", media_type, "", at)


def test_a_document_that_is_not_kept_claims_nothing(templates):
    pdf = Pdf(a_decision(archive=False, attached=()))

    said = told(pdf)
    assert said[f"{PDF_UA}part"] == "1"
    assert f"{PDF_A}part" not in said
    assert "/OutputIntents" not in pdf.catalog
