"""What the whole code base promises, checked by machine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.template.loader import get_template

ROOT: Path = settings.BASE_DIR
APPS = [a for a in ("assises", "program", "registration", "awards", "logistics") if apps.is_installed(a)]
MODELS = [model for label in APPS for model in apps.get_app_config(label).get_models()]
TEMPLATES = sorted(
    str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*") if path.is_file()
)
CATALOGUES = [ROOT / f"locale/{name}/LC_MESSAGES/django.po" for name in ("fr", "zh_Hans")]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
#: Addresses that the law wants told; they are links to follow, nothing is loaded from them.
TOLD = re.compile(r'href="https://(www\.cnil|www\.defenseurdesdroits|formulaire\.defenseurdesdroits)\.fr')
OUR_PYTHON = [
    path for label in APPS for path in (ROOT / label).rglob("*.py") if "migrations" not in path.parts
]
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
).stdout.split("\n")


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True)


@pytest.mark.django_db
def test_every_migration_goes_back_too():
    for label in reversed([a for a in APPS if a in {m._meta.app_label for m in MODELS}]):
        if label == "registration":
            call_command("migrate", label, "0001", verbosity=0)
            call_command("migrate", label, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = 'registration_place_follows_capacity'")
        assert cursor.fetchone()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_constraints_are_named_app_model_fact(model):
    for constraint in model._meta.constraints:
        assert constraint.name.startswith(f"{model._meta.app_label}_"), constraint.name


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_page_has_inline_script_or_style_or_speaks_to_another_host(name):
    source = (ROOT / "templates" / name).read_text(encoding="utf-8")
    is_letter_or_document = "/mail/" in name or "/pdf/" in name or name.startswith(("base_mail", "base_pdf"))
    if not is_letter_or_document:
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", source)
        assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", TOLD.sub("", source))


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_the_catalogues_are_complete(catalogue):
    entries = polib.pofile(str(catalogue))

    assert [e.msgid for e in entries if not e.obsolete and not e.translated()] == []
    assert [e.msgid for e in entries if e.fuzzy] == []
    assert [e.msgid for e in entries if e.obsolete] == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_translation_keeps_the_places_for_values(catalogue):
    for entry in polib.pofile(str(catalogue)):
        texts = [entry.msgstr, *entry.msgstr_plural.values()]
        for text in filter(None, texts):
            allowed = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
            needed = set(PLACEHOLDER.findall(entry.msgid)) & set(
                PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)
            )
            found = set(PLACEHOLDER.findall(text))
            assert needed <= found <= allowed, (entry.msgid, text)


def test_every_string_of_the_code_is_in_the_catalogues(tmp_path):
    """Runs the extraction on a copy: a new sentence without a translation fails here."""
    copy = tmp_path / "project"
    names = [n for n in TRACKED if n.endswith((".py", ".html", ".txt", ".po"))]
    names += [str(p.relative_to(ROOT)) for p in [*OUR_PYTHON, *(ROOT / "templates").rglob("*.*")]]
    for name in set(names):
        if (ROOT / name).exists() and not name.startswith("tests/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "-l",
            "fr",
            "-l",
            "zh_Hans",
            "--no-location",
            "--no-obsolete",
        ],
        cwd=copy,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    for catalogue in CATALOGUES:
        fresh = polib.pofile(str(copy / catalogue.relative_to(ROOT)))
        assert [e.msgid for e in fresh if not e.translated() or e.fuzzy] == []


def test_every_word_of_a_list_is_translatable():
    """A choice shown to people has a translated label in both languages."""
    from django.utils import translation

    for label in ("held", "confirmed", "waiting", "offered", "lapsed", "cancelled", "refused", "checked_in"):
        from registration.enums import Status

        texts = set()
        for language in ("fr", "zh-hans"):
            with translation.override(language):
                texts.add(str(Status(label).label))
        assert len(texts) == 2


def test_only_one_place_asks_what_time_it_is():
    """Time comes in as a parameter; ``assises.clock`` is where it comes from."""
    asks = re.compile(
        r"timezone\.now\(|datetime\.now\(|date\.today\(|localdate\(|auto_now|timezone\.localtime\(\)"
    )
    allowed = {"assises/clock.py"}
    found = {
        str(path.relative_to(ROOT))
        for path in OUR_PYTHON
        if asks.search(path.read_text()) and "development" not in path.parts
    }

    assert found <= allowed


def test_the_lower_never_looks_up():
    ran = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_types():
    ran = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_style(command):
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_locks_name_no_host_and_carry_hashes():
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        text = (ROOT / name).read_text()
        assert not re.search(r"https?://(?!opencollective|github\.com|feross)", text), name
    for name in ("requirements.lock", "requirements-dev.lock"):
        pins = re.findall(r"^[\w.\[\]-]+==\S+", (ROOT / name).read_text(), re.MULTILINE)
        assert len(pins) > 20
        assert (ROOT / name).read_text().count("--hash=sha256:") >= len(pins)


def test_deployment_checks_pass():
    ran = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith(("ASSISES_", "DJANGO_"))},
            "DJANGO_SETTINGS_MODULE": "assises.settings",
            "SECRET_KEY": "a-key-of-fifty-characters-that-nobody-guesses-0123456789",
            "ALLOWED_HOSTS": "assises.example.org",
            "ASSISES_BASE_URL": "https://assises.example.org",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_without_a_secret_the_project_does_not_start_in_production():
    ran = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("ASSISES_", "SECRET_KEY", "DJANGO", "DEBUG"))
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert "SECRET_KEY" in ran.stderr
