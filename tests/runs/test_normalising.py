"""An executed notebook without what differs between two equal runs."""

from pathlib import Path

from ci_eval.runs.normalising import INJECTED, normalise

WORK = Path("/srv/workbook/outputs/.work-1")
PATHS = {WORK: "OUTPUT", Path("/srv/workbook"): "WORKBOOK", Path("/"): "ROOT", Path("/root"): "HOME"}


def executed(*outputs, **cell):
    code = {"id": "x", "cell_type": "code", "metadata": {}, "source": "1", "outputs": list(outputs)} | cell
    return {
        "metadata": {"papermill": {"duration": 1.5}, "language_info": {"version": "3.11.7"}},
        "cells": [code],
    }


def text_of(text):
    notebook = executed({"output_type": "stream", "name": "stdout", "text": text})
    normalise(notebook, PATHS)
    return notebook["cells"][0]["outputs"][0]["text"]


def test_timings_go_and_tags_of_the_author_stay():
    notebook = executed(metadata={"papermill": {"start_time": "now"}, "execution": {}, "tags": ["hide"]})
    normalise(notebook, PATHS)
    assert notebook["metadata"] == {"language_info": {}}
    assert notebook["cells"][0]["metadata"] == {"tags": ["hide"]}


def test_paths_of_the_machine_become_words_the_longest_first():
    assert text_of(f"{WORK}/figures/a.svg") == "OUTPUT/figures/a.svg"
    assert text_of("in /srv/workbook: 'x'") == "in WORKBOOK: 'x'"


def test_a_path_is_replaced_as_a_whole_name_only():
    assert (
        text_of("/srv/workbook2 /srv/workbook-old x/srv/workbook")
        == "/srv/workbook2 /srv/workbook-old x/srv/workbook"
    )


def test_a_folder_of_one_name_is_not_taken_for_a_path():
    assert text_of("/root and / and a/b") == "/root and / and a/b"


def test_addresses_and_the_kernels_cell_files_go():
    assert text_of("<object object at 0x7f1c0ffee123>") == "<object object at 0x…>"
    assert text_of("C:\\Temp\\ipykernel_123\\456.py:3: UserWarning") == "CELL:3: UserWarning"


def test_an_image_is_left_alone_and_svg_is_text():
    png = "/srv/workbook"
    notebook = executed({"output_type": "display_data", "data": {"image/png": png, "image/svg+xml": png}})
    normalise(notebook, PATHS)
    assert notebook["cells"][0]["outputs"][0]["data"] == {"image/png": png, "image/svg+xml": "WORKBOOK"}


def test_text_inside_structured_output_is_text_too():
    notebook = executed(
        {"output_type": "execute_result", "data": {"application/json": {"at": [str(WORK), 1]}}}
    )
    normalise(notebook, PATHS)
    assert notebook["cells"][0]["outputs"][0]["data"] == {"application/json": {"at": ["OUTPUT", 1]}}


def test_the_injected_cell_shows_the_parameters_without_folders_of_the_machine():
    notebook = executed(metadata={"tags": [INJECTED]}, source=f"output = {str(WORK)!r}")
    normalise(notebook, PATHS, {"period": "2021-22", "output": ""})
    (cell,) = notebook["cells"]
    assert cell["source"] == "# Parameters of this run\nperiod = '2021-22'\noutput = ''"
    assert cell["id"] == INJECTED
