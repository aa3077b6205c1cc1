"""Characters that no document can hold are refused where they are typed, and told where they stand."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import CharField, TextField

from assises import register
from assises.characters import fault_of, without, writable
from assises.exceptions import Refusal
from program.admin.contribution_steps import MessageForm, ReopenForm
from program.admin.preparing import ReleaseForm
from program.forms.parts import PartForm
from program.forms.practice import PracticeForm
from program.forms.session import AbandonForm, SessionForm
from program.forms.visit import DecisionForm
from program.models import Session
from registration.admin.letters import LetterForm
from tests.factories import NOW
from tests.program_factories import a_session

NOT_HELD = ["\x00", "\x0b", "\x1f", "\x7f", "\x85", "\ufffe", "\uffff"]
TEXTS = [
    field
    for label in ("assises", "program", "registration")
    for model in apps.get_app_config(label).get_models()
    for field in model._meta.fields
    if isinstance(field, CharField | TextField)
]


@pytest.mark.parametrize("sign", NOT_HELD, ids=ascii)
def test_a_sign_that_nobody_sees_is_told_by_what_stands_before_it(sign):
    text = f"Atelier : ville durable{sign} et suite"

    assert "ville durable" in fault_of(text)
    assert fault_of(sign + "x")
    assert without(text) == "Atelier : ville durable et suite"
    with pytest.raises(ValidationError):
        writable(text)


@pytest.mark.parametrize("text", ["", "Une ligne\r\nune autre\tencore", "中法地方政府", "🙂 œuf \U0010fffd"])
def test_what_can_be_written_stays(text):
    assert fault_of(text) == ""
    assert without(text) == text


@pytest.mark.parametrize("field", TEXTS, ids=str)
def test_each_text_of_a_model_has_the_rule_once(field):
    assert field.validators.count(writable) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["title_fr", "title_zh_hans", "summary_fr", "source"])
def test_a_session_says_it_at_the_field(edition, name):
    row = a_session(edition)
    setattr(row, name, "a\ufffeb")

    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    form = SessionForm({name: "a\uffffb"}, edition=edition, instance=Session.objects.get(pk=row.pk))

    assert name in refused.value.message_dict
    assert name in form.errors


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (ReleaseForm, "purpose_fr"),
        (ReleaseForm, "purpose_zh"),
        (AbandonForm, "status_reason_fr"),
        (DecisionForm, "decision_note_fr"),
        (MessageForm, "message"),
        (ReopenForm, "reason"),
        (LetterForm, "text_zh"),
        (PracticeForm, "title"),
        (PracticeForm, "summary"),
    ],
    ids=str,
)
def test_forms_that_stand_for_no_model_say_it_too(form, name):
    with pytest.raises(ValidationError):
        form.base_fields[name].clean("a\uffffb")


@pytest.mark.django_db
def test_an_answer_that_closes_a_point_says_it_too(edition):
    by = {"at": NOW, "by": None}
    point = register.add(edition, kind="open_point", text_fr="Le lieu", **by)

    with pytest.raises(Refusal):
        register.decide(point, outcome_fr="Là", outcome_zh="a\uffffb", on=NOW.date(), version=1, **by)


def test_so_does_a_row_of_the_running_order():
    form = PartForm({"kind": "speech", "minutes": "5", "title_fr": "a\uffffb"}, choices={})

    assert "title_fr" in form.errors
