"""The mailbox of the demonstration: no letter leaves the machine, all of them are read here; and its second factor.

Routed in the demonstration only: the letters hold everybody's links.
"""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from assises import accounts
from assises.models import OutgoingEmail

PER_PAGE = 25


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The letters written, latest first, with what has become of each; with ``?q=`` those to addresses or names that contain it."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()
    letters = OutgoingEmail.objects.select_related("mailing").order_by("-id").defer("text", "html")
    if asked:
        letters = letters.filter(to_email__icontains=asked) | letters.filter(to_name__icontains=asked)
    page = Paginator(letters, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assises/demo/mailbox.html", {"page_obj": page, "asked": asked})


@never_cache
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The accounts of the demonstration with a second factor, and the code that their app shows now, and next."""
    found = [account for account in accounts.DEMO_ACCOUNTS if account.has_second_factor]
    codes = [accounts.demo_code(), accounts.demo_code(ahead=1)]
    context = {"accounts": found, "codes": codes, "secret": accounts.DEMO_TOTP_SECRET}
    return render(request, "assises/demo/codes.html", context | {"seconds": accounts.seconds_left()})


@never_cache
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # its types know views without arguments only
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: who, when, whether it left; its plain part, and its HTML part in a frame."""
    found = get_object_or_404(OutgoingEmail.objects.select_related("mailing"), pk=pk)
    return render(request, "assises/demo/letter.html", {"letter": found, "text": here(found.text, request)})


@never_cache
@require_safe
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "img-src": ["data:"],
        "frame-ancestors": [SELF],
        "base-uri": [SELF],
        "sandbox": [
            "allow-popups",
            "allow-popups-to-escape-sandbox",
            "allow-top-navigation-by-user-activation",
        ],
    }
)
def letter_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part as a mail program would show it: its own styles, no script, nothing from outside."""
    found = get_object_or_404(OutgoingEmail, pk=pk)
    # Inside the frame a link opens the whole page, not the frame.
    html = here(found.html, request).replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(html, headers={"Content-Language": found.language})


def here(text: str, request: HttpRequest) -> str:
    """The letter with links to the host and port by which the reader came, not to those in the settings."""
    return text.replace(settings.BASE_URL + "/", request.build_absolute_uri("/"))
