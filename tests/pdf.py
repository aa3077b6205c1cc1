"""Reads the documents that we make: their objects, their structure, and which glyph of which face is drawn where."""

import re
import shutil
import subprocess
import zlib
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree

import pytest

needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is missing: apt-get install poppler-utils"
)


@dataclass(frozen=True)
class Pdf:
    data: bytes

    @cached_property
    def streams(self) -> dict[int, tuple[str, bytes]]:
        """The dictionary and the content of each stream, by the number of its object."""
        found = {}
        for match in re.finditer(rb"(?:^|\n)(\d+) 0 obj\s*(<<.*?>>)\s*stream\r?\n", self.data, re.DOTALL):
            head, start = match[2].decode("latin-1"), match.end()
            # A compressed stream knows its own end.
            if "/FlateDecode" in head:
                content = zlib.decompressobj().decompress(self.data[start:])
            else:
                content = self.data[start : self.data.index(b"endstream", start)]
            found[int(match[1])] = (head, content)
        return found

    @cached_property
    def objects(self) -> dict[int, str]:
        """The other objects, by number, as they are written."""
        found = {}
        for head, content in self.streams.values():
            if "/ObjStm" not in head:
                continue
            first = int(re.search(r"/First (\d+)", head)[1])  # type: ignore[index]
            numbers = [int(number) for number in content[:first].split()]
            starts = [*numbers[1::2], len(content) - first]
            for number, start, end in zip(numbers[::2], starts, starts[1:], strict=False):
                found[number] = content[first + start : first + end].decode("latin-1").strip()
        return found

    def of_type(self, name: str) -> list[str]:
        return [o for o in self.objects.values() if re.search(rf"/Type /{name}\b", o)]

    @cached_property
    def catalog(self) -> str:
        [catalog] = self.of_type("Catalog")
        return catalog

    @cached_property
    def pages(self) -> list[str]:
        """The pages in their order."""
        [tree] = self.of_type("Pages")
        kids = re.search(r"/Kids \[(.*?)\]", tree)
        assert kids is not None
        return [self.objects[int(number)] for number in re.findall(r"(\d+) 0 R", kids[1])]

    @cached_property
    def elements(self) -> list[str]:
        """The elements of the structure that assistive techniques read."""
        return self.of_type("StructElem")

    @cached_property
    def bookmarks(self) -> list[str]:
        """The titles of the outline, in their order."""
        titles: list[str] = []
        first = re.search(r"/Outlines (\d+) 0 R", self.catalog)

        def walk(number: int) -> None:
            entry = self.objects[number]
            if title := re.search(r"/Title (\(.*?(?<!\\)\)|<[0-9a-f]+>)", entry, re.DOTALL):
                titles.append(text_of(title[1]))
            for way in ("First", "Next"):
                if found := re.search(rf"/{way} (\d+) 0 R", entry):
                    walk(int(found[1]))

        if first:
            walk(int(first[1]))
        return titles

    @cached_property
    def trailer(self) -> str:
        [head] = [head for head, _content in self.streams.values() if "/Type /XRef" in head]
        return head

    @cached_property
    def info(self) -> dict[str, str]:
        """What the file says of itself in the old place: the texts of its information dictionary."""
        found = re.search(r"/Info (\d+) 0 R", self.trailer)
        assert found is not None
        entries = re.findall(
            r"/(\w+) (\((?:\\.|[^\\)])*\)|<[0-9a-f]+>)", self.objects[int(found[1])], re.DOTALL
        )
        return {name: text_of(written) for name, written in entries}

    @cached_property
    def metadata(self) -> tuple[str, ElementTree.Element]:
        """The dictionary of the metadata stream (XMP), and what it says."""
        found = re.search(r"/Metadata (\d+) 0 R", self.catalog)
        assert found is not None
        head, content = self.streams[int(found[1])]
        return head, ElementTree.fromstring(content)

    @cached_property
    def files(self) -> dict[str, tuple[str, str, bytes]]:
        """The attached files by name: how each is told, the dictionary of its stream, and what is in it."""
        names = re.search(r"/EmbeddedFiles (\d+) 0 R", self.catalog)
        tree = self.objects[int(names[1])] if names else ""
        found = {}
        for name, number in re.findall(r"(\([^)]*\)) (\d+) 0 R", tree):
            told = self.objects[int(number)]
            stream = re.search(r"/EF <</F (\d+) 0 R", told)
            assert stream is not None
            found[text_of(name)] = (told, *self.streams[int(stream[1])])
        return found

    @cached_property
    def drawn(self) -> dict[str, dict[int, str]]:
        """By face: the glyphs that are drawn, and the text that each stands for."""
        found: dict[str, dict[int, str]] = {}
        for name, number in self._fonts.items():
            font = self.objects[number]
            face = re.search(r"/BaseFont /[A-Z]{6}\+([\w-]+)", font)
            unicode = re.search(r"/ToUnicode (\d+) 0 R", font)
            assert face is not None
            assert unicode is not None
            texts = _texts(self.streams[int(unicode[1])][1].decode("latin-1"))
            glyphs = found.setdefault(face[1], {})
            for glyph in self._glyphs.get(name, ()):
                glyphs[glyph] = texts.get(glyph, "")
        return found

    @cached_property
    def _fonts(self) -> dict[str, int]:
        fonts: dict[str, int] = {}
        for written in self.objects.values():
            if re.match(r"<<(/\w+ \d+ 0 R)+>>$", written):
                for name, number in re.findall(r"/(\w+) (\d+) 0 R", written):
                    if "/Type /Font" in self.objects.get(int(number), ""):
                        fonts[name] = int(number)
        return fonts

    @cached_property
    def _glyphs(self) -> dict[str, set[int]]:
        glyphs: dict[str, set[int]] = {}
        for _head, content in self.streams.values():
            name = ""
            for font, shown in re.findall(
                r"/(\w+) [\d.]+ Tf|(\[.*?\]\s*TJ|<[0-9a-f]*>\s*Tj)", content.decode("latin-1")
            ):
                name = font or name
                for run in re.findall(r"<([0-9a-f]*)>", shown):
                    glyphs.setdefault(name, set()).update(
                        int(run[i : i + 4], 16) for i in range(0, len(run), 4)
                    )
        return glyphs

    def lines(self, page: int) -> list[str]:
        """The lines of a page (the first is 1) as they lie on the paper."""
        done = subprocess.run(
            ["pdftotext", "-layout", "-f", str(page), "-l", str(page), "-", "-"],
            input=self.data,
            capture_output=True,
            check=True,
        )
        return [" ".join(line.split()) for line in done.stdout.decode().splitlines() if line.strip()]

    def text(self, page: int = 0) -> str:
        """The text as it can be copied, of one page (the first is 1) or of all; each white space is one space."""
        pages = ["-f", str(page), "-l", str(page)] if page else []
        done = subprocess.run(
            ["pdftotext", *pages, "-", "-"], input=self.data, capture_output=True, check=True
        )
        return " ".join(done.stdout.decode().split())


def text_of(string: str) -> str:
    """What a string of a PDF says, written in hexadecimal or between parentheses."""
    if string.startswith("<"):
        return bytes.fromhex(string[1:-1]).decode("utf-16")
    return re.sub(r"\\(.)", r"\1", string[1:-1])


def _texts(cmap: str) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(text).decode("utf-16-be")
        for glyph, text in re.findall(r"<([0-9a-f]{4})> <([0-9a-f]{4,})>\n", cmap)
    }
