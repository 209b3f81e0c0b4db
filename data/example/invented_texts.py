"""What the invented respondents wrote: every line made up for this project, by nobody and about nobody.

2021-22 leaves the impression that the published findings describe: a few see a risk of always celebrating
success, a few would have liked to engage more with other authorities, some ask for a wider range of
stakeholders. 2022-23 also holds text that breaks careless software. Addresses end in the reserved .invalid,
the telephone number stands in the range Ofcom keeps for fiction.

Each text comes with the themes (keys of data/programme/codebook.csv) that two invented coders give it.
"""

from typing import NamedTuple


class Written(NamedTuple):
    """A text and how it was coded.

    text : what somebody wrote
    a : themes of coder A, parted by semicolons
    b : those of coder B, where they are not A's
    agreed : what the two settled on, where they differed; None while it waits for a third person
    by : who has coded it
    """

    text: str
    a: str = ""
    b: str | None = None
    agreed: str | None = None
    by: str = "AB"


class Quoted(NamedTuple):
    """A quotation from a text that somebody wrote, and whether it may be shown."""

    column: str
    text: str
    approved: bool


COMMENTS_2021_22 = (
    # a risk of always celebrating success
    Written("There is a danger that we only ever celebrate what went well.", "celebrating"),
    Written(
        "We were very kind to one another. Celebrating success is fine, but where was the challenge?",
        "celebrating",
        "",
        "celebrating",
    ),
    Written("The final session turned into a celebration; the harder messages got lost.", "celebrating"),
    Written(
        "Some risk of always celebrating success when partners also work together the rest of the year.",
        "celebrating",
    ),
    # more contact with other authorities
    Written(
        "I would have valued more time with officers of other authorities.",
        "other-authorities",
        "other-authorities;time",
        "other-authorities",
    ),
    Written(
        "Meeting colleagues from another council was the best part and there was too little of it.",
        "other-authorities",
    ),
    Written("More engagement with other authorities would have widened our view.", "other-authorities"),
    # everything else
    Written("Three days well spent.", "time"),
    Written("The pre-reading was long but it set the scene.", "guidance"),
    Written("Working online meant that more of our schools could join in.", "mode"),
    Written("I had expected an inspection and got a conversation instead.", "", "guidance", ""),
    Written("Our data officer was in the room from the start, which changed the questions we asked."),
    Written("Hard to say yet whether learners will notice a difference.", "", "follow-up", ""),
    Written("The team had clearly read our self-evaluation before they arrived.", "guidance"),
    Written("Breakout rooms were too short for a proper discussion.", "time"),
    Written("Headteachers felt listened to.", "", "stakeholders"),
    Written("The focus was narrow enough to get somewhere in the time.", "time", "", "time"),
    Written("A very positive experience for our central team."),
    Written("Good professional dialogue throughout, with respect on all sides."),
    Written("Preparing for it took longer than taking part in it.", "time;guidance"),
    Written("I was not sure what my own part was until the second day.", "guidance"),
    Written("We changed our moderation calendar as a result.", "follow-up"),
    Written("Helpful to hear how small authorities manage with few officers.", "", "other-authorities", ""),
    Written("Connectivity let us down on one of the mornings.", "mode"),
    Written("The action plan was agreed before we closed, so nothing drifted.", "follow-up"),
    Written("Learners' own views could have had more space.", "stakeholders"),
    Written("Well led and well organised."),
    Written("It confirmed what we knew, and gave us the confidence to act on it."),
    Written("I came away with two ideas that I have already tried.", "follow-up", ""),
    Written("Different organisations, one conversation: that worked."),
    Written("I would gladly do it again."),
    Written("The questions for focus groups could be shared earlier.", "guidance"),
    # more of the first two, at the end, so that everybody else's words stay with the same response
    Written(
        "Every example we were shown was a good one. I kept looking for the one that failed.", "celebrating"
    ),
    Written(
        "Our officers would gain from meeting another authority once more at the end.", "other-authorities"
    ),
    Written(
        "A pity that so little was shared with other authorities while it was going on.", "other-authorities"
    ),
)

IMPROVEMENTS_2021_22 = (
    # a wider range of stakeholders
    Written("Involve a wider range of stakeholders, parents above all.", "stakeholders"),
    Written("Bring in health and social work partners as well.", "stakeholders"),
    Written("Hear from pupils directly, not only from staff.", "stakeholders"),
    Written("A wider range of stakeholders: early years, colleges, third sector.", "stakeholders"),
    Written("Classroom teachers should be part of the team.", "stakeholders"),
    Written("Include support staff and parents in the focus groups.", "stakeholders"),
    Written("Invite partners from the voluntary sector.", "stakeholders"),
    Written("More voices from outside education.", "stakeholders"),
    Written(
        "Widen the group so that elected members understand the process.",
        "stakeholders",
        "stakeholders;team-size",
        "stakeholders",
    ),
    # more contact with other authorities
    Written("Pair each host with an authority that faces the same question.", "other-authorities"),
    Written(
        "More chances to engage with other authorities afterwards.",
        "other-authorities;follow-up",
        "other-authorities",
        "other-authorities;follow-up",
    ),
    # everything else
    Written("Agree the dates a term ahead.", "time"),
    Written("Shorter forms.", "time", "guidance", ""),
    Written("A one-page guide that says who does what.", "guidance"),
    Written("Come back after six months and ask what changed.", "follow-up"),
    Written(
        "Say at the start who will see the report.", "guidance;reporting", "reporting", "guidance;reporting"
    ),
    Written("Fewer people in each session.", "team-size"),
    Written("Keep the team small and the questions few.", "team-size"),
    Written("Send the data summary a week earlier.", "guidance"),
    Written("Meet in person at least once.", "mode"),
    Written("Stay online: travel would have ruled us out.", "mode"),
    Written("Publish a short note of what was learned.", "reporting"),
    Written("More time between the visits to schools and the writing.", "time;reporting"),
    Written("Share examples of good action plans.", "guidance"),
    Written("Be braver with challenge.", "celebrating", ""),
    Written("Link it to the improvement plan cycle.", "time", "follow-up"),
    Written("A template for the report would help.", "reporting;guidance", "reporting", "reporting"),
    Written("Training for officers who join a team for the first time.", "guidance"),
    Written("No change needed."),
    Written("Nothing to add", by=""),
    Written("N/A", by=""),
)

COMMENTS_2022_23 = (
    Written("Clear purpose, good people, and a timetable that left no time to think.", "time"),
    Written('Somebody asked "so what?" and the room went quiet.'),
    Written("The brief said “light touch”; it didn’t feel light.", "time", "guidance"),
    Written("Day one: listening.\nDay two: writing.\n\nWe needed a day three.", "time"),
    Written("Café-style tables worked; the résumé at the end was à propos."),
    Written("Bha an obair còmhla feumail, ach bha an ùine ro ghoirid.", "time"),
    Written('=HYPERLINK("http://example.invalid","x")'),
    Written('<script>alert("not a comment")</script>'),
    Written("Groups of <5 pupils & their families should never stand on a slide.", "reporting", "", ""),
    Written("Great energy 👏 from the schools"),
    Written("Glad to say more: name@example.invalid"),
    Written("Ring 01632 960001 before you settle the next timetable.", "time", "", ""),
    Written("   Too many slides.  "),
    Written("Better in person.", "mode"),
    Written("Better in person.", "mode"),
    Written("- and one more thing: parking"),
    Written("+1 to what the headteachers said", by=""),
    Written("@ the organisers: thank you", by=""),
    Written("None", by=""),
    Written("N/A", by=""),
    Written("100% worthwhile; 0% spare time.", "time"),
    Written("Equal partners? The host did most of the work."),
    Written("Not everybody felt safe to be candid."),
    Written("Visiting the schools made the data real.", "mode"),
    Written("The report came quickly this time.", "reporting"),
    Written("We never learned what happened to the recommendations.", "follow-up"),
    Written("It clashed with the exam timetable.", "time"),
    Written("Our own self-evaluation was sharper for it."),
    Written("Two engagements in one term was too much for the same officers.", "time", by="A"),
    Written("The focus was well chosen and everybody knew it.", by="A"),
)

IMPROVEMENTS_2022_23 = (
    Written("More time, less paper.", "time"),
    Written("Give the host a real say in the team.", "team-size", "", ""),
    Written("Two visits instead of one.", "time"),
    Written("Avoid May and June.", "time"),
    Written("Ground rules on confidentiality at the outset.", "guidance"),
    Written("Let schools choose who takes part; release time matters.", "time;stakeholders", "time"),
    Written("Share the draft, then talk, then publish.", "reporting"),
    Written("Smaller team.", "team-size"),
    Written("nothing", by=""),
    Written("Nothing", by=""),
    Written("n/a", by=""),
    Written("A named contact in each organisation.", "guidance"),
    Written("Cuir fios nas tràithe dha na sgoiltean.", "guidance", "guidance;time", "guidance"),
    Written("1. dates\n2. roles\n3. follow-up", "time;guidance;follow-up"),
    Written('A shorter form; "tell us once".'),
    Written("Send data in a form that we can open.", "guidance"),
    Written("Follow-up after a year.", "follow-up"),
    Written("Ask learners first.", "stakeholders"),
    Written("Involve neighbouring authorities.", "other-authorities"),
    Written("Put the action plan where others can find it.", "reporting", "follow-up"),
)

QUOTATIONS_2021_22 = (
    Quoted("comment", "I had expected an inspection and got a conversation instead.", approved=True),
    Quoted("comment", "Connectivity let us down", approved=False),
    Quoted("improve", "Come back after six months and ask what changed.", approved=True),
)
