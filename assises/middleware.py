from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from assises.exceptions import Refusal

GetResponse = Callable[[HttpRequest], HttpResponse]


def utf8_only(get_response: GetResponse) -> GetResponse:
    """This site speaks UTF-8; a request that claims another encoding is answered 400, not decoded somehow."""

    def middleware(request: HttpRequest) -> HttpResponse:
        charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
        if charset.strip().lower() not in ("utf-8", "utf8"):
            return HttpResponse("Use UTF-8.\n", status=400, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def back_office_language(get_response: GetResponse) -> GetResponse:
    """The back office has no language in its address: it speaks the language of the account."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/admin/") and request.user.is_authenticated:
            with translation.override(request.user.language):
                request.LANGUAGE_CODE = translation.get_language()
                response = get_response(request)
                # A lazily rendered page must be rendered while the language holds.
                if hasattr(response, "render") and callable(response.render):
                    response.render()
                response.headers.setdefault("Content-Language", translation.get_language())
                return response
        return get_response(request)

    return middleware


class refusals_and_headers:
    """A refusal that no page caught becomes a page that says it; and every answer says what browsers may not do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return render(request, "assises/refusal.html", {"refusal": str(exception)}, status=409)
        return None
