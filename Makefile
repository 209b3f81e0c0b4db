# One place for every command: laptop, schedule and CI run the same lines.
# `make report` needs Python 3.11+ and make; everything else is put into .venv.
PYTHON ?= python3
PERIOD ?= 2021-22
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
HASHED := $(PIP) --require-hashes --requirement
SETUPTOOLS := setuptools>=77
UV := uv pip compile pyproject.toml - --python-version 3.11 --universal --no-annotate --no-header --quiet

# A file stays with its worker, for its fixtures, and the longest files come first (tests/conftest.py).
SPREAD := -n logical --dist loadfile --no-loadscope-reorder
ALL := --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg tests ci_eval notebooks  # one start for all tests
# Hundreds of kernels and commands start in the tests: none compiles the library for itself alone.
test fast campaign: export PYTHONDONTWRITEBYTECODE :=

.PHONY: report help docs pictures test fast campaign lab check bench clean notebooks example constraints

report: .venv/run              ## make the interim report of PERIOD from the data in data/evaluation.toml
	$(BIN)/ci-eval run --period $(PERIOD)

help:                          ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: .venv/test               ## every check: lint, types, unit, notebooks, end-to-end and browser tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy & types=$$!; $(BIN)/pytest $(SPREAD) -m "slow or not slow" $(ALL) && wait $$types

fast: .venv/test               ## the tests to run while working
	$(BIN)/pytest -n logical -x

campaign: .venv/test           ## fuzzing, kills and simulations at full length; writes docs/campaigns.md
	CI_EVAL_CAMPAIGN=whole $(BIN)/pytest $(SPREAD) -m campaign

lab: .venv/lab                 ## JupyterLab in the workbook's folder, with your own copies of the notebooks in work/
	$(BIN)/python -m ci_eval.runs.working_copies
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/work/interim_evaluation.ipynb

check: .venv/run               ## check every input without running anything
	$(BIN)/ci-eval check

bench: .venv/test              ## ratios, measured here and now
	$(BIN)/python -m benchmarks

notebooks: .venv/run           ## make the outputs stored in the notebooks again, from the example data
	$(BIN)/python -m ci_eval.runs.stored_outputs

docs: .venv/docs               ## the guide as a site in build/site, from pages and stored notebooks
	$(BIN)/python -m sphinx -q -W --keep-going -c docs -b html . build/site

pictures: report              ## the picture of the example's report in README (needs chromium)
	$(BIN)/python docs/pictures.py

example: .venv/run             ## write the invented example data again
	$(BIN)/python data/example/generate.py

constraints:                   ## choose the newest versions again (needs uv)
	echo '$(SETUPTOOLS)' | $(UV) --all-extras --upgrade -o constraints.new
	(echo "# Exact versions the project is tested with; made by 'make constraints', never by hand."; grep -v '^-' constraints.new) > constraints.txt
	rm constraints.new
	for group in run test lab docs; do extra=$${group#run}; echo '$(SETUPTOOLS)' | \
	    $(UV) $${extra:+--extra $$extra} --generate-hashes --constraint constraints.txt -o requirements/$$group.txt; done

clean:                         ## remove what can be made again; outputs/ is kept
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache build *.egg-info

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python pyproject.toml requirements/run.txt
	$(HASHED) requirements/run.txt
	$(PIP) --no-build-isolation --editable .
	@touch $@

.venv/test: .venv/run requirements/test.txt
	$(HASHED) requirements/test.txt
	@touch $@

.venv/lab: .venv/run requirements/lab.txt
	$(HASHED) requirements/lab.txt
	@touch $@

.venv/docs: .venv/run requirements/docs.txt
	$(HASHED) requirements/docs.txt
	@touch $@
