"""The examples in the docstrings of what the survey room and the inputs room give."""

import doctest
from importlib import import_module

import pytest

NAMES = ("responses", "exports", "record", "comment_codes", "quotations")


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_docstring_give_what_they_say(name: str) -> None:
    tried = doctest.testmod(import_module(f"ci_eval.survey.{name}"))
    assert (tried.attempted > 0, tried.failed) == (True, 0)
