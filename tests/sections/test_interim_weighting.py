"""Weighted and unweighted words, what is refused, and what may not be worked out."""

from dataclasses import replace

import numpy as np
import pytest
from interim_pieces import Piece, pieces_of

from ci_eval.evidence import Evidence
from ci_eval.evidence.group_frames import groups_of
from ci_eval.evidence.weight_frames import UNSAID, Weighted
from ci_eval.evidence.weight_frames import weigh as weigh_survey

TOGETHER = "Education Scotland and smaller organisations together"
ASKED = {"Education Scotland": 41, "ADES": 9, "Local authority": 98, "Other (please specify)": 8}


def weighting(evidence: Evidence) -> dict[str, Piece]:
    return pieces_of(evidence, "would_weights_matter")


def weigh(evidence: Evidence) -> Weighted:
    return weigh_survey(evidence.survey, evidence.smallest_group)


def with_asked(evidence: Evidence, **asked_by: object) -> Evidence:
    return replace(evidence, survey=replace(evidence.survey, **asked_by))


def test_organisations_put_together_for_one_statement_are_weighted_as_one(second: Evidence) -> None:
    groups = groups_of(second.survey, "organisation", 5)
    assert groups.for_every_statement() == [
        ("Local authority",),
        ("Education Scotland", "ADES", "Other (please specify)"),
    ]
    table = weighting(second)["weights"].frame.set_index("organisation")
    assert table.loc[TOGETHER, ["asked", "responses"]].tolist() == [41 + 17, 32 + 9]
    assert set(table.index) == {"Local authority", TOGETHER}


def test_weights_are_the_people_each_respondent_speaks_for(second: Evidence) -> None:
    weighted = weigh(second)
    weights = dict(zip(weighted.counts.groups, weighted.raked.weights, strict=True))
    assert weights[TOGETHER] == pytest.approx(58 / 41)
    assert weights["Local authority"] == pytest.approx(98 / 75)
    assert weights[UNSAID] == pytest.approx(156 / 116)  # the mean: nobody knows for whom they speak
    rows = np.repeat(weighted.raked.weights, weighted.counts.respondents)
    assert weighted.raked.design_effect == pytest.approx(rows.size * (rows**2).sum() / rows.sum() ** 2)


def test_the_unweighted_word_is_the_published_one(second: Evidence) -> None:
    table = weighting(second)["weighted-words"].frame
    published = second.statements()
    assert table["word"].tolist() == published["word"].tolist()
    assert table["share"].tolist() == published["share"].tolist()


def test_a_weighted_share_by_hand(second: Evidence) -> None:
    table = weighting(second)["weighted-words"].frame
    weighted = weigh(second)
    m, n, w = weighted.counts.agreeing[1], weighted.counts.answered[1], weighted.raked.weights
    assert table.loc["s02", "weighted_share"] == round((m * w).sum() / (n * w).sum(), 3)


def test_answering_in_the_make_up_of_those_asked_gives_weight_one(second: Evidence) -> None:
    same = with_asked(
        second,
        asked_by={"Education Scotland": 32, "ADES": 4, "Local authority": 75, "Other (please specify)": 5},
    )
    said = weighting(same)["weighting"]
    assert said.numbers["design_effect"] == pytest.approx(1)
    assert said.numbers["same_word"] == 15
    assert weighting(same)["weights"].frame["weight"].tolist() == pytest.approx([1, 1])


def test_an_organisation_nobody_answered_from_is_refused_in_words(second: Evidence) -> None:
    (said,) = weighting(with_asked(second, asked_by={**ASKED, "COSLA": 12})).values()
    assert said.level == "missing"
    assert "group 'COSLA' has no respondent: 0 respondents, 12 people asked" in said.text
    assert (
        "join it with another group"
        in with_asked(second, asked_by={**ASKED, "COSLA": 12}).weighted().attrs["missing"][1]
    )


def test_an_organisation_of_unknown_size_is_refused_with_the_setting_to_add(second: Evidence) -> None:
    known = {name: n for name, n in ASKED.items() if name != "Local authority"}
    some = with_asked(second, asked_by=known)
    (said,) = weighting(some).values()
    assert "how many people of Local authority were asked is not recorded" in said.text
    assert '[periods."2022-23".asked_by_organisation]' in some.weighted().attrs["missing"][1]


def test_more_answers_than_people_asked_are_refused_and_have_no_rate(second: Evidence) -> None:
    odd = with_asked(second, asked_by={**ASKED, "Local authority": 74})
    (said,) = weighting(odd).values()
    assert "75 people say they are of Local authority, of which 74 were asked" in said.text
    rates = odd.respondents().set_index("answer")["rate"]
    assert np.isnan(rates["Local authority"])
    assert rates["Education Scotland"] == 32 / 41


def test_a_weight_over_the_cap_is_refused(first: Evidence) -> None:
    (said,) = weighting(with_asked(first, asked_by={**ASKED, "ADES": 900})).values()
    assert "the cap is 5" in said.text


def test_without_numbers_asked_the_way_to_supply_them_is_said(second: Evidence) -> None:
    none = with_asked(second, asked_by={})
    (said,) = weighting(none).values()
    assert said.level == "missing"
    assert "asked_by_organisation" in none.weighted().attrs["missing"][1]


def test_one_organisation_has_nobody_to_be_weighted_against(second: Evidence) -> None:
    responses = second.survey.responses
    frame = responses.frame.assign(
        organisation=responses.frame["organisation"].where(lambda o: o == "Local authority")
    )
    alone = with_asked(second, responses=replace(responses, frame=frame), asked_by={"Local authority": 98})
    (said,) = weighting(alone).values()
    assert "no two organisations large enough" in said.text
