from django.urls import path

from assises.views import organisations
from program.views import contributions, speaking

app_name = "contributions"
urlpatterns = [
    path("", contributions.call, name="call"),
    path("organismes/", organisations, name="organisations"),
    path("intervenant/<str:token>/", speaking.speaker, name="speaker"),
    path("intervenant/<str:token>/confirmer/", speaking.confirm, name="confirm"),
    path("intervenant/<str:token>/decliner/", speaking.decline, name="decline"),
    path("<str:token>/", contributions.own_page, name="own_page"),
    path("<str:token>/modifier/", contributions.revise, name="revise"),
    path("<str:token>/retirer/", contributions.withdraw, name="withdraw"),
]
