from django.urls import path, re_path

from program.views import files, progress, public, timer

app_name = "program"
#: ``2``, or ``1-`` and the first digits of the hash for a release that is not public.
REFERENCE = r"(?P<reference>[0-9]{1,4}(?:-[0-9a-f]{12})?)"
urlpatterns = [
    path("", public.programme, name="programme"),
    path("minuteur/<slug:code>/<int:part>/", timer.timer, name="timer"),
    path("en-cours/", progress.in_progress, name="in_progress"),
    path("en-cours/<slug:code>/", progress.in_progress_session, name="in_progress_session"),
    path("versions/", public.versions, name="versions"),
    re_path(rf"^versions/{REFERENCE}/$", public.version, name="version"),
    re_path(
        rf"^versions/{REFERENCE}/(?P<code>[-a-zA-Z0-9_]+)/$", public.version_session, name="version_session"
    ),
    re_path(rf"^versions/{REFERENCE}/(?P<name>[-a-z0-9.]+)$", files.version, name="version_file"),
    # Items of the programme come last: an item called "versions" would have no page of its own.
    path("<slug:code>.ics", files.session_calendar, name="session_calendar"),
    path("<slug:code>/", public.session, name="session"),
]
