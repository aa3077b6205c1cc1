"""What the templates of letters need."""

from django import template
from django.template import Context
from django.template.base import NodeList, Parser, Token

from assises.mail.plain import wrap

register = template.Library()


class WrappedNode(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        return wrap(self.nodelist.render(context))


@register.tag
def wrapped(parser: Parser, token: Token) -> WrappedNode:
    """``{% wrapped %}…{% endwrapped %}``: plain text in lines of 72 columns, one empty line between paragraphs."""
    nodelist = parser.parse(("endwrapped",))
    parser.delete_first_token()
    return WrappedNode(nodelist)
