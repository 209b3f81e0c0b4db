"""What is refused shows in a notebook as its own page, without a traceback of the library."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

CELLS = {
    "an input": "from ci_eval.inputs.problems import InputError, Problem\n"
    "raise InputError('CANNOT LOAD survey.csv', [Problem('empty', 'REJECT', 'It is empty.', fix='Export it again.')])",
    "a statistic": "from ci_eval import agreement\nagreement.interval(5, 3)",
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_refusal_has_no_traceback(cell: str, capsys: pytest.CaptureFixture[str]) -> None:
    shell = InteractiveShell()
    result = shell.run_cell(cell)
    printed = capsys.readouterr().out
    assert result.error_in_exec is not None
    assert printed.strip() == str(result.error_in_exec)
    assert ".py" not in printed
