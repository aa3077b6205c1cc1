"""What is never false of an upload."""

import pytest
from django.db import IntegrityError, transaction

from assises import constraints
from assises.models import Upload
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"size": 0, "completed_at": NOW}, "assises_upload_not_empty"),
        ({"offset": 11}, "assises_upload_complete_when_all_is_here"),
        ({"offset": 11, "completed_at": NOW}, "assises_upload_complete_when_all_is_here"),
        ({"offset": 10}, "assises_upload_complete_when_all_is_here"),
        ({"offset": 9, "completed_at": NOW}, "assises_upload_complete_when_all_is_here"),
    ],
)
def test_the_database_says_no(fields, name):
    given = {
        "size": 10,
        "purpose": "tests.film",
        "target": "1",
        "created_at": NOW,
        "progressed_at": NOW,
        "expires_at": NOW,
    }

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Upload.objects.create(**{**given, **fields})

    assert name in str(refused.value)
    assert constraints.sentence_of(refused.value).endswith(".")
