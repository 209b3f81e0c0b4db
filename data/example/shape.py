"""How many invented people answered what in each example period: numbers that generate.py hits exactly.

2021-22 gives the findings published for summer 2022 again (Education Scotland and ADES, Interim Report on the
Progress of Collaborative Improvement, January 2023): almost all agree with every statement, the majority are
unsure whether a report was published. 2022-23 puts statements on and beside each boundary of the words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import invented_texts as texts

SCALE = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree")
ANSWERS: tuple[str | None, ...] = (*SCALE, "Don’t know", None)
OTHER = "Other (please specify)"

STATEMENTS = (
    "The area of focus agreed for the CI was appropriate",
    "The purpose for the CI was clearly explained",
    "The process for the CI was clearly explained",
    "The time spent on the CI process was appropriate",
    "Colleagues from the different organisations worked well together",
    "Discussions in the CI environment were open",
    "Discussions in the CI environment were honest",
    "The process felt like an equal partnership",
    "I enjoyed participating in the CI",
    "I have taken/will take specific actions in response to participating in the CI",
    "I gained a lot from the process as an individual",
    "I believe that learners will benefit from the CI",
    "I believe that educators will benefit from the CI",
    "My organisation benefited from involvement with the CI",
    "The process is worthwhile and worth developing further",
)

THEMES = (
    "Closing the poverty-related attainment gap",
    "Falling attainment in primary",
    "Numeracy and mathematics",
    "Additional support needs, S2/S3",
    "Collecting and using data to set priorities",
    "Central and local quality assurance",
    "Curricular pathways",
    "Local support groups",
    "Inclusion",
)

ROLES = {
    "Education Scotland": (
        "Senior regional adviser",
        "Attainment adviser",
        "HM Inspector",
        "Education officer",
    ),
    "ADES": ("ADES associate", "Director of education", "Retired director of education"),
    "Local authority": (
        "Quality improvement officer",
        "Headteacher",
        "Depute headteacher",
        "Head of service",
        "Chief education officer",
        "Quality improvement manager",
        "Data officer",
        "Educational psychologist",
    ),
    OTHER: ("Regional lead", "Lecturer", "Project manager"),
}
OTHER_TEXTS = ("Regional Improvement Collaborative", "University", "Voluntary sector")

Split = Mapping[str | None, int]


@dataclass(frozen=True)
class Shape:
    """One period: `statements` holds for each statement the number of people per entry of ANSWERS.

    `organisations`, `modes` and `published` map an answer to its number of people; None is "not answered".
    `quotations` are taken from its comments.
    """

    period: str
    seed: int
    opened: date
    closed: date
    asked: Mapping[str, int]
    organisations: Split
    modes: Split
    published: Split
    statements: tuple[tuple[int, int, int, int, int, int, int], ...]
    comments: tuple[texts.Written, ...]
    improvements: tuple[texts.Written, ...]
    quotations: tuple[texts.Quoted, ...] = ()


FIRST = Shape(
    period="2021-22",
    seed=202122,
    opened=date(2022, 8, 1),
    closed=date(2022, 8, 26),
    asked={"Education Scotland": 46, "ADES": 14, "Local authority": 110, OTHER: 8},
    organisations={"Education Scotland": 37, "ADES": 11, "Local authority": 78, OTHER: 6},
    modes={"Online": 101, "A mixture of online and in person": 17, "In person": 12, None: 2},
    published={"Unsure": 83, "Yes": 34, "No": 9, None: 6},
    statements=(
        (78, 49, 2, 1, 0, 1, 1),
        (66, 58, 5, 2, 0, 0, 1),
        (58, 63, 6, 4, 0, 0, 1),
        (41, 77, 8, 4, 1, 0, 1),  # 118 of 131: one person fewer and it is no longer "almost all"
        (82, 47, 1, 0, 0, 1, 1),
        (69, 53, 5, 3, 0, 1, 1),
        (61, 58, 7, 3, 1, 1, 1),
        (52, 66, 6, 4, 1, 1, 2),
        (72, 53, 4, 1, 0, 0, 2),
        (55, 62, 8, 2, 0, 3, 2),
        (63, 58, 6, 2, 1, 0, 2),
        (50, 59, 8, 1, 1, 10, 3),  # benefit to learners is what most people cannot know yet
        (57, 63, 6, 1, 0, 2, 3),
        (60, 59, 5, 2, 0, 3, 3),
        (84, 42, 2, 1, 0, 0, 3),
    ),
    comments=texts.COMMENTS_2021_22,
    improvements=texts.IMPROVEMENTS_2021_22,
    quotations=texts.QUOTATIONS_2021_22,
)

SECOND = Shape(
    period="2022-23",
    seed=202223,
    opened=date(2023, 8, 7),
    closed=date(2023, 9, 1),
    asked={"Education Scotland": 41, "ADES": 9, "Local authority": 98, OTHER: 8},
    organisations={"Education Scotland": 32, "ADES": 4, "Local authority": 75, OTHER: 5, None: 2},
    modes={"In person": 47, "A mixture of online and in person": 38, "Online": 29, None: 4},
    published={"Unsure": 52, "Yes": 44, "No": 8, None: 14},  # exactly half of the 104 who answered are unsure
    statements=(
        (64, 48, 0, 0, 0, 4, 2),  # everybody
        (45, 54, 7, 3, 1, 5, 3),  # exactly 90%: 99 of 110
        (40, 58, 8, 3, 1, 5, 3),  # one person below 90%
        (3, 12, 22, 43, 20, 14, 4),  # exactly 15%: 15 of 100
        (52, 48, 6, 3, 1, 4, 4),  # one person above 90%
        (18, 34, 25, 20, 7, 10, 4),  # exactly 50%: 52 of 104
        (16, 35, 26, 20, 7, 10, 4),  # one person below 50%
        (4, 12, 25, 40, 19, 13, 5),  # one person above 15%
        (41, 54, 11, 5, 2, 0, 5),
        (30, 51, 17, 8, 2, 5, 5),  # exactly 75%: 81 of 108
        (33, 49, 16, 8, 2, 5, 5),  # one person above 75%
        (38, 52, 12, 2, 1, 8, 5),
        (44, 60, 6, 2, 1, 0, 5),
        (29, 51, 18, 8, 2, 5, 5),  # one person below 75%
        (60, 51, 0, 1, 0, 1, 5),  # everybody but one
    ),
    comments=texts.COMMENTS_2022_23,
    improvements=texts.IMPROVEMENTS_2022_23,
)

SHAPES = (FIRST, SECOND)
