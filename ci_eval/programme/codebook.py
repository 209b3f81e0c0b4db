"""The codebook: what comments and free-text answers are coded with, and the wordings by which an answer is matched.

One file, data/programme/codebook.csv, serves comments, areas of focus, job roles and organisations. Rule:
docs/methods.md B3 and B4.
"""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from ci_eval.inputs.fact_tables import Row, in_quotes, programme_folder, read_rows
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.inputs.text import normalised
from ci_eval.programme.questionnaire_file import CODE

if TYPE_CHECKING:
    import pandas as pd

FILE = "codebook.csv"
MATCHED = (
    "focus",
    "role",
    "organisation",
)  # questions whose answers are matched by wording; all others are comments
FOCUS_COLUMNS = ("theme", "measure", "gap", "source")
COLUMNS = (
    "questions",
    "key",
    "name",
    "reported",
    "definition",
    "example",
    "variants",
    "keywords",
    "source",
)
_SEVERAL = ("questions", "variants", "keywords")
# Several keys share a cell of the coding file, separated by semicolons, and name parts of the report.
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def load_codebook(folder: Path | str | None = None) -> "pd.DataFrame":
    """The codebook, one row a code.

    Examples
    --------
    >>> codebook = load_codebook()
    >>> codebook["key"].is_unique
    True
    >>> codes_of(codebook, "focus")["name"].tolist()[2]
    'Numeracy and mathematics'

    Returns
    -------
    questions : the codes of the questions it codes, a tuple; those not in `MATCHED` are questions for comments
    key, name : of the code; the key stands in coding files, the name on pages
    reported : of a code of comments, the end of a sentence about those who raised it: "saw a risk of …"
    definition, example : for the people who code; "" where not written yet
    variants : other wordings of a whole answer, or of a part between semicolons, slashes or lines; a tuple
    keywords : wordings that stand for the code anywhere in an answer; a tuple
    source

    Raises
    ------
    InputError
        With every key that is not 1 to 40 small letters, figures and hyphens, every question that cannot be one,
        every code of comments without `reported`, every wording that two codes of a question share, every blank.
    """
    import pandas as pd

    rows = read_rows(
        programme_folder(folder) / FILE, COLUMNS, key="key", filled=("questions", "name", "source")
    )
    problems = [problem for row in rows for problem in _problems(row)]
    problems += _shared(rows)
    if problems:
        raise InputError(f"CANNOT USE {FILE}", problems)
    return pd.DataFrame(
        [[row.parts(column) if column in _SEVERAL else row[column] for column in COLUMNS] for row in rows],
        columns=list(COLUMNS),
    )


def codes_of(codebook: "pd.DataFrame", *questions: str) -> "pd.DataFrame":
    """The rows of the codebook that code any of these questions.

    Examples
    --------
    >>> set(codes_of(load_codebook(), "comment")["questions"])
    {('comment', 'improve')}
    """
    chosen = [bool(set(row) & set(questions)) for row in codebook["questions"]]
    return codebook[chosen].reset_index(drop=True)


def load_focus_outcomes(folder: Path | str | None = None) -> dict[str, tuple[str, bool]]:
    """Area of focus → the measure that belongs to it, and whether it is the measure's gap between fifths of areas.

    Examples
    --------
    >>> load_focus_outcomes()["numeracy"]
    ('Numeracy (P1, P4 and P7 combined)', False)

    Raises
    ------
    InputError
        With every area of focus that stands twice, and every gap that is neither yes nor no.
    """
    path = programme_folder(folder) / "focus_outcomes.csv"
    rows = read_rows(path, FOCUS_COLUMNS, key="theme", filled=FOCUS_COLUMNS)
    fix = "write yes or no"
    wrong = [row for row in rows if row["gap"] not in ("yes", "no")]
    if problems := [row.problem("unknown-word", "A gap is yes or no.", "gap", fix) for row in wrong]:
        raise InputError(f"CANNOT USE {path.name}", problems)
    return {row["theme"]: (row["measure"], row["gap"] == "yes") for row in rows}


def _problems(row: Row) -> list[Problem]:
    problems = []
    if not _KEY.fullmatch(row["key"]):
        fix = "use small letters, figures and hyphens, at most 40, the first no hyphen"
        problems.append(row.problem("bad-key", "This cannot be the key of a code.", "key", fix))
    if unknown := [one for one in row.parts("questions") if not _is_question(one)]:
        message = f"{in_quotes(unknown[0])} is not a question that is coded."
        fix = "write the codes of questions as questionnaire.toml has them, such as comment"
        problems.append(row.problem("unknown-question", message, "questions", fix))
    if set(row.parts("questions")) - set(MATCHED) and not row["reported"]:
        fix = "end the sentence “Few of those who commented …”"
        problems.append(row.problem("no-report", "A code of comments needs its sentence.", "reported", fix))
    return problems


def _is_question(code: str) -> bool:
    """Whether it can be a question's code, and is no misspelling of one that is matched by wording."""
    return bool(CODE.fullmatch(code)) and (code in MATCHED or not get_close_matches(code, MATCHED, 1, 0.7))


def _shared(rows: tuple[Row, ...]) -> list[Problem]:
    """Wordings by which an answer would be matched with two codes of one question."""
    first: dict[tuple[str, str], Row] = {}
    problems = []
    for row in rows:
        for column in ("name", "variants", "keywords"):
            for text in row.parts(column) if column != "name" else (row["name"],):
                for question in row.parts("questions"):
                    before = first.setdefault((question, normalised(text)), row)
                    if before is not row:
                        message = f"The wording {in_quotes(text)} is that of the code in row {before.number} already."
                        problems.append(
                            row.problem("shared-wording", message, column, "keep it with one code")
                        )
    return problems
