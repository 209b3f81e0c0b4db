"""The interim evaluation: a module a question, each with plain functions from a frame of the evidence to its pieces.

``words`` gives the sentences, ``chart`` a figure and ``table`` the numbers behind them; other functions are named for
what they give. They read a frame's rows and attrs only, so they still hold after the analyst has filtered or sorted it.
In the order of the notebook:

- `main_points`: the verdict, the findings in their rank, how sure they are, the decisions asked
- `what_it_is`: background and aims, further evaluation, the appendix of hosts and questions
- `who_took_part`: authorities that have hosted, the timeline, who is next
- `who_served_on_whose_team`: officers on teams of others: links, collaboratives, growth
- `who_answered`: responses and response rates, by each grouping
- `what_they_said`: the share and word of each statement, how sure they are, consensus; `key_messages`: a sentence a word
- `what_else_was_asked`: choices and numbers beside the statements
- `would_weights_matter`: the words if every organisation had answered alike
- `did_late_answers_differ`: late answers beside early ones, a hint of what the others would say
- `do_groups_differ`: how far apart groups are, with what evidence
- `what_changed`, `is_there_a_trend`: since the period before, and over three periods or more
- `was_a_report_published`, `what_was_the_focus`: the survey's answers beside the register
- `does_what_was_published_hold`: each claim of the published report, and what the records say of it
- `in_their_own_words`, `what_comments_were_about`: comments, quotations, themes and their coders
- `what_people_judge`: strengths, what to improve, guidance, pace, governance, in the evaluator's own words
- `what_was_recommended`: recommendations and questions left to the Strategic Group
- `teams_and_reports`: how large teams were, when reports came, and what is recorded of them
- `were_answers_careful`, `how_it_was_made`: quality, method, records, inputs
"""
