"""What a workbook's own properties say of its making; who made it stays in the file.

Authors are people. Only whether somebody other than the survey tool saved the workbook again leaves here.
"""

import datetime as dt
import re

_PART = re.compile(r"<(?:\w+:)?(creator|lastModifiedBy|created|modified)\b[^<>]*>([^<]{0,200})<")
_LONGER = dt.timedelta(minutes=1)  # between making and saving by a program that does both at once


def saved_again(core: str) -> bool:
    """Whether the properties (``docProps/core.xml``) name another last author, or a later saving."""
    parts = dict(_PART.findall(core))
    last = parts.get("lastModifiedBy", "").strip()
    if last and last != parts.get("creator", "").strip():
        return True
    try:
        made, saved = (dt.datetime.fromisoformat(parts[name].strip()) for name in ("created", "modified"))
        return saved - made > _LONGER
    except (KeyError, ValueError, TypeError, OverflowError):
        return False
