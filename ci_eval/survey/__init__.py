"""From an untrusted survey export to responses and a record of how every row was used."""

from .again import loaded_before
from .coded import Coding, load_codes
from .exports import RawExport, read
from .quotations import Quotations, load_quotations
from .record import LoadRecord, Responses
from .responses import load
from .settings import Limits, SurveySettings

__all__ = [
    "Coding",
    "Limits",
    "LoadRecord",
    "Quotations",
    "RawExport",
    "Responses",
    "SurveySettings",
    "load",
    "load_codes",
    "load_quotations",
    "loaded_before",
    "read",
]
