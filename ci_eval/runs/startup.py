"""A quick start: what an import would do for about a second and nobody here needs."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import ModuleType
from typing import cast

# jsonschema, where JupyterLab is installed, builds a grammar of international addresses from this module.
_GRAMMAR = "rfc3987_syntax"


def quick_import() -> AbstractContextManager[None]:
    """Import papermill or nbformat inside this block: jsonschema then does without that grammar."""
    return without(_GRAMMAR)


@contextmanager
def without(module: str) -> Iterator[None]:
    """Inside this block importing the module fails, unless it is loaded already; afterwards it works again."""
    absent = module not in sys.modules
    if absent:
        sys.modules[module] = cast(ModuleType, None)
    try:
        yield
    finally:
        if absent:
            del sys.modules[module]
