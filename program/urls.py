from django.urls import path

from program import views
from program.views import timer

app_name = "program"
urlpatterns = [
    path("", views.programme, name="programme"),
    path("minuteur/<slug:code>/<int:part>/", timer.timer, name="timer"),
]
