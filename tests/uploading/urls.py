from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from assises.urls import urlpatterns as ours
from tests.uploading import views

urlpatterns = [
    path("tests/fichier/<uuid:key>", views.file, name="tests_file"),
    *i18n_patterns(path("tests/film/<str:target>/", views.film, name="tests_film")),
    *ours,
]
