"""How the tests of minutes ask for their pages."""

from django.test import Client
from django.urls import reverse


def page_of(found, name="minutes", *more):
    return reverse(f"admin:{name}", args=[found.meeting.code, found.number, *more])


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def answers(found, verdict="accepted", /, *lines, **more):
    """What the form sends: this verdict on these lines, or on all."""
    lines = lines or tuple(found.lines.all())
    sent = {f"l{x.pk}-revision": x.revision for x in found.lines.all()}
    sent |= {f"l{x.pk}-verdict": verdict for x in lines}
    return {**sent, "answer": "1", **more}


def told(page):
    return [m.level_tag for m in page.context["messages"]]
