from django import template

register = template.Library()


@register.filter
def in_fours(secret: str) -> str:
    """A long key, as one reads it out: in groups of four."""
    return " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
