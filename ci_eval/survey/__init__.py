"""From an untrusted survey export to responses and a record of how every row was used.

In the order in which data walks through the room:

1. The rows: `sources` gives those of a text file, workbook or SPSS file; `exports` leads through this and the next two.
2. The heading: `layout` finds it, by the declarations of `tools` or by its wordings; `keys` explains codes; `headings`
   matches it with the questionnaire, and `heading_notes` says what that rests on and what is missing.
3. The cells: `columns` keeps the columns needed, each distinct text once.
4. The responses: `responses` leads through `rows` and `copied_rows` (which rows count), by `completion` (who finished),
   `questions`, `question_types`, `answers`, `answer_notes` and `unknown_answers` (what was answered), `timestamps` and
   `dates` (when), `free_text` (what people wrote) and `response_patterns` (what is odd about whole responses). `record`
   is what comes out.
5. What people add to it later: `coding_file` (codes of comments and free-text answers), `wording_matches` (what is
   matched by its wording, and merged), `quotations`, and `word_groups`, which suggests what a codebook may hold.
6. Before there is any: `invented_answers` draws a survey from the questionnaire, to rehearse a report.
"""

from ci_eval.inputs.files import Limits
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey.coding_file import Coding, load_coding
from ci_eval.survey.exports import RawExport, read
from ci_eval.survey.quotations import Quotations, load_quotations
from ci_eval.survey.record import LoadRecord, Responses, loaded_before
from ci_eval.survey.responses import load
from ci_eval.survey.wording_matches import matches, unmatched, with_merged

__all__ = [
    "Coding",
    "Limits",
    "LoadRecord",
    "Quotations",
    "RawExport",
    "Responses",
    "SurveySettings",
    "load",
    "load_coding",
    "load_quotations",
    "loaded_before",
    "matches",
    "read",
    "unmatched",
    "with_merged",
]
