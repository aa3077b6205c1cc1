"""The back office of the programme: lists, and pages by task."""

from program.admin import (  # noqa: F401
    composing,
    contributions,
    lists,
    pair_page,
    points_page,
    preparing,
    protocol,
    releases,
    running_order_page,
    session_page,
    speakers,
    today,
    today_contributions,
    today_translations,
    translation_files,
    translations,
    venues,
    visibility_page,
    visit_page,
)
