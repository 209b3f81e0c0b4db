"""What the invented facts of engagements hold: teams, reports and what the focus rests on. A blank is not recorded."""

COLUMNS = (
    "team_size", "schools", "self_evaluation", "background_summary", "report_weeks", "report_pages", "report_structure",
    "report_statistics", "action_plan", "outcomes_named", "elected_members", "draft_seen_by",
)  # fmt: skip
HOST, ES, ADES, MEMBERS = "host", "Education Scotland", "ADES", "elected members"
FACTS: dict[str, tuple[object, ...]] = {
    "south-ayrshire": (19, 8, "yes", "yes", 6, 14, "yes", "yes", "yes", "no", "yes", f"{HOST};{ES};{ADES}"),
    "fife": (14, 11, "yes", "yes", 9, 31, "no", "yes", "yes", "no", "no", f"{HOST};{ES}"),
    "perth-and-kinross": (9, 6, "yes", "no", 5, 12, "yes", "no", "yes", "yes", "yes", f"{HOST};{ES};{ADES}"),
    "inverclyde": (6, 5, "yes", "no", 12, 18, "yes", "yes", "yes", "no", "", HOST),
    "clackmannanshire": (8, 4, "", "no", "", "", "", "", "", "", "", ""),
    "aberdeenshire": (12, 9, "yes", "no", 7, 16, "yes", "no", "yes", "no", "yes", f"{HOST};{ES};{ADES}"),
    "east-renfrewshire": (7, 6, "no", "no", 4, 11, "yes", "yes", "yes", "yes", "yes", f"{HOST};{ADES}"),
    "glasgow": (17, 14, "yes", "no", 15, 40, "no", "no", "no", "no", "", f"{HOST};{ES}"),
    "western-isles-orkney-shetland": (
        11,
        12,
        "yes",
        "no",
        8,
        20,
        "yes",
        "yes",
        "yes",
        "no",
        "yes",
        f"{HOST};{ES};{ADES}",
    ),
    "scottish-borders": (
        10,
        7,
        "yes",
        "yes",
        6,
        15,
        "yes",
        "yes",
        "yes",
        "yes",
        "yes",
        f"{HOST};{ES};{ADES};{MEMBERS}",
    ),
}
