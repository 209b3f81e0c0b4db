"""A notebook's parameters: declared in its tagged cell with name, type and default, and checked against that.

papermill lets a misspelt name pass with a warning, and its command line turns 2021_22 into a number; here
both stop the run.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ci_eval.inputs.problems import InputError, Problem

TAG = "parameters"
TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}

Value = str | int | float | bool


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook, such as ``period: str = "2021-22"``."""

    name: str
    kind: type
    default: Value

    def takes(self, value: object) -> bool:
        """Whether the value is of the declared type; True is no number, a whole number is a float."""
        if isinstance(value, bool) or self.kind is bool:
            return isinstance(value, bool) and self.kind is bool
        return isinstance(value, (int, float) if self.kind is float else self.kind)


def declared(notebook: Mapping[str, Any], file: Path) -> dict[str, Parameter]:
    """The parameters a notebook declares, by name; {} where no cell is tagged ``parameters``.

    Raises
    ------
    InputError
        If more than one cell is tagged, or a line is not ``name: type = value`` with a value of that type.
    """
    tagged = [
        (number, cell)
        for number, cell in enumerate(notebook["cells"], start=1)
        if cell.get("cell_type") == "code" and TAG in cell.get("metadata", {}).get("tags", [])
    ]
    problems: list[Problem] = []
    found: dict[str, Parameter] = {}
    if len(tagged) > 1:
        message = f'{len(tagged)} cells are tagged "{TAG}"; papermill would read the first only.'
        problems.append(Problem("parameters-cell", "REJECT", message, file.name, fix="Tag one cell."))
    for number, cell in tagged[:1]:
        where = f"{file.name} cell {number}"
        try:
            statements = ast.parse(cell["source"]).body
        except SyntaxError as error:
            where = f"{where} line {error.lineno}"
            message = f"The parameters cell is not valid Python: {error.msg}."
            problems.append(Problem("parameters-cell", "REJECT", message, where, fix="Correct the cell."))
            continue
        for statement in statements:
            if _is_note(statement):
                continue
            parameter = _parameter(statement)
            if parameter is None:
                written = ast.unparse(statement)
                message = f"{written!r} does not declare a parameter with its type and a value of that type."
                fix = f'Write such as period: str = "2021-22"; the types are {", ".join(TYPES)}.'
                line = f"{where} line {statement.lineno}"
                problems.append(Problem("parameter-declaration", "REJECT", message, line, fix=fix))
            else:
                found[parameter.name] = parameter
    if problems:
        raise InputError(f"CANNOT RUN {file.name}: nothing was run", problems)
    return found


def _is_note(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _parameter(statement: ast.stmt) -> Parameter | None:
    if not (
        isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and isinstance(statement.annotation, ast.Name)
        and statement.annotation.id in TYPES
        and statement.value is not None
    ):
        return None
    try:
        value = ast.literal_eval(statement.value)
    except ValueError:
        return None
    parameter = Parameter(statement.target.id, TYPES[statement.annotation.id], value)
    return parameter if parameter.takes(value) else None


def checked(parameters: Mapping[str, Parameter], given: Mapping[str, object], file: Path) -> dict[str, Any]:
    """The given values, once each is known to the notebook and of its declared type.

    Raises
    ------
    InputError
        For every value the notebook does not declare, or declares with another type.
    """
    problems: list[Problem] = []
    for name, value in given.items():
        parameter = parameters.get(name)
        if parameter is None:
            known = ", ".join(parameters) or "none"
            message = f"{file.name} has no parameter {name!r}."
            fix = f'Declared in its cell tagged "{TAG}": {known}.'
            problems.append(Problem("parameter-unknown", "REJECT", message, file.name, fix=fix))
        elif not parameter.takes(value):
            message = f"{name} is {value!r}; {file.name} declares it as {parameter.kind.__name__}."
            fix = f"Give a value such as {parameter.default!r}."
            problems.append(Problem("parameter-type", "REJECT", message, file.name, fix=fix))
    if problems:
        raise InputError(f"CANNOT RUN {file.name}: nothing was run", problems)
    return dict(given)
