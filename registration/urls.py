from django.urls import path
from django.http import HttpResponse
app_name = "registration"
def soon(request, **kw): return HttpResponse("soon")
urlpatterns = [path("", soon, name="register"), path("lettre-invitation/", soon, name="invitation_letter"), path("nouveau-lien/", soon, name="new_link"), path("<str:token>/", soon, name="own_page")]
