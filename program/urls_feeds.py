"""Files of the latest public release that are in both languages, or meant for programs: they have one address."""

from django.urls import path

from program.views import files

app_name = "program_feeds"
urlpatterns = [
    path("programme-bilingue.pdf", files.latest, {"name": "programme-bilingue.pdf"}, name="bilingual"),
    path("programme-salles.pdf", files.latest, {"name": "salles.pdf"}, name="rooms"),
    path("programme-visites.pdf", files.latest, {"name": "fiches-visites.pdf"}, name="visits"),
    path("schedule.xml", files.latest, {"name": "schedule.xml"}, name="schedule_xml"),
    path("schedule.json", files.latest, {"name": "schedule.json"}, name="schedule_json"),
]
