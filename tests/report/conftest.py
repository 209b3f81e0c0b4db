"""The evidence of the two example periods, read once for all tests of the interim evaluation; nothing changes it."""

import pytest

from ci_eval.evidence.interim_evidence import open_interim
from ci_eval.sections import interim


@pytest.fixture(scope="session")
def first() -> interim.Evidence:
    return open_interim("2021-22")[0]


@pytest.fixture(scope="session")
def second() -> interim.Evidence:
    return open_interim("2022-23")[0]
