"""A programme as plain values, as a release keeps it: there and back, and their hash."""

import datetime as dt
from dataclasses import asdict, fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from program.programme import Programme

T = TypeVar("T")


def to_content(programme: Programme) -> dict[str, Any]:
    """The programme as plain values, the same each time."""
    return cast("dict[str, Any]", _plain(asdict(programme)))


def from_content(content: dict[str, Any]) -> Programme:
    return _build(Programme, content)


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
    return value


_HINTS: dict[type, dict[str, Any]] = {}


def _build(kind: type[T], values: dict[str, Any]) -> T:
    hints = _HINTS.get(kind)
    if hints is None:
        hints = _HINTS[kind] = get_type_hints(kind)
    # A field that came later than the release keeps its default.
    return kind(
        **{
            f.name: _value(hints[f.name], values[f.name])
            for f in fields(cast("Any", kind))
            if f.name in values
        }
    )


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _value(next(a for a in get_args(hint) if a is not type(None)), value)
    if origin is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in value)
    if hint in (dt.datetime, dt.date, dt.time):
        return hint.fromisoformat(value)
    return _build(hint, value) if isinstance(hint, type) and is_dataclass(hint) else value
