"""Helper library of the Collaborative Improvement evaluation workbook.

In this project CI means Collaborative Improvement. Rooms, each importing only those before it: inputs, programme, survey,
outcomes, agreement, impact, settings, report, evidence, sections, runs, cli (docs/decisions/0008-rooms.md).
"""

__version__ = "0.1.0"

ROOMS = (
    "inputs", "programme", "survey", "outcomes", "agreement", "impact", "settings", "report", "evidence", "sections",
    "runs", "cli",
)  # fmt: skip


def __getattr__(name: str) -> object:
    """A room, imported when it is first asked for: ``ci_eval.agreement.word``."""
    if name in ROOMS:
        from importlib import import_module

        return import_module(f"ci_eval.{name}")
    raise AttributeError(f"ci_eval has no {name}; its rooms are {', '.join(ROOMS)}")


def __dir__() -> list[str]:
    return [*ROOMS, "__version__"]
