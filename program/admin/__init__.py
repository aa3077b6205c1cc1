"""The back office of the programme: lists, and pages by task."""

from program.admin import (  # noqa: F401
    composing,
    lists,
    pair_page,
    points_page,
    running_order_page,
    session_page,
    venues,
    visibility_page,
    visit_page,
)
