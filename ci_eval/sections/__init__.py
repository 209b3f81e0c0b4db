"""Sections of the notebooks: one module a question, with its sentences, charts and tables; frames in, pieces out.

- `interim`: the interim evaluation of one review period
- `impact`: the plan and the evaluation of impact
- `what_we_know`: public data on one authority and one area of focus
- `explore`: filters over one survey, for the team's eyes only
- `who_assured_it`: roles, quality statement and assumptions, in the annex of interim and impact evaluation
- `wording`: what all of them share, such as what is said where a frame has no rows

Each of the rooms is a map of its own questions. None of them opens a file or computes a statistic.
"""
