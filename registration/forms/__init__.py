from registration.forms.booking import BookingForm
from registration.forms.own_page import CancelForm, ChangeForm, NewLinkForm, ReplaceForm
from registration.forms.invitation import InvitationLetterForm

__all__ = ["BookingForm", "CancelForm", "ChangeForm", "InvitationLetterForm", "NewLinkForm", "ReplaceForm"]
