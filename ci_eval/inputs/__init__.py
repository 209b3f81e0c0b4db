"""Any file becomes rows of text, or one page that says why not. No pandas, and nothing of what a file is about.

In the order in which a file is read:

1. `problems`: what is wrong with an input, one problem a cause, and the findings of a file, handed on to the end.
2. `files`: a file is opened under limits, its kind decided by its first bytes; whatever stops the reading is refused.
3. Rows of text from it: `delimited` (.csv, .tsv, decoded strictly), `archive` (a workbook measured before anything
   reads it) and `workbooks` (.xlsx), `spss` (.sav, in a process of its own).
   `prose` gives the paragraphs of a draft in Word or Markdown in the same way.
4. What the rows are taken for: `published` (tables that somebody else published), `fact_tables` (the project's own
   csv files, and where they are), `toml_tables` (settings with the line of each key) and `toml_fields` (the dataclasses
   they fill).

For every step, `text` makes texts comparable and safe to print, and `personal_data` keeps people out of messages.
"""
