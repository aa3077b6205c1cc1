from django.urls import path

from assises.enums import Side
from assises.views import organisations
from registration.views import form, information, own_page, rooms

app_name = "registration"
urlpatterns = [
    path("", form.register, name="register"),
    path("organismes/", organisations, {"side": Side.FRENCH}, name="organisations"),
    path("places/", information.places, name="places"),
    path("delegation-chinoise/", information.chinese_delegation, name="chinese_delegation"),
    path("lettre-invitation/", information.invitation_letter, name="invitation_letter"),
    path("nouveau-lien/", information.new_link, name="new_link"),
    path("<str:token>/", own_page.own_page, name="own_page"),
    path("<str:token>/confirmer/", own_page.confirm, name="confirm"),
    path("<str:token>/modifier/", own_page.change, name="change"),
    path("<str:token>/remplacer/", own_page.replace, name="replace"),
    path("<str:token>/salons/", rooms.own_rooms, name="rooms"),
    path("<str:token>/annuler/", own_page.cancel, name="cancel"),
    path("<str:token>/separement/", own_page.separate, name="separate"),
    path("<str:token>/renvoyer/", own_page.resend, name="resend"),
    path("<str:token>/confirmation.pdf", own_page.confirmation, name="confirmation"),
    path("<str:token>/agenda.ics", own_page.calendar, name="calendar"),
    path("<str:token>/donnees.json", own_page.data, name="data"),
]
