from celery import shared_task

from assises import clock
from awards import services
from awards.models import Call


@shared_task
def open_phases() -> int:
    """Open the phases of the award whose date has come and to which both co-presidents have agreed. May run twice."""
    return services.open_due(at=clock.now())


@shared_task
def close_completions() -> int:
    """Close the applications that were not completed in time, and tell their pairs. May run twice."""
    return services.tend_completions(at=clock.now())


@shared_task
def write_minutes() -> int:
    """Write the minutes of the jury that wait to be, and make their documents. May run twice."""
    return services.write_minutes(at=clock.now())


@shared_task
def forget_pairs() -> int:
    """Erase who applied long ago, of every edition. May run twice."""
    return sum(services.forget_pairs(call, at=clock.now()) for call in Call.objects.select_related("edition"))
