"""What a program says that sends files over tus, through the test client."""

import base64
from pathlib import Path

from django.conf import settings
from django.test import Client

PART = "application/offset+octet-stream"


class Sender:
    """Sends to the address of one grant."""

    def __init__(self, client: Client, grant: str) -> None:
        self.client = client
        self.address = f"/televersements/{grant}/"

    def create(self, size: object, *, name: str = "film.mp4", **headers: str):
        metadata = f"filename {base64.b64encode(name.encode()).decode()},filetype dmlkZW8vbXA0"
        return self.ask(
            "POST", self.address, **{"Upload-Length": str(size), "Upload-Metadata": metadata, **headers}
        )

    def begin(self, size: int, **given: str) -> str:
        """The address of a new upload."""
        answer = self.create(size, **given)
        assert answer.status_code == 201, answer.content
        return answer.headers["Location"]

    def patch(
        self, address: str, offset: object, content: bytes, *, content_type: str = PART, **headers: str
    ):
        return self.ask(
            "PATCH", address, content, content_type=content_type, **{"Upload-Offset": str(offset), **headers}
        )

    def offset(self, address: str) -> int:
        answer = self.ask("HEAD", address)
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"])

    def ask(self, method: str, address: str, content: bytes = b"", *, content_type: str = "", **headers: str):
        return self.client.generic(
            method,
            address,
            content,
            content_type=content_type or "application/octet-stream",
            CONTENT_TYPE=content_type,
            CONTENT_LENGTH=str(len(content)),
            headers={"Tus-Resumable": "1.0.0", **headers},
        )


def on_disk() -> list[Path]:
    """All private files."""
    return sorted(path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file())
