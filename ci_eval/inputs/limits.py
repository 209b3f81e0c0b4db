"""The largest file that is read; anything above is refused before it can fill the memory."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The largest export that is read; anything above is refused before it can fill the memory.

    Attributes
    ----------
    file_bytes : size of the file on disk, in bytes
    unpacked_bytes : size of a workbook after unpacking, in bytes (a workbook is a zip archive)
    rows, columns : of one sheet or table
    cells : rows times columns of one workbook sheet, which is held as a full rectangle
    cell_characters : length of one cell; Excel itself stops at 32,767
    """

    file_bytes: int = 2 * 1024**3
    unpacked_bytes: int = 1024**3
    rows: int = 2_000_000
    columns: int = 2_000
    cells: int = 20_000_000
    cell_characters: int = 100_000
