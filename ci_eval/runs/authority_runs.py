"""Which authorities and focus a notebook is run for: one authority by any of its names, or every one."""

from pathlib import Path

from ci_eval import programme
from ci_eval.evidence.authority_opening import measure_of


def chosen(
    folder: Path, *, authority: str = "", focus: str = "", every: bool = False
) -> dict[str, dict[str, object]]:
    """A title for each run and its parameters; "" for an authority or a focus takes the notebook's own.

    Raises
    ------
    InputError
        If the authority or the focus is not known, with the nearest names, or the facts in `folder` cannot be used.
    """
    councils = programme.load_councils(folder)
    if focus:
        measure_of(focus, programme.load_focus_outcomes(folder))
    same: dict[str, object] = {"focus": focus} if focus else {}
    if every:
        names = [council.short_name for council in councils.by_code.values()]
        return {name: same | {"local_authority": name} for name in names}
    if authority:
        same["local_authority"] = councils.short_name(councils.find(authority, "--local-authority"))
    return {focus or authority: same}
