"""What the small workbook of the run tests is made of."""

from ci_eval.runs.output_folder import DOCUMENTS

SETTINGS = """\
outputs = "../outputs"

[periods."2021-22"]
starts = 2021-06-01
ends = 2022-06-30

[periods."2022-23"]
starts = 2022-07-01
ends = 2023-06-30
"""

PARAMETERS = 'period: str = "2021-22"\nsettings: str = ""\noutput: str = ""\ntimes: int = 1\n'

# A cell of source alone is a code cell; a heading in front makes a section of it.
Cell = str | tuple[str, str]


# What a book would leave, without the time that a real one takes; `say` displays as a book does, so that it is kept.
SAY = """
def say(*words):
    from IPython.display import display
    text = " ".join(map(str, words))
    display({"text/plain": text}, raw=True, metadata={"ci_eval": {"display": "book"}})
"""
CLOSE = f"""
if output:
    from pathlib import Path
    for name in {DOCUMENTS}:
        (Path(output) / name).write_text("{{}}", encoding="utf-8")
"""
MADE = {"notebook.ipynb", *DOCUMENTS, "manifest.json"}
