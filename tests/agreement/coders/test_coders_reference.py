"""Coefficients of agreement against published examples and other software's printed output.

The numbers stand in reference_cases.json with their sources; a test is one number of one case.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci_eval.agreement import coders
from ci_eval.agreement.coders.category_weights import weight_table

CASES = {
    case["id"]: case for case in json.loads(Path(__file__).with_name("reference_cases.json").read_text())
}
MEASURES = ("coefficient", "se", "low", "high", "observed", "expected")


def given(case):
    if "counts" in case:
        return coders.from_counts(case["counts"])
    if "table" in case:
        return coders.from_table(case["table"])
    return coders.from_ratings(case["ratings"], case.get("categories"))


def measured(function, read, options):
    options = dict(options)
    if "distances" in options:
        options["weights"] = coders.from_distances(options.pop("distances"))
    if function == "krippendorff_alpha" and "weights" in options:
        options["metric"] = 1 - weight_table(options.pop("weights"), read)
    if function.startswith("adjusted "):
        return coders.adjusted(getattr(coders, function.removeprefix("adjusted "))(read, **options))
    return getattr(coders, function)(read, **options)


def numbers():
    for name, case in CASES.items():
        for value in case["values"]:
            for measure in MEASURES:
                if measure in value:
                    options = [str(option) for option in value.get("options", {}).values()]
                    label = "-".join([name, value["function"], *options, measure])
                    yield pytest.param(case, value, measure, id=label)


@pytest.mark.parametrize(("case", "value", "measure"), list(numbers()))
def test_published_value(case, value, measure):
    found = measured(value["function"], given(case), value.get("options", {}))

    assert getattr(found, measure) == pytest.approx(value[measure], rel=0, abs=case["tolerance"]), case[
        "source"
    ]


def test_every_case_says_where_its_numbers_come_from():
    assert all(case["source"] for case in CASES.values())
    assert len(CASES) == 18


def test_the_standard_error_printed_for_krippendorff_lacks_a_factor_two():
    """irrCAC 1.4 prints 0.08243228 for cac.distrib6raters. Its function for raw ratings doubles what a unit
    adds to chance agreement; without that, and with alpha's small-sample factor on the observed part only, we
    get the printed number. Ours is that of Fleiss' kappa, as it must be where no code is missing."""
    counts = np.array(CASES["cac_distrib_6raters"]["counts"], dtype=float)
    each, units = counts.sum(axis=1), len(counts)
    codes = each.sum()
    pi = counts.sum(axis=0) / codes
    expected = (pi**2).sum()
    agree = (counts * (counts - 1)).sum(axis=1) / (each * (each - 1)) * (1 - 1 / codes) + 1 / codes
    alpha = (agree.mean() - expected) / (1 - expected)
    by_chance = (1 - alpha) * (counts @ pi / each - expected)
    undoubled = (agree - expected - by_chance) / (1 - expected)
    printed = np.sqrt(((undoubled - alpha) ** 2).sum() / (units * (units - 1)))

    ours = coders.krippendorff_alpha(coders.from_counts(counts), interval="analytic").se

    assert printed == pytest.approx(0.08243228, abs=6e-9)
    assert ours == pytest.approx(0.08119291, abs=6e-9)


def test_files_of_coder_data_give_the_published_coefficients(shared):
    folder = shared / "data" / "reliability"
    krippendorff = pd.read_csv(folder / "krippendorff_4x12.csv", index_col="unit")
    diagnoses = pd.read_csv(folder / "fleiss1971_diagnoses_30x6.csv", index_col="subject")
    counts = pd.read_csv(folder / "fleiss_wikipedia_10x5_counts.csv", index_col="subject")

    assert coders.krippendorff_alpha(krippendorff, "ordinal").coefficient == pytest.approx(0.815, abs=6e-4)
    assert coders.fleiss_kappa(diagnoses).coefficient == pytest.approx(0.4302445, abs=1e-7)
    assert coders.fleiss_kappa(coders.from_counts(counts)).coefficient == pytest.approx(0.21, abs=5e-4)
