"""What is true in the invented outcomes: who was exposed when, what that did, and how councils differ.

Names of councils and hosts' first years up to 2022-23 are those of the register; everything else is made up: no
number of pupils, level or mixture of areas is that of a real council.
"""

from dataclasses import dataclass

SEED = 20251209
YEARS = ("2016-17", "2017-18", "2018-19", "2019-20", "2020-21", "2021-22", "2022-23", "2023-24", "2024-25")
NOT_COLLECTED = "2019-20"
NO_SECONDARY = "2020-21"  # only primary schools were asked
STAGES = ("P1", "P4", "P7")
COMBINED = "P1, P4 and P7 combined"
SECONDARY = ("S3 - third level", "S3 - fourth level")
ORGANISERS = ("Reading", "Writing", "Listening & Talking", "Literacy", "Numeracy")

# The effect of having hosted: percentage points, from the first collection after the engagement on, the same in
# every council, year, primary stage and quintile. Nothing for the other organiser, and nothing in S3.
EFFECT = 2.0
AFFECTED = ("Reading", "Writing", "Listening & Talking", "Literacy")

LEVELS = {"Reading": 78.0, "Writing": 73.0, "Listening & Talking": 80.0, "Literacy": 70.0, "Numeracy": 77.0}
STAGE_LEVELS = {"P1": 3.0, "P4": -3.0, "P7": -1.0, "S3 - third level": 4.0, "S3 - fourth level": -18.0}
YEAR_LEVELS = dict(zip(YEARS, (-2.5, -1.2, 0.0, 0.0, -5.0, -2.8, -1.0, 0.1, 0.6), strict=True))
QUINTILE_LEVELS = (-11.0, -5.0, 0.0, 3.0, 6.0, -9.0)  # most to least deprived, then areas not known
COUNCIL_SPREAD = 1.8  # standard deviation of a council's own level, percentage points
YEAR_SPREAD = 1.0  # of what is new in a council's year
CARRIED = 0.5  # part of it that lasts into the next year

# Of 1,000 pupils, by SIMD quintile from the most to the least deprived, and not known.
MIXTURES = {
    "deprived": (410, 220, 150, 120, 97, 3),
    "mixed": (210, 200, 200, 190, 197, 3),
    "rural": (15, 130, 420, 320, 113, 2),
    "affluent": (60, 90, 140, 250, 458, 2),
    "island": (0, 170, 430, 400, 0, 0),
    "islands": (8, 165, 430, 367, 30, 0),
}


# Invented: no host is known to have had this area of focus. Engagements are those of the register, themes the codebook's.
FOCUS = {
    "south-ayrshire": "numeracy",
    "fife": "primary-attainment",
    "perth-and-kinross": "primary-attainment",
    "inverclyde": "attainment-gap",
    "clackmannanshire": "primary-attainment",
    "aberdeenshire": "data",
    "east-renfrewshire": "numeracy",
    "glasgow": "primary-attainment",
    "western-isles-orkney-shetland": "primary-attainment",
}


@dataclass(frozen=True)
class Council:
    """A council: name in Table 10 and Table 11, invented pupils a stage, mixture, and first exposed year."""

    name: str
    pupils: int
    mixture: str
    exposed: str
    other_name: str = ""

    @property
    def in_table_11(self) -> str:
        return self.other_name or self.name


FIRST, SECOND, THIRD = (
    "2021-22",
    "2022-23",
    "2023-24",
)  # the third is invented for the 16 whose dates are not known
COUNCILS = (
    Council("Aberdeen City", 1900, "mixed", THIRD),
    Council("Aberdeenshire", 2800, "rural", FIRST),
    Council("Angus", 1200, "rural", THIRD),
    Council("Argyll & Bute", 750, "rural", THIRD),
    Council("Clackmannanshire", 550, "mixed", FIRST),
    Council("Dumfries & Galloway", 1400, "rural", THIRD),
    Council("Dundee City", 1400, "deprived", SECOND),
    Council("East Ayrshire", 1250, "deprived", THIRD),
    Council("East Dunbartonshire", 1250, "affluent", THIRD),
    Council("East Lothian", 1200, "affluent", THIRD),
    Council("East Renfrewshire", 1300, "affluent", FIRST),
    Council("Edinburgh, City of", 4300, "mixed", THIRD, "Edinburgh City"),
    Council("Falkirk", 1700, "mixed", THIRD),
    Council("Fife", 3900, "mixed", FIRST),
    Council("Glasgow City", 5800, "deprived", FIRST),
    Council("Highland", 2300, "rural", SECOND),
    Council("Inverclyde", 750, "deprived", FIRST),
    Council("Midlothian", 1150, "mixed", SECOND),
    Council("Moray", 950, "rural", THIRD),
    Council("Na h-Eileanan Siar", 240, "island", FIRST),
    Council("North Ayrshire", 1300, "deprived", THIRD),
    Council("North Lanarkshire", 3900, "deprived", THIRD),
    Council("Orkney Islands", 210, "islands", FIRST),
    Council("Perth & Kinross", 1450, "rural", FIRST),
    Council("Renfrewshire", 1850, "mixed", THIRD),
    Council("Scottish Borders", 1150, "rural", SECOND),
    Council("Shetland Islands", 230, "islands", FIRST),
    Council("South Ayrshire", 1050, "mixed", FIRST),
    Council("South Lanarkshire", 3500, "mixed", SECOND),
    Council("Stirling", 950, "affluent", THIRD),
    Council("West Dunbartonshire", 950, "deprived", THIRD),
    Council("West Lothian", 2200, "mixed", THIRD),
)


def exposed(council: Council, year: str) -> bool:
    """Whether the council has hosted by the collection of a year."""
    return YEARS.index(year) >= YEARS.index(council.exposed)
