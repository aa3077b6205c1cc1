from django.urls import path

from awards import views

app_name = "awards"

urlpatterns = [
    path("", views.award, name="award"),
    path("reglement/", views.rules, name="rules"),
    path("reglement/<int:version>/", views.rules, name="rules_version"),
    path("reglement/<int:version>.pdf", views.pdf, name="rules_pdf"),
]
