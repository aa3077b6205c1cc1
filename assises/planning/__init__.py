"""The planning: what waits for what, what a move pushes, dates in two calendars."""
