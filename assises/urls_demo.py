from django.urls import path

from assises import demo_views

urlpatterns = [
    path("codes/", demo_views.codes, name="demo_codes"),
    path("courrier/", demo_views.mailbox, name="demo_mailbox"),
    path("courrier/<int:pk>/", demo_views.letter, name="demo_letter"),
    path("courrier/<int:pk>/html", demo_views.letter_html, name="demo_letter_html"),
]
