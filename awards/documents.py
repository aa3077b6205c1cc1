"""The rules of the award as a document, both languages beside one another under the same article numbers."""

from typing import Any

from assises.documents import render_pdf
from awards.models import Rules


def rules_pdf(rules: Rules) -> bytes:
    """A frozen version on A4; the same bytes each time."""
    assert rules.content is not None
    return render_pdf(
        "awards/pdf/rules.html",
        language="fr",
        identifier=f"{rules.pk} {rules.digest}",
        languages=["fr", "zh-hans"],
        edition=rules.call.edition,
        rules=rules,
        content=_content(rules.content),
    )


def _content(content: Any) -> Any:
    """Texts by names that templates can say."""
    if isinstance(content, dict) and set(content) == {"fr", "zh-Hans"}:
        return {"fr": content["fr"], "zh": content["zh-Hans"]}
    if isinstance(content, dict):
        return {name: _content(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_content(value) for value in content]
    return content
