from celery import shared_task

from assises import clock
from assises.current import current_edition
from assises.models import Edition
from registration import services


@shared_task
def purge() -> list[dict[str, int]]:
    """Erase what has been kept long enough, of every edition."""
    at = clock.now()
    return [vars(services.purge(edition, at=at)) for edition in Edition.objects.all()]


@shared_task
def tend_places() -> dict[str, int]:
    """Remind, let go of what was not confirmed in time, offer what is free; follow what the programme has changed.

    Runs at any time, any number of times.
    """
    edition = current_edition()
    if edition is None:
        return {}
    at = clock.now()
    return {
        "reminded": services.remind_before_lapse(edition, at=at),
        "lapsed": services.lapse_overdue(edition, at=at),
        "offered": services.settle(edition, at=at),
        # Rows that a session edited meanwhile lacks.
        "seats": services.ensure_seats(edition, at=at),
        # Half-hours of meeting rooms that were moved or abandoned meanwhile.
        "freed": services.free_those_outside(edition, at=at),
    }
