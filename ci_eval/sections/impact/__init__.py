"""The impact plan and evaluation: a module a question, each with plain functions from a frame of the evidence to pieces.

``words`` gives the sentences, ``chart`` a figure and ``table`` what stands behind them; other functions are named for
what they give. They read a frame's rows and attrs only. In the order of the notebooks:

- `how_might_outcomes_change`: the question, and the steps from an engagement to outcomes (plan)
- `what_will_be_measured`: the outcomes before exposure, what is missing of them, how the files were read (both)
- `what_is_the_answer`: the primary outcome, in words that carry no more than the design does (evaluation)
- `how_strong_is_the_evidence`: points out of five, with the reason of each (evaluation)
- `what_was_planned`: the settings of the plan (plan), and where the evaluation departs from it (evaluation)
- `who_is_compared`: cohorts by school year, and the part of every authority (both)
- `was_the_order_random`: cohorts before anybody was exposed (both)
- `how_did_it_go_over_time`, `does_it_hold_up`, `did_it_spill_over`, `what_of_other_outcomes` (evaluation)
- `what_could_be_detected`: power, and what the calendar costs (both)
- `what_are_the_limits`: what the design cannot show, what would change the answer, what was read (both)
- `point_differences`: signs, p values and the columns that tables of differences share
"""
