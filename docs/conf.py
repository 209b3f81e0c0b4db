"""The guide as a site: `make docs`. Nothing is fetched, no notebook is executed (docs/decisions/0015-guide.md)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

project = "Collaborative Improvement evaluation workbook"
language = "en"
root_doc = "docs/index"
extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc"]
include_patterns = [
    "docs/**", "notebooks/*.ipynb", "README.md", "GLOSSARY.md", "CONTRIBUTING.md", "data/example/README.md",
]  # fmt: skip
exclude_patterns = [".*", "build", "outputs", "work", "tests", "ci_eval", "data/private", "data/programme"]
html_theme = "alabaster"
html_theme_options = {
    "fixed_sidebar": True,
    "page_width": "1180px",
    "font_family": "Verdana, 'DejaVu Sans', sans-serif",
}
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}
html_static_path = ["static"]
html_css_files = ["guide.css"]
html_copy_source = html_show_sphinx = html_show_copyright = False
nb_execution_mode = "off"
nb_merge_streams = True
myst_heading_anchors = 5
autodoc_typehints = "none"
numpydoc_show_class_members = False
