from registration.forms.booking import BookingForm
from registration.forms.invitation import InvitationLetterForm
from registration.forms.own_page import CancelForm, ChangeForm, NewLinkForm, ReplaceForm

__all__ = ["BookingForm", "CancelForm", "ChangeForm", "InvitationLetterForm", "NewLinkForm", "ReplaceForm"]
