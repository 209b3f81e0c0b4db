"""Drafts from anybody: their paragraphs, and nothing that grows, points elsewhere or steers a terminal."""

import zipfile
from pathlib import Path

import pytest
from docx import Document

from ci_eval.inputs import prose
from ci_eval.inputs.problems import InputError

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(tmp_path: Path, body: str, head: str = "") -> Path:
    file = tmp_path / "draft.docx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<?xml version='1.0'?>{head}<w:document {WORD}>{body}</w:document>"
        )
    return file


def text(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def test_a_word_documents_paragraphs_and_cells_come_in_their_order(tmp_path: Path) -> None:
    made = Document()
    made.add_heading("Findings", 1)
    paragraph = made.add_paragraph("Most ")
    paragraph.add_run("agreed").bold = True
    made.add_table(1, 2).rows[0].cells[1].text = "94%"
    made.save(tmp_path / "draft.docx")
    assert prose.paragraphs(tmp_path / "draft.docx") == ["Findings", "Most agreed", "94%"]


def test_deleted_and_repeated_text_is_left_out(tmp_path: Path) -> None:
    body = text("Kept") + (
        "<w:p><w:del><w:r><w:delText>Deleted</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>Moved</w:t></w:r></w:moveFrom><w:r><w:instrText>FIELD</w:instrText></w:r>"
        "<w:r><w:t>One</w:t><w:tab/><w:t>two</w:t></w:r></w:p>"
    )
    assert prose.paragraphs(document(tmp_path, body)) == ["Kept", "One two"]


def test_markdown_loses_its_marks_and_code(tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text(
        "# Head\n\nMost **agreed** ([94%](https://example.org)).\n- one\n- two\n\n```\n99%\n```\n<!-- 12% -->\x1b[31mred",
        encoding="utf-8",
    )
    assert prose.paragraphs(file) == ["Head", "Most agreed (94%).", "one", "two", "red"]


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE w:document>",
        '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_declared_entity_is_refused(tmp_path: Path, head: str) -> None:
    with pytest.raises(InputError, match="declares a type or an entity"):
        prose.paragraphs(document(tmp_path, text("&x;") if "SYSTEM" in head else text("A"), head))


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prose, "LIMITS", prose.Limits(unpacked_bytes=2_000_000))
    with pytest.raises(InputError, match="unpacks to more than 2,000,000"):
        prose.paragraphs(document(tmp_path, " " * 3_000_000))


def test_too_much_text_and_too_deep_elements_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="within one another"):
        prose.paragraphs(document(tmp_path, "<w:a>" * 600 + "</w:a>" * 600))
    monkeypatch.setattr(prose, "MOST_CHARACTERS", 100)
    with pytest.raises(InputError, match="characters of text"):
        prose.paragraphs(document(tmp_path, text("a" * 101)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04" + b"\0" * 50, "damaged"),
        (b"%PDF-1.7", "a PDF document"),
        (b"caf\xe9", "not UTF-8"),
        (b"", "empty"),
    ],
)
def test_another_file_is_refused_by_what_it_is(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "draft.docx"
    file.write_bytes(content)
    with pytest.raises(InputError, match=message):
        prose.paragraphs(file)


def test_broken_xml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not well formed"):
        prose.paragraphs(document(tmp_path, "<w:p>"))
