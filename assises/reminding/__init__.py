"""Reminders: who is written to, when, and that it happens once whatever breaks."""
