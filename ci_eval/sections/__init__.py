"""Sections of the notebooks: one module a question, with its sentences, charts and tables; frames in, pieces out.

- `interim`: the interim evaluation of one review period
- `impact`: the plan and the evaluation of impact
- `explore`: filters over one survey, for the team's eyes only

Each of the three is a map of its own questions. None of them opens a file or computes a statistic.
"""
