"""The examples in the docstrings of the room run and give what they print."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from ci_eval import impact

MODULES = [one.name for one in pkgutil.walk_packages(impact.__path__, "ci_eval.impact.") if not one.ispkg]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_give_what_they_print(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


def test_most_modules_have_an_example() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = sum(bool(each.examples) for name in MODULES for each in finder.find(import_module(name)))
    assert examples >= 15
