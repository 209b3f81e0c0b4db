"""From an untrusted survey export to responses and a record of how every row was used."""

from .exports import RawExport, read
from .record import LoadRecord, Responses
from .responses import load
from .settings import Limits, SurveySettings

__all__ = ["Limits", "LoadRecord", "RawExport", "Responses", "SurveySettings", "load", "read"]
