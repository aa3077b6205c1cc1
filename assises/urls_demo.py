from django.urls import path

from django.views.generic import RedirectView
urlpatterns = [path("courrier/", RedirectView.as_view(url="/"), name="demo_mailbox")]
