from registration.models.delegation import DelegationAllotment, InvitationLetterRequest
from registration.models.meeting import MeetingSlot
from registration.models.place import Category, Place
from registration.models.registration import Booking, Needs, Registration, SessionChoice
from registration.models.seat import Seat
from registration.models.visit import AssignedVisit, VisitAssignment, VisitWish

__all__ = [
    "AssignedVisit",
    "Booking",
    "Category",
    "DelegationAllotment",
    "InvitationLetterRequest",
    "MeetingSlot",
    "Needs",
    "Place",
    "Registration",
    "Seat",
    "SessionChoice",
    "VisitAssignment",
    "VisitWish",
]
