from django.urls import path

from registration.views import desk, desk_phone

app_name = "desk"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("sans-inscription/", desk.walk_in, name="walk_in"),
    path("<int:pk>/arrivee/", desk.arrive, name="arrive"),
    path("<int:pk>/erreur/", desk.undo, name="undo"),
    path("<int:pk>/place/", desk.admit, name="admit"),
    path("invites.json", desk_phone.guest_list, name="guests"),
    path("arrivees.json", desk_phone.arrivals, name="arrivals"),
    path("service-worker.js", desk_phone.service_worker, name="service_worker"),
]
