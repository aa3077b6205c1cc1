from assises import clock
from assises.loading import Load, table
from program import services


@table(50)
def follow_translations(run: Load) -> None:
    """From which French the loaded translations were made: from now on a change of it is seen."""
    assert run.edition is not None
    services.follow(run.edition, at=clock.now())
