"""An edition is data: each app declares the files that it reads in its own ``loading``."""

from assises.loading import edition, planning, register, reminders  # noqa: F401
from assises.loading.files import DATA, BrokenFiles, Fault, Load, Row, load, table

__all__ = ["DATA", "BrokenFiles", "Fault", "Load", "Row", "load", "table"]
