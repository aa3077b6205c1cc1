"""The rules of the award as a document, both languages beside one another under the same article numbers."""

from assises.documents import BOTH, render_pdf
from awards.content import in_both_languages
from awards.models import Rules


def rules_pdf(rules: Rules) -> bytes:
    """A frozen version on A4, from what was frozen alone; the same bytes each time."""
    assert rules.content is not None
    return render_pdf(
        "awards/pdf/rules.html",
        language="fr",
        identifier=f"{rules.pk} {rules.digest}",
        languages=BOTH,
        rules=rules,
        content=in_both_languages(rules.content),
    )
