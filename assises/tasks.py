from celery import shared_task

from assises import clock
from assises.reminding.sending import send_due


@shared_task
def remind() -> dict[str, int]:
    """Send the reminders that are due. Runs at any time, any number of times, beside itself."""
    return send_due(at=clock.now())
