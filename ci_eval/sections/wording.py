"""What the sections share: who agreed, pieces by scale, what is said where a frame has no rows, and of blank cells."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from ci_eval.agreement.word_probability import SURE
from ci_eval.inputs.problems import refuse
from ci_eval.report import formats, sentences
from ci_eval.report.book import flatten, recording
from ci_eval.report.pieces import Figure, Sentence, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ci_eval.programme.questionnaire import Scale

    Piece = Sentence | Table | Figure

P = ParamSpec("P")
EVIDENCE = 0.05  # a p adjusted by Holm's method that is smaller is called evidence
REGISTER = "Register of engagements, data/programme/register.csv"
NOBODY = "not asked, or answered by nobody or by too few to show"
NO_ROW_LEFT = ("No row of this frame is left.", "filter less, or ask the evidence for the frame again.")


def rank_intervals(frame: "pd.DataFrame") -> list[str]:
    """``3 to 9`` for each row's rank_low and rank_high; "" where there is no rank."""
    limits = zip(frame["rank_low"], frame["rank_high"], strict=True)
    return ["" if formats.is_blank(low) else f"{int(low)} to {int(high)}" for low, high in limits]


def who_agreed(word: str, agreeing: int, answered: int, sureness: float, asked: int | None) -> str:
    """Who agreed, as a key message, headline or title may say it: a word under 80% sure gives way to the number.

    "All" is said bare only where everybody asked answered.

    Examples
    --------
    >>> who_agreed("almost all", 118, 125, 0.97, 156)
    'almost all respondents'
    >>> who_agreed("majority", 52, 104, 0.51, 156)
    '52 of 104 respondents'
    >>> who_agreed("all", 112, 112, 0.6, 156)
    'all 112 who answered'
    """
    if agreeing in (0, answered):
        number = f"{answered:,} {'asked' if answered == asked else 'who answered'}"
        return f"all {number}" if agreeing else f"none of the {number}"
    return sentences.people(word) if sureness >= SURE else f"{agreeing:,} of {answered:,} respondents"


def answerable(about: "Mapping[Any, Any]") -> Sentence | None:
    """Who answers for a report, when it was written, and how to reach them; None where nobody is named."""
    parts = [
        about["author"] and f"Author: {about['author']}",
        about["contact"] and f"Contact: {about['contact']}",
        about["written_on"] and f"Written on {sentences.date(about['written_on'])}",
    ]
    text = ". ".join(str(part) for part in parts if part)
    return Sentence("main-author", f"{text}.") if text else None


def by_scale(frame: "pd.DataFrame") -> "list[pd.DataFrame]":
    """The parts of a frame whose statements are answered on one scale, each with it in `attrs["scale"]`."""
    parts = []
    for code, (scale, about) in frame.attrs.get("scales", {}).items():
        rows = frame[frame["scale"] == code] if "scale" in frame else frame.copy()
        rows.attrs = frame.attrs | about | {"scale": scale}
        parts.append(rows)
    return parts or [frame]


def scale_of(frame: "pd.DataFrame") -> "Scale":
    """The scale of a part of a frame."""
    return cast("Scale", frame.attrs["scale"])


class Pieces(list[Any]):
    """Pieces of a section; the last line of a cell shows each."""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for piece in self:
            display(piece)  # type: ignore[no-untyped-call]


def of_each_scale(
    make: "Callable[Concatenate[pd.DataFrame, P], Iterable[Piece] | Piece | None]",
) -> "Callable[Concatenate[pd.DataFrame, P], list[Any]]":
    """The pieces that `make` gives for each scale of a frame; of several scales, keys of the second end in its code.

    What says `words` begins each of several scales with a sentence on which statements follow.
    """

    @wraps(make)
    def each(frame: "pd.DataFrame", *given: P.args, **named: P.kwargs) -> list[Any]:
        parts = by_scale(frame)
        made = [flatten([make(rows, *given, **named)]) for rows in parts]
        texts = {tuple(getattr(piece, "text", id(piece)) for piece in own) for own in made}
        if len(texts) == 1:  # what holds of every scale is said once
            return Pieces(made[0])
        pieces = Pieces()
        for place, (rows, own) in enumerate(zip(parts, made, strict=True)):
            suffix = f"-{scale_of(rows).code}" if place else ""
            first = [_of_scale(rows, own[0].key)] if own and make.__name__ == "words" else []
            pieces += [replace(piece, key=f"{piece.key}{suffix}") for piece in (*first, *own)]
        return pieces

    return cast("Callable[Concatenate[pd.DataFrame, P], list[Any]]", each)


def _of_scale(rows: "pd.DataFrame", key: str) -> Sentence:
    """Which statements the sentences after it are on, where there are several scales."""
    scale = scale_of(rows)
    favourable = sentences.listed((f"“{answer}”" for answer in scale.favourable), "or")
    text = f"On {scale.measure}, asked from “{scale.answers[0]}” to “{scale.answers[-1]}”; a share counts {favourable}."
    return Sentence(f"{key}-scale", text)


def nothing_in(frame: "pd.DataFrame") -> bool:
    """Whether a frame has no rows.

    Raises
    ------
    InputError
        If the frame is exact and a run is recorded: what is said of it would be published.
    """
    if getattr(frame, "exact", None) and recording() is not None:
        message = "This frame is exact, and this notebook is run to make a report."
        fix = "Ask the evidence for the frame without exact=True."
        refuse("CANNOT SHOW THIS", "exact-frame", message, fix=fix)
    return frame.empty


def missing(frame: "pd.DataFrame", key: str) -> list[Sentence]:
    """What is missing where there are no rows; nothing where there are some. `ci-eval check` says how to supply it."""
    if not nothing_in(frame) or frame.attrs.get("absent"):
        return []
    return [Sentence(key, frame.attrs.get("missing", NO_ROW_LEFT)[0], level="missing")]


def without_zeros(frame: "pd.DataFrame", *columns: str) -> "pd.DataFrame":
    """The frame with nothing in place of 0 people: answers of too few to show are taken out, and may not be none."""
    return frame.assign(**{column: frame[column].where(frame[column] > 0) for column in columns})


def level_of(frame: "pd.DataFrame") -> str:
    """The level of the frame's intervals: ``95%``."""
    return f"{100 * frame.attrs['level']:g}%"
