"""Large files, received in parts over the tus protocol or whole by a plain form.

An app declares in its ``uploads.py`` what it receives (``purpose``), gives its page a form with an ``UploadField``
(``assises.forms.uploads``), and asks ``receive`` for what was sent. Scripts send the file in parts to
``assises.upload_views`` before the form; without scripts the form brings it. Either way the app is called the same.
"""

from assises.uploads.grants import Grant, read_grant, write_grant
from assises.uploads.keeping import append, create, find, terminate
from assises.uploads.purging import purge
from assises.uploads.purposes import Purpose, purpose, purpose_of
from assises.uploads.refusals import Closed, Gone, NotAccepted, TooLarge, WrongOffset
from assises.uploads.whole import receive, receive_whole

__all__ = [
    "Closed",
    "Gone",
    "Grant",
    "NotAccepted",
    "Purpose",
    "TooLarge",
    "WrongOffset",
    "append",
    "create",
    "find",
    "purge",
    "purpose",
    "purpose_of",
    "read_grant",
    "receive",
    "receive_whole",
    "terminate",
    "write_grant",
]
