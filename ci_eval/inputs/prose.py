"""The paragraphs of a draft: a Word document or a Markdown text from anybody, read without trusting it.

Nothing in it is run, fetched or looked up. A Word document is a zip archive of XML that can unpack to gigabytes or declare
entities that grow: its parts are measured while they are unpacked, and one that declares a type or an entity is refused.
"""

import re
import zipfile
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from ci_eval.inputs import personal_data
from ci_eval.inputs.archive import DAMAGED, unpacked
from ci_eval.inputs.files import DOCUMENT_PART, Limits, OpenFile, open_file
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import printable

LIMITS = Limits(file_bytes=50_000_000, unpacked_bytes=100_000_000)
MOST_CHARACTERS = 2_000_000  # of text in all
DEEPEST = 500  # elements within one another
AGAIN = "Save the draft again as .docx or .md."
_PARTS = (DOCUMENT_PART, "word/footnotes.xml", "word/endnotes.xml")
_WORD = ("wordprocessingml",)
_LEFT_OUT = ("Fallback", "moveFrom")  # text that stands in the document a second time
_SPACES = re.compile(r"\s+")
_FENCED = re.compile(r"^(```|~~~).*?^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>\n]{0,500}>", re.DOTALL)
_LINKS = re.compile(r"!?\[([^\]\n]{0,2000})\]\([^()\n]{0,2000}\)")
_MARKS = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|[-*+>][ \t]+|\d{1,3}[.)][ \t]+)+", re.MULTILINE)
_BREAK = re.compile(r"\n[ \t]*(?:\n|(?=[-*+>|#][ \t|])|(?=\d{1,3}[.)][ \t]))")


def paragraphs(path: str | Path) -> list[str]:
    """The paragraphs of a .docx, .md or text file in their order, notes last, as safe text on one line each.

    Examples
    --------
    ``paragraphs("draft.docx")`` gives one text a paragraph and cell of a table; deleted and moved text is left out.

    Raises
    ------
    InputError
        For a file that is missing, of another kind, damaged, protected, or larger than `LIMITS` once unpacked; for
        text that is no UTF-8; for XML that declares a type or an entity, or lies deeper than `DEEPEST`.
    """
    name = personal_data.name(Path(path).name) or "the draft"
    findings = Findings(name, f"CANNOT READ {name}: nothing was checked")
    with open_file(path, LIMITS, ("document", "text"), AGAIN, findings) as source:
        data = source.from_start().readall()
        texts = _of_word(source, data) if source.kind == "document" else _of_markdown(source, data)
    lines = (_SPACES.sub(" ", printable(text)).strip() for text in texts)
    return [line for line in lines if line]


def _of_word(source: OpenFile, data: bytes) -> list[str]:
    import io

    texts: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            left = LIMITS.unpacked_bytes
            for member in archive.infolist():
                if member.filename not in _PARTS:
                    continue
                reader = _Paragraphs(source, texts)
                for block in unpacked(source, data, member):
                    left -= len(block)
                    if left < 0:
                        _too_large(source, f"unpacks to more than {LIMITS.unpacked_bytes:,} bytes")
                    reader.take(block)
                reader.take(b"", last=True)
    except DAMAGED:
        source.refuse("broken-document", f"{source.name} is a damaged Word document.")
    return texts


class _Paragraphs:
    """Reads the XML of a part as it is unpacked, and adds each paragraph when it ends."""

    def __init__(self, source: OpenFile, texts: list[str]) -> None:
        self.source, self.texts = source, texts
        self.open: list[list[str]] = []  # a paragraph may hold another, in a box of text
        self.depth = self.left_out = self.characters = 0
        self.in_text = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._declared

    def take(self, block: bytes, last: bool = False) -> None:
        try:
            self.parser.Parse(block, last)
        except expat.ExpatError:
            self.source.refuse("broken-document", f"{self.source.name} holds XML that is not well formed.")

    def _declared(self, *_: object) -> NoReturn:
        message = f"{self.source.name} declares a type or an entity, which no office program writes."
        self.source.refuse("declared-entity", message)

    def _start(self, name: str, _: object) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            _too_large(self.source, f"holds more than {DEEPEST} elements within one another")
        kind = name.rpartition(" ")[2]
        if kind in _LEFT_OUT or self.left_out:
            self.left_out += 1
        elif kind == "p" and _is_word(name):
            self.open.append([])
        elif _is_word(name):
            self.in_text = kind == "t"
            if kind in ("tab", "br", "cr") and self.open:
                self.open[-1].append(" ")
            if kind == "noBreakHyphen" and self.open:
                self.open[-1].append("-")

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self.left_out:
            self.left_out -= 1
        elif name.rpartition(" ")[2] == "p" and _is_word(name) and self.open:
            self.texts.append("".join(self.open.pop()))
        self.in_text = False

    def _text(self, text: str) -> None:
        if self.in_text and not self.left_out and self.open:
            self.characters += len(text)
            if self.characters > MOST_CHARACTERS:
                _too_large(self.source, f"has more than {MOST_CHARACTERS:,} characters of text")
            self.open[-1].append(text)


def _is_word(name: str) -> bool:
    return any(part in name.rpartition(" ")[0] for part in _WORD)


def _too_large(source: OpenFile, what: str) -> NoReturn:
    source.refuse("draft-too-large", f"{source.name} {what}.", "Give the draft in parts.")


def _of_markdown(source: OpenFile, data: bytes) -> list[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{source.name} is not UTF-8 text (byte {error.start + 1:,})."
        source.refuse("not-utf8", message, "Save it again as UTF-8.")
    if len(text) > MOST_CHARACTERS:
        _too_large(source, f"has more than {MOST_CHARACTERS:,} characters of text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _LINKS.sub(r"\1", _HIDDEN.sub(" ", _FENCED.sub("", text)))
    blocks = (_MARKS.sub("", block) for block in _BREAK.split(text))
    return [
        re.sub(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|\|", " ", block).replace("  ", " ") for block in blocks
    ]
