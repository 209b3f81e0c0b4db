"""The survey tools whose exports are known, each a declaration; `exports` reads them all the same way.

A new tool is a new `Tool` here. What is declared was taken from the tools' own exports and documentation;
headings are compared by `text.squeezed`, so capitals, spaces and punctuation do not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ci_eval.programme.survey_declaration import DAY_FIRST, MONTH_FIRST, NOT_ANSWERED


@dataclass(frozen=True)
class LeaveOut:
    """Rows that are no finished response: `column` holds one of `cells` ("" is an empty cell)."""

    reason: str
    column: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Tool:
    """How one tool lays out its export.

    Attributes
    ----------
    name : as its users know it
    fingerprint : headings that are all there, in heading row `names`; they identify the tool
    heading_rows : rows above the first response
    names : the heading row (from 0) with the tool's own column names
    texts : the heading rows with the wording; with two, the first is the question, the second its part
    marks : (heading row, pattern) each: in that row, below the first name of the fingerprint, stands a cell that
        matches, or the layout is not this one; a heading row that a response could stand in has a mark
    question : (heading row, pattern): what its group holds is the same in all columns of one question
    prefix : pattern at a heading's start whose group 1 is the column's name and what follows the question
    suffix : pattern at a heading's end that names a part of the form, not of the question
    ids, started, ended : names of these columns, the first found counts
    metadata : other columns of the tool, not used; a name ending in ``*`` stands for all that start so
    missing : marks in answers, and what they mean
    date_order : the order this tool always writes, "" where it follows the user's language
    leave_out : rows that are no finished response
    replace : (pattern, replacement) for what the tool's export changed in every answer
    keyed : answers are codes and headings names, explained by a key file
    only_finished : the tool exports responses that were sent off, and no others
    own : pattern of the names of further columns of the tool
    """

    name: str
    fingerprint: tuple[str, ...] = ()
    heading_rows: int = 1
    names: int = 0
    texts: tuple[int, ...] = (0,)
    marks: tuple[tuple[int, str], ...] = ()
    question: tuple[int, str] | None = (0, r"^(Q\d+)")
    prefix: str = ""
    suffix: str = ""
    ids: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    date_order: str = ""
    leave_out: tuple[LeaveOut, ...] = ()
    replace: tuple[tuple[str, str], ...] = ()
    keyed: bool = False
    only_finished: bool = False
    own: str = ""


PREVIEW, PARTIAL, DISQUALIFIED = "preview or test", "not finished", "disqualified"
NOT_SHOWN = "Not shown"

# Whatever the tool: columns that say who answered or where from. Their cells are dropped while reading.
CONTACT = (
    *("name", "first name", "last name", "full name", "surname", "forename", "username", "user name"),
    *("what is your name", "your name", "what is your email address", "your email address"),
    *("email", "e-mail", "email address", "your email", "phone", "telephone", "phone number", "mobile"),
    *(
        "ip",
        "ip address",
        "ipaddress",
        "ipaddr",
        "location latitude",
        "location longitude",
        "location accuracy",
    ),
    *("recipient last name", "recipient first name", "recipient email", "external reference"),
    *("external data reference", "refurl", "referrer url", "token", "custom data 1", "address", "postcode"),
)


MICROSOFT_FORMS = Tool(
    "Microsoft Forms",
    fingerprint=("ID", "Start time", "Completion time"),
    ids=("ID",),
    started=("Start time",),
    ended=("Completion time",),
    metadata=(
        "Last modified time",
        "Total points",
        "Quiz feedback",
        "Grade posted time",
        "Points -*",
        "Feedback -*",
    ),
    only_finished=True,
)

SMARTSURVEY = Tool(
    "SmartSurvey",
    fingerprint=("UserID", "UserNo", "Started", "Ended"),
    heading_rows=3,
    texts=(0, 1),
    marks=((1, r"\s*(NA)?$"), (2, r"\s*(NA)?$")),
    ids=("UserID",),
    started=("Started",),
    ended=("Ended",),
    metadata=("UserNo", "Unique ID", "ID", "Tracking*", "Status", "Collector"),
    missing=MappingProxyType({"-": NOT_ANSWERED}),
    date_order=DAY_FIRST,
    leave_out=(LeaveOut(PARTIAL, "Ended", ("",)),),
    # The export writes this for an apostrophe; whether it was a straight or a curly one is not kept.
    replace=(("@SQ@", "’"),),
)

CITIZEN_SPACE = Tool(
    "Citizen Space",
    fingerprint=("Response ID", "Date Submitted"),
    suffix=r" - [^-]{1,60}$",
    ids=("Response ID",),
    ended=("Date Submitted",),
    metadata=("Analysis notes", "Analysis tags*", "Response status", "Submitted via"),
    leave_out=(LeaveOut("deleted", "Deleted", ("true", "yes", "1")),),
    only_finished=True,
)

IMPORT_ID = r"\s*\{\s*['\"]ImportId"  # each cell of the third heading row
_QUALTRICS_STATUS = (
    LeaveOut(
        PREVIEW,
        "Status",
        (
            "Survey Preview",
            "Survey Test",
            "Offline Survey Preview",
            "1",
            "2",
            "9",
            "17",
            "Survey Preview Spam",
        ),
    ),
    LeaveOut(PREVIEW, "DistributionChannel", ("preview", "test")),
    LeaveOut("spam", "Status", ("Spam", "8", "12", "Imported Spam")),
    LeaveOut(PARTIAL, "Finished", ("False", "0")),
)
QUALTRICS = Tool(
    "Qualtrics",
    fingerprint=("StartDate", "EndDate", "Status", "Finished", "ResponseId"),
    heading_rows=3,
    texts=(1,),
    marks=((2, IMPORT_ID),),
    question=(2, r"(QID\d+)"),
    ids=("ResponseId",),
    started=("StartDate",),
    ended=("EndDate",),
    metadata=(
        "ResponseSet",
        "Status",
        "Progress",
        "Duration (in seconds)",
        "Finished",
        "RecordedDate",
        "DistributionChannel",
        *("UserLanguage", "Browser", "Version", "Operating System", "Resolution"),
    ),
    leave_out=_QUALTRICS_STATUS,
    # In which order options or statements were shown, and how long the page was looked at.
    own=r"_DO(?:_|$)|_(?:First Click|Last Click|Page Submit|Click Count)$",
)
# The same export without some of its own columns, which an export's options can leave out.
QUALTRICS_FEWER = replace(QUALTRICS, fingerprint=("ResponseId",))
QUALTRICS_LEGACY = Tool(
    "Qualtrics (legacy)",
    fingerprint=("ResponseID", "ResponseSet", "StartDate", "EndDate"),
    heading_rows=2,
    names=1,
    texts=(1,),
    # The columns of a side-by-side question are "… : 1", "… : 2", whatever its rows were renamed to.
    question=(0, r"^(Q\d+)|(: )\d+$"),
    ids=("ResponseID",),
    started=("StartDate",),
    ended=("EndDate",),
    metadata=("ResponseSet", "Status", "Finished"),
    leave_out=_QUALTRICS_STATUS,
)

SURVEYMONKEY = Tool(
    "SurveyMonkey",
    fingerprint=("Respondent ID",),
    heading_rows=2,
    texts=(0, 1),
    question=None,
    marks=((1, r"\s*$"),),
    ids=("Respondent ID",),
    started=("Start Date",),
    ended=("End Date",),
    metadata=("Collector ID", "Date Created", "Date Modified", "Custom Data*"),
    date_order=MONTH_FIRST,
)

LIMESURVEY = Tool(
    "LimeSurvey",
    fingerprint=("submitdate", "lastpage", "startlanguage"),
    question=(0, r"^([A-Za-z]\w*)"),
    prefix=r"([A-Za-z]\w*(?:\[\w+\])*)(?:[.:;] | - )",  # ". " unless another was chosen
    ids=("id",),
    started=("startdate",),
    ended=("submitdate",),
    metadata=(
        "lastpage",
        "startlanguage",
        "seed",
        "datestamp",
        "interviewtime",
        "groupTime*",
        "questionTime*",
    ),
    missing=MappingProxyType({"N/A": NOT_SHOWN}),
    leave_out=(LeaveOut(PARTIAL, "submitdate", ("",)),),
)

# The same export with whole questions as headings, without the codes of columns.
LIMESURVEY_WORDED = replace(
    LIMESURVEY,
    name="LimeSurvey (question text)",
    question=(0, r"^([^\[]*)"),
    fingerprint=("Response ID", "Date submitted", "Last page", "Start language"),
    prefix="",
    ids=("Response ID",),
    started=("Date started",),
    ended=("Date submitted",),
    metadata=("Last page", "Start language", "Seed", "Date last action", "Total time"),
    leave_out=(LeaveOut(PARTIAL, "Date submitted", ("",)),),
)

GOOGLE_FORMS = Tool(
    "Google Forms",
    fingerprint=("Timestamp",),
    ended=("Timestamp",),
    metadata=("Score", "Total score"),
    only_finished=True,
)

JISC = Tool(
    "Jisc Online Surveys",
    fingerprint=("URN", "CompletionDate"),
    ids=("URN",),
    started=("StartDate",),
    ended=("CompletionDate",),
    metadata=("UniqueResponseNumber",),
    keyed=True,
    only_finished=True,
)

_PLAIN_IDS = (
    *("Response ID", "ResponseID", "Respondent ID", "ID", "respid", "URN", "Reference", "Response Number"),
    *("Record ID", "Submission ID", "_uuid", "_id"),
)
# Headings that are an id's only if their cells are: elsewhere they stand above notes, names or numbers of pages.
FURTHER_IDS = frozenset(
    {
        *(
            "respondent",
            "respondent no",
            "respondent no.",
            "no.",
            "#",
            "serial number",
            "serial no",
            "case id",
        ),
        *(
            "responseno",
            "response no",
            "response no.",
            "response #",
            "submission #",
            "submission no",
            "entry id",
        ),
        *("unique response number", "ref no", "ref no.", "ref", "ref."),
    }
)
_PLAIN_STARTED = (
    "Start time",
    "Started",
    "Start date",
    "StartDate",
    "Time Started",
    "Start Date (UTC)",
    "start",
)
_PLAIN_ENDED = (
    *(
        "Submitted",
        "Date submitted",
        "Completion time",
        "Ended",
        "End date",
        "Completed",
        "Date",
        "Timestamp",
    ),
    *("Submit Date (UTC)", "Submission Date", "Submission time", "Submitted at", "Survey Timestamp"),
    *("_submission_time", "end"),
)
PLAIN = Tool(
    "a plain table",
    ids=_PLAIN_IDS,
    started=_PLAIN_STARTED,
    ended=_PLAIN_ENDED,
    # What is left of a tool's export whose heading rows were cut down to one by hand.
    leave_out=(
        LeaveOut(
            PREVIEW,
            "Response Type",
            ("Survey Preview", "Survey Test", "Offline Survey Preview", "Survey Preview Spam"),
        ),
        LeaveOut(PREVIEW, "Distribution Channel", ("preview", "test")),
        LeaveOut("spam", "Response Type", ("Spam", "Imported Spam")),
    ),
)
# Variable names stand in the first heading row, variable labels in the second; `spss` lays them out so.
SPSS = Tool(
    "SPSS",
    heading_rows=2,
    texts=(1,),
    ids=_PLAIN_IDS,
    started=_PLAIN_STARTED,
    ended=_PLAIN_ENDED,
    missing=MappingProxyType({"No answer": NOT_ANSWERED}),
)

# The most telling fingerprint first: the first that fits is taken.
DETECTED = (
    QUALTRICS,
    QUALTRICS_FEWER,
    QUALTRICS_LEGACY,
    SMARTSURVEY,
    LIMESURVEY,
    LIMESURVEY_WORDED,
    MICROSOFT_FORMS,
    CITIZEN_SPACE,
    JISC,
    SURVEYMONKEY,
    GOOGLE_FORMS,
)
# A tool in two shapes has two declarations of one name: the first, fuller one is what the name stands for.
TOOLS: Mapping[str, Tool] = MappingProxyType({tool.name: tool for tool in reversed((*DETECTED, SPSS, PLAIN))})
