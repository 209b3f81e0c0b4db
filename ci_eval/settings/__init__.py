"""evaluation.toml and the plan file, checked against the dataclasses they fill; paths are declared, no data is read.

A key of a settings file is a field of its dataclass, written once. In the order in which settings walk through the room:

1. `evaluation`: `load` reads evaluation.toml into `Settings`, a `Period` for each review period, and checks what no
   single field can: days in order, names of folders, numbers that add up.
2. `outcome_files`: what its table ``[impact]`` declares, a dataclass for each kind of outcomes file.
3. `plan_file`: the plan of the evaluation of impact is read, frozen and compared with its frozen copy. It loads pandas
   with the statistics of impact, so it is imported by its own name.
4. `evaluator_file`: what only people can judge of a period, in the evaluator's own words.
5. `assurance_file`: who answers for a report, and what it takes for granted.
6. `declared_files`: the files that all of this declares, by the name each has in an output, with their checksums.
7. `executors`: where work is spread, on threads here or a Dask cluster.
"""

from ci_eval.settings.declared_files import deciding_inputs, impact_inputs, inputs, label_of, sha256
from ci_eval.settings.evaluation import Period, PeriodSurvey, Settings, load, too_few_asked
from ci_eval.settings.outcome_files import AcelFile, Impact, LgbfFile, OutcomesFile, PlainFile, PupilsFile

__all__ = [
    "AcelFile",
    "Impact",
    "LgbfFile",
    "OutcomesFile",
    "Period",
    "PeriodSurvey",
    "PlainFile",
    "PupilsFile",
    "Settings",
    "deciding_inputs",
    "impact_inputs",
    "inputs",
    "label_of",
    "load",
    "sha256",
    "too_few_asked",
]
