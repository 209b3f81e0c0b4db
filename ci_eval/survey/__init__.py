"""From an untrusted survey export to responses and a record of how every row was used.

The rooms, in the order in which a file passes them:

1. The file: `files` opens it and tells its kind, `sources` gives its rows (`incoming`), from text (`delimited`, `guessed`),
   a workbook (`archive`, `workbook`) or SPSS (`spss`, `spss_child`). `exports` leads through this and the next two.
2. The heading: `layout` finds it, by the declarations of `tools` (`tool`) or by its wordings (`plain`); `heading_rows` sees
   that no response is lost around it; `keys` explains codes; `headings` matches it with the questionnaire, rung by rung
   of `ladder`; `heading_notes` and `language` word what there is to say.
3. The cells: `body` gathers the columns needed, `cells` holds each distinct text once.
4. The responses: `responses` leads through `rows` and `row_checks` (which rows count), `questions`, `answers`, `unknown` and
   `answer_notes` (what was answered), `moments`, `dates`, `date_numbers` and `date_words` (when), `comments`, `personal`
   and `text_checks` (free text), `patterns` (odd responses). `record` is what comes out.
5. What people add to it later: `coded` (themes of comments), `quotations`, both by `comment_cells`.

`settings` is what an evaluation declares of an export, and `declared` whether the questionnaire knows it; `text` evens out
and shows texts everywhere.
"""

from ci_eval.inputs.files import Limits
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey.comment_codes import Coding, load_codes
from ci_eval.survey.exports import RawExport, read
from ci_eval.survey.quotations import Quotations, load_quotations
from ci_eval.survey.record import LoadRecord, Responses, loaded_before
from ci_eval.survey.responses import load

__all__ = [
    "Coding",
    "Limits",
    "LoadRecord",
    "Quotations",
    "RawExport",
    "Responses",
    "SurveySettings",
    "load",
    "load_codes",
    "load_quotations",
    "loaded_before",
    "read",
]
