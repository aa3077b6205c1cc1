"""All pages of allauth that are reachable, by the names under which it looks for them; there is no sign-up."""

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as codes
from django.urls import path

from assises.accounts import views
from assises.accounts.limits import limited
from assises.accounts.views import for_oneself

urlpatterns = [
    path("", for_oneself(views.Account.as_view()), name="mfa_index"),
    path("connexion/", limited(account.login), name="account_login"),
    path("connexion/code/", limited(views.Challenge.as_view()), name="mfa_authenticate"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("confirmer/", limited(account.reauthenticate), name="account_reauthenticate"),
    path("confirmer/code/", limited(views.Confirm.as_view()), name="mfa_reauthenticate"),
    path("confirmer/cle/", limited(views.ConfirmKey.as_view()), name="mfa_reauthenticate_webauthn"),
    path("mot-de-passe/", for_oneself(limited(views.change_password)), name="account_change_password"),
    path("mot-de-passe/oublie/", views.forgotten, name="account_reset_password"),
    path("invitation/<str:token>/", views.choose_password, name="account_choose_password"),
    path("application/", for_oneself(limited(views.Enrol.as_view())), name="mfa_activate_totp"),
    path("application/retirer/", for_oneself(views.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("cle/", for_oneself(views.AddKey.as_view()), name="mfa_add_webauthn"),
    path("cle/<int:pk>/retirer/", for_oneself(views.RemoveKey.as_view()), name="mfa_remove_webauthn"),
    path("codes-de-secours/", for_oneself(views.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path(
        "codes-de-secours/nouveaux/",
        for_oneself(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
