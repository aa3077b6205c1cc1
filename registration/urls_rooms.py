from django.urls import path

from registration.views import rooms

app_name = "rooms"
urlpatterns = [path("", rooms.board, name="board")]
