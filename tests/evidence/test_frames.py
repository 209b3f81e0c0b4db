"""What is made from an exact frame is exact, and what is exact is not displayed where a run is recorded."""

import numpy as np
import pandas as pd
import pytest

from ci_eval.evidence.frames import EXACT_LINE, WITHHELD_LINE, exact, releasable
from ci_eval.report import Book

PLAIN = pd.DataFrame({"a": ["x", "y", "x"], "n": [1, 2, 3], "s": [0.1, 0.25, 0.3]})

MADE = {
    "a column": lambda f: f["s"],
    "a row": lambda f: f.iloc[0],
    "a part of the rows": lambda f: f[f["n"] > 1],
    "sorted": lambda f: f.sort_values("s"),
    "with a column more": lambda f: f.assign(z=f["s"] * 2),
    "grouped": lambda f: f.groupby("a")["s"].mean(),
    "aggregated": lambda f: f.groupby("a").agg(m=("s", "mean")),
    "counted": lambda f: f["a"].value_counts(),
    "counted by group": lambda f: f.groupby("n")["a"].value_counts(normalize=True).unstack(),
    "sizes": lambda f: f.groupby("a").size(),
    "a pivot": lambda f: f.pivot(index="n", columns="a", values="s"),
    "a pivot table": lambda f: f.pivot_table(index="a", values="s"),
    "long": lambda f: f.melt(id_vars="a"),
    "turned": lambda f: f.T,
    "numbered again": lambda f: f.set_index("a").reset_index(),
    "a sum": lambda f: f[["n", "s"]].sum(),
    "a logarithm": lambda f: np.log(f["s"]),
    "bins": lambda f: pd.cut(f["s"], 2),
    "rolling": lambda f: f["s"].rolling(2).mean(),
    "applied": lambda f: f.apply(lambda row: row["n"], axis=1),
    "a copy": lambda f: f.copy(),
}


@pytest.mark.parametrize("name", MADE)
def test_the_mark_and_the_context_travel(name: str) -> None:
    for make, mark in ((releasable, False), (exact, True)):
        made = MADE[name](make(PLAIN, period="2022-23"))
        assert made.exact is mark, name


@pytest.mark.parametrize(
    "name", ["a part of the rows", "sorted", "with a column more", "a column", "grouped"]
)
def test_the_context_travels(name: str) -> None:
    assert MADE[name](releasable(PLAIN, period="2022-23")).attrs["period"] == "2022-23"


MIXED = {
    "merged": lambda r, e: r.merge(e, on="n"),
    "merged the other way": lambda r, e: e.merge(r, on="n"),
    "one under the other": lambda r, e: pd.concat([r, e]),
    "added": lambda r, e: r["n"] + e["n"],
    "frames added": lambda r, e: r[["n"]].add(e[["n"]], fill_value=0),
    "assigned": lambda r, e: r.assign(z=e["s"]),
    "where": lambda r, e: r["n"].where(r["n"] > 1, e["n"]),
    "mapped": lambda r, e: r["n"].map(e.set_index("n")["s"]),
    "filled": lambda r, e: r["n"].fillna(e["n"]),
    "joined": lambda r, e: r.join(e.add_suffix("_")),
    "combined": lambda r, e: r.combine_first(e),
}


@pytest.mark.parametrize("name", MIXED)
def test_whatever_an_exact_frame_goes_into_is_exact(name: str) -> None:
    assert MIXED[name](releasable(PLAIN), exact(PLAIN)).exact is True
    assert MIXED[name](releasable(PLAIN), releasable(PLAIN)).exact is False


@pytest.mark.parametrize("name", MIXED)
def test_what_nobody_marked_takes_the_mark_of_release_away(name: str) -> None:
    assert getattr(MIXED[name](releasable(PLAIN), PLAIN), "exact", None) is None


def test_an_array_of_unknown_origin_takes_the_mark_of_release_away_and_a_number_does_not() -> None:
    frame = releasable(PLAIN)
    assert frame.assign(z=exact(PLAIN)["s"].to_numpy()).exact is None
    assert frame.assign(z=list(exact(PLAIN)["s"])).exact is None
    assert frame.assign(z=1).exact is False
    changed = releasable(PLAIN)
    changed["z"] = exact(PLAIN)["s"]
    assert changed.exact is True


def test_marking_a_frame_leaves_it_as_it_is() -> None:
    frame = PLAIN.copy()
    exact(frame, period="2022-23")
    assert type(frame) is pd.DataFrame
    assert frame.attrs == {}


def displayed(frame: object) -> tuple[dict[str, str], str]:
    data, about = frame._repr_mimebundle_()  # type: ignore[attr-defined]
    return data, about["ci_eval"]["frame"]


def test_a_frame_is_displayed_rounded_and_short() -> None:
    many = pd.DataFrame({"share": [1 / 3] * 40, "people": [1200.0] * 40, "word": ["$5 or $6", None] * 20})
    data, kind = displayed(releasable(many))
    assert kind == "releasable"
    assert data["text/html"].count("<tr>") == 15
    assert "40 rows; the first 15 are displayed." in data["text/html"]
    for text in ("0.333", "1,200", "$5 or $6", "–"):
        assert text in data["text/html"]
    assert "0.3333" not in data["text/html"]
    assert 'class="tex2jax_ignore mathjax_ignore"' in data["text/html"]
    assert data["text/plain"].splitlines()[0].split() == ["share", "people", "word"]


def test_an_exact_frame_says_so_and_a_recorded_run_withholds_it(tmp_path) -> None:
    data, kind = displayed(exact(PLAIN))
    assert (kind, data["text/plain"].splitlines()[0]) == ("exact", EXACT_LINE)
    open_book = Book("Title", folder=tmp_path)
    for thing in (exact(PLAIN), exact(PLAIN)["s"]):
        data, kind = displayed(thing)
        assert (kind, data["text/plain"]) == ("exact", WITHHELD_LINE)
        assert "0.25" not in data["text/html"]
    assert "0.25" in displayed(releasable(PLAIN))[0]["text/html"]
    del open_book
    assert "0.25" in displayed(exact(PLAIN))[0]["text/html"]


def test_html_of_a_survey_is_text() -> None:
    data, _ = displayed(releasable(pd.DataFrame({"said": ["<script>alert(1)</script>"]})))
    assert "<script" not in data["text/html"]
