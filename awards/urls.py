from django.urls import path

from assises.views import organisations
from awards.views import application, files, laureates, public, submitting

app_name = "awards"

urlpatterns = [
    path("", public.award, name="award"),
    path("reglement/", public.rules, name="rules"),
    path("reglement/<int:version>/", public.rules, name="rules_version"),
    path("reglement/<int:version>.pdf", public.pdf, name="rules_pdf"),
    path("laureats/", laureates.page, name="laureates"),
    path("laureats/fichiers/<uuid:key>", laureates.file, name="laureate_file"),
    path("candidature/", application.begin, name="begin"),
    path("candidature/lien/", application.lost_link, name="lost_link"),
    path("candidature/organismes/", organisations, name="organisations"),
    path("candidature/<str:token>/", application.own_page, name="own_page"),
    path("candidature/<str:token>/binome/", application.pair, name="pair"),
    path("candidature/<str:token>/projet/", application.project, name="project"),
    path("candidature/<str:token>/pieces/", files.files, name="files"),
    path("candidature/<str:token>/film/", files.film, name="film"),
    path("candidature/<str:token>/droits/", application.rights, name="rights"),
    path("candidature/<str:token>/depot/", submitting.submit, name="submit"),
    path("candidature/<str:token>/lire/", submitting.read, name="read"),
    path("candidature/<str:token>/equipe/", submitting.people, name="people"),
    path("candidature/<str:token>/reprendre/", submitting.take_back, name="take_back"),
    path("candidature/<str:token>/supprimer/", submitting.delete, name="delete"),
    path("candidature/<str:token>/retirer/", submitting.withdraw, name="withdraw"),
    path("candidature/<str:token>/fichiers/<uuid:key>", files.file, name="file"),
]
