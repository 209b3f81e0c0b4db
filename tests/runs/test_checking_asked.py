"""``ci-eval check`` holds the numbers asked against the survey's own answers, and published claims against their period."""

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


@pytest.mark.parametrize(
    ("year", "ends", "said"),
    [(2021, "2022-06-29", False), (2021, "2022-06-30", True), (2022, "2023-06-30", False)],
)
def test_a_published_claim_is_said_of_the_declared_period_that_holds_its_day_alone(
    tmp_path, year, ends, said
):
    file = tmp_path / "evaluation.toml"
    file.write_text(f'[periods."{year}"]\nstarts = {year}-07-01\nends = {ends}\n', encoding="utf-8")
    found = [row.check for row in check(str(file)) if "hosts-by-june-2022" in row.check]
    assert found == ([f"claim hosts-by-june-2022, {year}"] if said else [])
