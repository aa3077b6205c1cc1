from registration.models.delegation import DelegationAllotment, InvitationLetterRequest
from registration.models.place import Category, Place
from registration.models.registration import Booking, Needs, Registration, SessionChoice

__all__ = [
    "Booking",
    "Category",
    "DelegationAllotment",
    "InvitationLetterRequest",
    "Needs",
    "Place",
    "Registration",
    "SessionChoice",
]
