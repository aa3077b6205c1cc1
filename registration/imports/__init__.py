"""Registrations that come as a file: read, tried out, then registered by the same service as all others."""

from registration.imports.doing import Outcome, carry_out, try_out
from registration.imports.planning import Plan, plan
from registration.imports.reading import MOST_BYTES, MOST_LINES, Problem, Table, read, unseal
from registration.imports.template import template_file

__all__ = [
    "MOST_BYTES",
    "MOST_LINES",
    "Outcome",
    "Plan",
    "Problem",
    "Table",
    "carry_out",
    "plan",
    "read",
    "template_file",
    "try_out",
    "unseal",
]
