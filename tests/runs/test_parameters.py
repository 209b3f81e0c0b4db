"""A notebook's parameters are typed, and anything the notebook does not declare is refused."""

from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.runs.parameters import checked, declared

FILE = Path("tiny.ipynb")
SOURCE = 'period: str = "2021-22"\ndraws: int = 1000\nlevel: float = 0.95\nbrief: bool = False\n'


def notebook(*sources):
    return {
        "cells": [
            {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source}
            for source in sources
        ]
    }


def test_parameters_are_declared_with_name_type_and_default():
    found = declared(notebook(f'"""What can be set."""\n# a comment\n{SOURCE}'), FILE)
    assert {name: (item.kind, item.default) for name, item in found.items()} == {
        "period": (str, "2021-22"),
        "draws": (int, 1000),
        "level": (float, 0.95),
        "brief": (bool, False),
    }


def test_a_notebook_without_a_parameters_cell_has_none():
    assert declared({"cells": [{"cell_type": "code", "metadata": {}, "source": SOURCE}]}, FILE) == {}


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ('period = "2021-22"', "line 1"),
        ("draws: int = 1\nperiod: str = 2021", "line 2"),
        ("period: str", "line 1"),
        ("period: list = []", "line 1"),
        ("import os", "line 1"),
        ("period: str = input()", "line 1"),
        ("draws: int = True", "line 1"),
        ("period: str = ", "line 1"),
    ],
)
def test_a_line_that_declares_no_typed_parameter_is_refused(source, where):
    with pytest.raises(InputError, match=rf"tiny\.ipynb cell 1 {where}"):
        declared(notebook(source), FILE)


def test_two_tagged_cells_are_refused():
    with pytest.raises(InputError, match='2 cells are tagged "parameters"'):
        declared(notebook(SOURCE, SOURCE), FILE)


def test_given_values_are_passed_on():
    given = {"period": "2022-23", "draws": 5, "level": 1, "brief": True}
    assert checked(declared(notebook(SOURCE), FILE), given, FILE) == given


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"perid": "2021-22"}, "no parameter 'perid'"),
        ({"period": 202122}, "period is 202122; tiny.ipynb declares it as str"),
        ({"draws": "5"}, "declares it as int"),
        ({"draws": 5.0}, "declares it as int"),
        ({"draws": True}, "declares it as int"),
        ({"level": True}, "declares it as float"),
        ({"brief": 1}, "declares it as bool"),
    ],
)
def test_an_unknown_name_and_a_wrong_type_are_refused(given, said):
    with pytest.raises(InputError) as caught:
        checked(declared(notebook(SOURCE), FILE), given, FILE)
    assert said in str(caught.value)
