"""A quick start: what an import would do for about a second and nobody here needs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast

# jsonschema, where JupyterLab is installed, builds a grammar of international addresses from this module.
_GRAMMAR = "rfc3987_syntax"


@contextmanager
def quick_import() -> Iterator[None]:
    """Import papermill or nbformat inside this block: jsonschema then does without that grammar."""
    absent = _GRAMMAR not in sys.modules
    if absent:
        sys.modules[_GRAMMAR] = cast(ModuleType, None)
    try:
        yield
    finally:
        if absent:
            del sys.modules[_GRAMMAR]
