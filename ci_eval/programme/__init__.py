"""Facts of what is evaluated, read from the files of data/programme and checked; none of them is written in code.

In the order in which they build on one another:

- `about`: the programme by its names: title, country, number of authorities, how it might change outcomes
- `councils`: the authorities, and which of them a text names
- `approximate_dates`: days known to a day, a month or less
- `collection_days`: the days on which outcomes of each school year are gathered
- `engagement_facts`: what else may be recorded of an engagement: its team, its report
- `register`: the engagements, their hosts, and who had been a host on a day
- `network`: who served on whose team, in numbers of officers
- `questionnaire`: questions, statements and answers; `questionnaire_file` reads them; `survey_declaration`: what is declared
  of one export of it
- `proportion_words`: the words for proportions, as exact bounds
- `codebook`: the codes of comments and free-text answers, and the wordings that stand for them
- `claims`: what the published report claims, and whether register and questionnaire bear it out
- `follow_up`: what the published report asked for and left open
- `consistency`: does the register agree with itself and with the calendar?
"""

from ci_eval.programme.about import Programme, load_programme
from ci_eval.programme.claims import load_claims
from ci_eval.programme.codebook import codes_of, load_codebook, load_focus_outcomes
from ci_eval.programme.collection_days import CollectionDays, load_collection_days
from ci_eval.programme.consistency import Finding, check
from ci_eval.programme.councils import Council, Councils, load_councils
from ci_eval.programme.follow_up import load_progress, load_recommendations, load_strategic_questions
from ci_eval.programme.network import load_teams, officers_sent, served
from ci_eval.programme.proportion_words import ProportionWord, load_bands
from ci_eval.programme.questionnaire import Question, Questionnaire, Statement
from ci_eval.programme.questionnaire_file import load_questionnaire
from ci_eval.programme.register import Engagement, Register, load_register

__all__ = [
    "CollectionDays",
    "Council",
    "Councils",
    "Engagement",
    "Finding",
    "Programme",
    "ProportionWord",
    "Question",
    "Questionnaire",
    "Register",
    "Statement",
    "check",
    "codes_of",
    "load_bands",
    "load_claims",
    "load_codebook",
    "load_collection_days",
    "load_councils",
    "load_focus_outcomes",
    "load_programme",
    "load_progress",
    "load_questionnaire",
    "load_recommendations",
    "load_register",
    "load_strategic_questions",
    "load_teams",
    "officers_sent",
    "served",
]
