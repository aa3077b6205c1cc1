"""Files of the latest public release that stand beside the programme, under the language of their text."""

from django.urls import path

from program.views import files

app_name = "program_files"
urlpatterns = [
    path(f"programme.{extension}", files.latest_in_language, {"extension": extension}, name=extension)
    for extension in ("pdf", "ics", "xlsx")
]
