"""What the planned comparison cannot show, and what the page was made from."""

from ci_eval.report import sentences
from ci_eval.report.book import Piece
from ci_eval.report.impact.evidence import ImpactEvidence
from ci_eval.report.pieces import Column, Sentence, Table


def plan_limits(evidence: ImpactEvidence) -> list[Piece]:
    """What no result of this plan will carry, before anybody knows the result."""
    uncertain = int((~evidence.exposure(evidence.plan.primary).certain).sum())
    text = (
        "Authorities took their turns by agreement, so that hosts of the first year may have been readier to change than "
        "others; the checks above can find differences that are measured, and no others. Everybody is to be a host in "
        "the end, so that the comparison ends when the last are exposed, and nothing can be said of effects that need "
        "longer than that.\n\n"
        "The years before exposure include the closure of schools. The year without a collection falls between the years "
        "compared for trends, and authorities may have recovered from the closures at paces of their own.\n\n"
        "Attainment is judged by teachers and reported by authorities. An engagement that changes how teachers judge "
        "changes the numbers, whether or not learners know more."
    )
    pieces: list[Piece] = [Sentence("limits", text, level="warning")]
    if uncertain:
        pieces.append(
            Sentence(
                "limits-dates",
                f"For {sentences.count(uncertain, 'authority', 'authorities')} the register does not settle which "
                "collection was the first exposed. They are compared with others only while it is certain that they were "
                "not exposed. Dates entered into the register would allow more comparisons.",
                {"dates_not_certain": uncertain},
            )
        )
    return pieces


def provenance(evidence: ImpactEvidence) -> list[Piece]:
    """Every input with its checksum; manifest.json beside the page holds the rest."""
    import pandas as pd

    from ci_eval import __version__

    frame = pd.DataFrame(evidence.inputs, columns=["file", "sha256"])
    text = (
        f"Made by ci_eval {__version__} from the {sentences.count(len(frame), 'file')} below. The manifest beside this "
        "page holds library versions, commit, times and the checksum of every output."
    )
    columns = (Column("file", "File"), Column("sha256", "SHA-256"))
    return [
        Sentence("provenance", text, {"inputs": len(frame)}),
        Table("inputs", "Inputs and their checksums", frame, columns),
    ]
