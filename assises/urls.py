from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from assises import upload_views, views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="home")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("rappels/arret/<str:token>", views.reminders_stop_at_once, name="reminders_stop_at_once"),
    path("agenda/<str:token>.ics", views.agenda, name="agenda"),
    path("televersements/<str:grant>/", upload_views.uploads_of, name="uploads"),
    path("televersements/<str:grant>/<uuid:key>", upload_views.upload, name="upload"),
    path("", include("program.urls_feeds")),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("inscription/", include("registration.urls")),
        path("accueil/", include("registration.urls_desk")),
        path("compte/", include("assises.accounts.urls")),
        path("programme/contributions/", include("program.urls_contributions")),
        path("programme/salons/", include("registration.urls_rooms")),
        path("programme/", include("program.urls")),
        path("", include("program.urls_files")),
        path("prix/", include("awards.urls")),
        path("accessibilite/", views.page, {"template": "assises/accessibility.html"}, name="accessibility"),
        path("mentions-legales/", views.page, {"template": "assises/legal.html"}, name="legal"),
        path("donnees-personnelles/", views.page, {"template": "assises/privacy.html"}, name="privacy"),
        path("plan-du-site/", views.page, {"template": "assises/sitemap.html"}, name="sitemap"),
        path("rappels/arret/<str:token>/", views.reminders_stop, name="reminders_stop"),
        path("aide/", views.page, {"template": "assises/help.html"}, name="help"),
        *([path("demonstration/", include("assises.urls_demo"))] if settings.DEMO != "none" else []),
    ),
]
