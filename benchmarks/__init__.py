"""How long the workbook takes, as ratios against a peer timed on the same machine in the same minute.

Run ``python -m benchmarks`` or ``make bench``. A benchmark is a module with ``run() -> list[Ratio]``, named in
``benchmarks.__main__``.
"""
