"""``ci-eval check`` looks at the coding of comments and at quotations, as a run would."""

import pytest

from ci_eval.runs.input_checks import check

PERIOD = """
[periods."2021-22"]
starts = 2021-06-01
ends = 2022-06-30
asked = 178
[periods."2021-22".survey]
file = "{example}/survey_2021-22.xlsx"
coding = "{codes}"
quotations = "{quotations}"
"""


@pytest.fixture
def rows(root, tmp_path):
    example = (root / "data" / "example").as_posix()

    def checked(codes=f"{example}/coding_2021-22.csv", quotations=f"{example}/quotations_2021-22.csv"):
        file = tmp_path / "evaluation.toml"
        text = PERIOD.format(example=example, codes=codes, quotations=quotations)
        file.write_text(text, encoding="utf-8")
        found = [row for row in check(str(file)) if row.check.startswith(("coding", "quotations"))]
        return [(row.check, row.result, row.message) for row in found]

    return checked


def test_what_waits_for_a_third_person_is_a_warning_and_refused_quotations_are_counted(rows):
    assert rows() == [
        ("coding 2021-22", "WARN", "64 comments by 2 coders: 49 alike, 11 settled, 4 not agreed."),
        ("quotations 2021-22", "PASS", "2 may be shown, 1 may not. Not approved (1)."),
    ]


def test_faults_of_both_files_are_told_at_once(rows, tmp_path):
    (tmp_path / "codes.csv").write_text("id,question,coder,code\n999,comment,A,tyme\n", encoding="utf-8")
    (tmp_path / "quoted.csv").write_text(
        "id,column,text,approved,approved_by,approved_on\n4,comment,I had expected,perhaps,Lead,2022-09-30\n",
        encoding="utf-8",
    )
    found = rows("codes.csv", "quoted.csv")
    assert [(check, result) for check, result, _ in found] == [
        ("coding 2021-22: unknown-response", "FAIL"),
        ("coding 2021-22: unknown-code", "FAIL"),
        ("quotations 2021-22: approval", "FAIL"),
    ]
    assert "I had expected" not in str(found)
