"""``ci-eval check`` holds the numbers asked against the survey's own answers."""

import pytest

from ci_eval.runs.input_checks import check

PERIOD = """
[periods."2021-22"]
starts = 2021-06-01
ends = 2022-06-30
asked = 178
asked_by_organisation = {{ "{name}" = 46 }}
[periods."2021-22".survey]
file = "{example}/survey_2021-22.xlsx"
"""


@pytest.mark.parametrize(("name", "warned"), [("Education Scotland", False), ("Education Scotlnd", True)])
def test_an_organisation_that_is_no_answer_is_a_warning_with_those_that_are(root, tmp_path, name, warned):
    file = tmp_path / "evaluation.toml"
    example = (root / "data" / "example").as_posix()
    file.write_text(PERIOD.format(example=example, name=name), encoding="utf-8")
    found = [row for row in check(str(file)) if row.check.endswith("asked-by-organisation")]
    assert [row.result for row in found] == (["WARN"] if warned else [])
    assert all(
        "'Education Scotlnd'" in row.message and "'Education Scotland'" in row.message for row in found
    )
