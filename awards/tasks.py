from celery import shared_task

from assises import clock
from awards import services


@shared_task
def open_phases() -> int:
    """Open the phases of the award whose date has come and to which both co-presidents have agreed. May run twice."""
    return services.open_due(at=clock.now())
