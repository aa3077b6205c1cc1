from celery import shared_task

from assises import clock, minutes, uploads
from assises.reminding.sending import send_due


@shared_task
def remind() -> dict[str, int]:
    """Send the reminders that are due. Runs at any time, any number of times, beside itself."""
    return send_due(at=clock.now())


@shared_task
def escalate_silence() -> int:
    """Ask a side again that says nothing of minutes it was sent. Runs at any time, any number of times, beside itself."""
    return minutes.escalate(at=clock.now())


@shared_task
def purge_uploads() -> int:
    """Delete expired uploads, and files without a row. Runs at any time, any number of times, beside itself."""
    return uploads.purge(at=clock.now())
