"""TOML tables to the dataclasses they fill: a key, its type, choices and default are written once, in the dataclass.

A field is a key. Its type says what the file may hold:

=============================== ====================================================================
str, bool, int, float, date     one value
Literal["day first", …]         one of these texts; "" stands for a key that is left out
Path                            a file that is there, its name relative to the TOML file
tuple[str, ...]                 a list of texts
tuple[date, date]               the first day and the last
Mapping[str, X]                 a table of X by name
a dataclass                     a table of its own
tuple[a dataclass, ...]         a table of tables, the name of each being the dataclass's ``name``; or an array of
                                tables, ``[[steps]]``
A | B of dataclasses            one of them, by the key ``kind``, a Literal in each
X | None                        X, where the key may be left out
=============================== ====================================================================

Its metadata say the rest: ``key`` the name in the file, where it is another; ``table`` the table below in which the key
is written; ``given`` that the caller gives the value, and the file may not; ``at_least`` the smallest whole number (1
where nothing is said); ``between`` two numbers between which the value lies; ``choices`` the texts that may be given;
``prose`` words that may not be empty, put on one line; ``valid`` a function that raises ValueError; ``optional`` that
the key may be left out where every key is asked for; ``later`` that a file need not be there yet.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ci_eval.inputs.toml_tables import Table

T = TypeVar("T")
Metadata = Mapping[str, Any]
EXAMPLES = {date: "2021-06-01", bool: "true", int: "1", float: "1.0", tuple: "[…]"}
SPAN = "two dates, the first day and the last: [2022-08-01, 2022-08-26]"


def filled(table: Table, kind: type[T], *, every: bool = False, **given: Any) -> T | None:
    """The dataclass that a table fills; None where it cannot be made, and the table's problems then say why.

    Parameters
    ----------
    every : whether every key must be written, those with a default too
    given : values of fields that are not taken from the file
    """
    own = [item for item in fields(kind) if item.init]  # type: ignore[arg-type]  # T is a dataclass
    written = [item for item in own if not item.metadata.get("given")]
    types = get_type_hints(kind)
    below = _keys_below(table, {key_of(item): types[item.name] for item in written})
    names = dict.fromkeys(item.metadata.get("table", "") for item in written)
    tables = {name: table.table(name) if name else table for name in names}
    for name, place in tables.items():
        known = [key_of(item) for item in written if item.metadata.get("table", "") == name]
        place.only([*known, *(other for other in names if other and not name)], below)
    values = dict(given)
    for item in written:
        place, key = tables[item.metadata.get("table", "")], key_of(item)
        if item.name in given:
            continue
        asked_for = every and is_dataclass(types[item.name])  # each of its keys is asked for then
        if key in place.values or asked_for:
            value = _Reader(place, key, item.metadata, every).value(types[item.name])
            if value is not None:
                values[item.name] = value
        elif _required(item) or (every and not item.metadata.get("optional")):
            fix = f"Add {_example(place, item, types[item.name])}."
            place.refuse("key-missing", "", f'The key "{key}" is missing.', fix)
    if any(_required(item) and item.name not in values for item in own):
        return None
    try:
        return kind(**values)
    except ValueError as error:
        _refuse_invalid(table, "", error)
        return None


def _keys_below(table: Table, types: Mapping[str, Any]) -> dict[str, str]:
    """Keys of the tables one level below → where they are written."""
    places: dict[str, str] = {}
    for key, hint in types.items():
        name = ".".join((*table.path, key, *(['"…"'] if get_origin(hint) is tuple else [])))
        for kind in filter(is_dataclass, (hint, *get_args(hint))):
            hints = get_type_hints(kind)
            for item in fields(kind):
                is_table = is_dataclass(hints[item.name])
                places.setdefault(key_of(item), f"[{name}.{key_of(item)}]" if is_table else f"[{name}]")
    return places


def key_of(item: "Field[Any]") -> str:
    """A field's key in the file."""
    return str(item.metadata.get("key", item.name))


def one_value(table: Table, key: str, kind: type[T]) -> T | None:
    """One value of a table outside any dataclass; None where the key is absent or refused."""
    value: T | None = _Reader(table, key, {}, False).value(kind) if key in table.values else None
    return value


def refuse_missing(table: Table, key: str) -> None:
    """Note that the file a key names is not there."""
    message = f"There is no file {table.values[key]!r} beside {table.file.name}."
    fix = f"Put it there, or correct the name; it is relative to {table.file.name}."
    if any(sign in str(table.values[key]) for sign in "\\\t\n\r\b\f"):
        fix += " In a path write / for \\, or put the path in single quotes."
    table.refuse("file-missing", key, message, fix)


def _written(value: object) -> str:
    """A value as a message may hold it; a whole number can be too long for Python to write out."""
    try:
        text = repr(value)
    except ValueError:
        return "a number of many figures"
    return text if len(text) <= 60 else f"{text[:60]}…"


def _required(item: "Field[Any]") -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _example(table: Table, item: "Field[Any]", hint: Any) -> str:
    """What could be written: the usual value where the field has one."""
    key, origin, parts = key_of(item), get_origin(hint), get_args(hint)
    if origin is tuple and parts[0] not in (str, date):
        return f"the table [{'.'.join((*table.path, key, 'NAME'))}]"
    if item.default not in (MISSING, None, "", ()):
        return f"{key} = {json.dumps(item.default, ensure_ascii=False)}"
    choices = [choice for choice in _choices(hint, item.metadata) if choice]
    if choices and origin is not tuple:
        return f'{key} = "{choices[0]}"'
    example = EXAMPLES.get(origin or hint, '"…"')
    return f"{key} = {example}"


def _choices(hint: Any, metadata: Metadata) -> tuple[str, ...]:
    literal = get_args(hint) if get_origin(hint) is Literal else ()
    return tuple(metadata.get("choices", literal))


def _refuse_invalid(table: Table, key: str, error: ValueError) -> None:
    """Note what a dataclass or a function refused in words of its own."""
    cause = next(iter(getattr(error, "problems", ())), error)
    message, fix = getattr(cause, "message", str(cause)), getattr(cause, "fix", "")
    table.refuse(getattr(cause, "check", "settings-out-of-range"), key, message, fix or "Correct the value.")


@dataclass(frozen=True)
class _Reader:
    """Takes the value of one key; None where it is refused."""

    table: Table
    key: str
    metadata: Metadata
    every: bool

    def value(self, hint: Any) -> Any:
        origin, parts = get_origin(hint), get_args(hint)
        if is_dataclass(hint) and not isinstance(self.table.values.get(self.key, {}), dict):
            self.table.table(self.key)  # says that it is no table
            return None
        if origin in (Union, UnionType):
            return self._one_of([part for part in parts if part is not NoneType])
        if is_dataclass(hint):
            return filled(self.table.table(self.key), hint, every=self.every)  # type: ignore[arg-type]
        if origin is Mapping:
            below = self.table.table(self.key)
            values = {
                name: _Reader(below, name, self.metadata, self.every).value(parts[1]) for name in below.values
            }
            return MappingProxyType({name: value for name, value in values.items() if value is not None})
        if origin is tuple:
            return self._several(parts)
        if hint is Path:
            return self._file()
        if hint is date:
            return self._day()
        if hint is float:
            return self._number()
        return self._single(str if origin is Literal else hint, _choices(hint, self.metadata))

    def named(self, kind: Any) -> Any:
        """A dataclass of the table under the key, which is its name."""
        return filled(self.table.table(self.key), kind, every=self.every, name=self.key)

    def _one_of(self, kinds: list[Any]) -> Any:
        if len(kinds) == 1:
            return self.value(kinds[0])
        by_kind = {get_args(get_type_hints(one)["kind"])[0]: one for one in kinds}
        table = self.table.table(self.key)
        if "kind" not in table.values:
            written = " or ".join(f'"{name}"' for name in by_kind)
            table.refuse("key-missing", "", 'The key "kind" is missing.', f"Add kind = {written}.")
            return None
        name = _Reader(table, "kind", {"choices": tuple(by_kind)}, False).value(str)
        return None if name is None else self.named(by_kind[name])

    def _several(self, parts: tuple[Any, ...]) -> Any:
        kind = parts[0]
        if kind is date:
            return self._span()
        if isinstance(tables := self.table.values[self.key], list) and is_dataclass(kind):
            return self._array(tables, kind)
        if kind is not str:
            below = self.table.table(self.key)
            found = []
            for name in below.values:
                reader = _Reader(below, name, self.metadata, self.every)
                made = reader.named(kind) if is_dataclass(kind) else reader.value(kind)
                found += [made] if made is not None else []
            return tuple(found)
        values = self._typed(list, "a list of texts in quotes")
        if values is None:
            return None
        if not all(isinstance(value, str) and value.strip() for value in values):
            return self._refuse("settings-type", f"{self.key} is {values!r}.", "a list of texts in quotes")
        choices = _choices(kind, self.metadata)
        for value in values if choices else ():
            if value not in choices:
                message = f'"{value}" is not known in {self.key}.'
                self._refuse("settings-out-of-range", message, f"any of {', '.join(choices)}")
        return tuple(values)

    def _array(self, tables: list[Any], kind: Any) -> Any:
        if not all(isinstance(values, dict) for values in tables):
            return self._refuse("settings-type", f"{self.key} holds values.", f"tables: [[{self.key}]]")
        path = (*self.table.path, self.key)
        below = (
            Table(values, self.table.file, self.table.lines, (*path, str(number)), self.table.problems)
            for number, values in enumerate(tables, start=1)
        )
        return tuple(made for one in below if (made := filled(one, kind, every=self.every)) is not None)

    def _single(self, kind: type, choices: tuple[str, ...]) -> Any:
        smallest = self.metadata.get("at_least", 1)
        whole = f"a whole number of at least {smallest}"
        wanted = {bool: "true or false", int: whole}.get(kind, "a text in quotes")
        value = self._typed(kind, wanted)
        if kind is int and value is not None and value < smallest:
            return self._refuse("settings-out-of-range", f"{self.key} is {_written(value)}.", whole)
        if choices and value is not None and value not in choices:
            written = " or ".join(f'"{choice}"' for choice in choices if choice)
            if like := get_close_matches(str(value), choices, 1):
                return self._refuse(
                    "settings-out-of-range",
                    f'{self.key} is {_written(value)}. Did you mean "{like[0]}"?',
                    written,
                )
            return self._refuse("settings-out-of-range", f"{self.key} is {_written(value)}.", written)
        if self.metadata.get("prose") and value is not None:
            value = " ".join(value.split())
            if not any(map(str.isalnum, value)):
                said = f"says nothing: {value}" if value else "is empty"
                return self._refuse("settings-empty", f"{self.key} {said}.", "it in words")
        return self._valid(value)

    def _valid(self, value: Any) -> Any:
        if value and (check := self.metadata.get("valid")):
            try:
                check(value)
            except ValueError as error:
                _refuse_invalid(self.table, self.key, error)
                return None
        return value

    def _number(self) -> float | None:
        value = self.table.values[self.key]
        above, below = self.metadata.get("between", (float("-inf"), float("inf")))
        if isinstance(value, int | float) and not isinstance(value, bool) and above < value < below:
            return float(value)
        wanted = f"a number above {above:g} and below {below:g}"
        self._refuse("settings-out-of-range", f"{self.key} is {_written(value)}.", wanted)
        return None

    def _day(self) -> date | None:
        value = self._typed(date, "a date without quotes, such as 2021-06-01")
        if isinstance(value, datetime):
            message = f"{self.key} holds a time as well as a date."
            self._refuse("settings-type", message, "the date only")
            return None
        return value if isinstance(value, date) else None

    def _span(self) -> tuple[date, date] | None:
        values = self._typed(list, SPAN)
        if values is None:
            return None
        days = [value for value in values if isinstance(value, date) and not isinstance(value, datetime)]
        if len(days) != len(values) or len(days) != 2 or days[0] > days[1]:
            listed = ", ".join(str(value) for value in values)
            self._refuse("settings-type", f"{self.key} is [{listed}].", SPAN)
            return None
        return days[0], days[1]

    def _file(self) -> Path | None:
        name = self._typed(str, "a file's name in quotes")
        if not name:
            return None
        path = self.table.file.parent / str(name)
        if not path.is_file() and not self.metadata.get("later"):
            refuse_missing(self.table, self.key)
        return path

    def _typed(self, kind: type, wanted: str) -> Any:
        value = self.table.values[self.key]
        # bool is a kind of int in Python; `asked = true` is a mistake all the same.
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        return self._refuse("settings-type", f"{self.key} is {_written(value)}.", wanted)

    def _refuse(self, check: str, message: str, wanted: str) -> None:
        self.table.refuse(check, self.key, message, f"Write {wanted}.")
