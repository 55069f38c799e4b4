# make demo   reads the papers of samples/ into a graph and asks it questions
# make serve  opens the workbench on the papers of samples/
# make test   runs every test and says what they cover
# make check  lint, form, types, and that the compiled catalogue is up to date
# make docs   the documentation as a site, in build/site
# make bench  measures speed and memory, in one table; `make measures` more of each part
# Each sets up .venv first, `make demo` with what it needs alone. Nothing outside this folder is changed, but for the
# programs that `make test` installs where it is root on Debian; it says so first.

PYTHON ?= python3
BIN := .venv/bin
DEMO := demo
# How many papers `make bench` builds a graph of (the first number), and `make measures`, each number in a process of its own.
PAPERS := 1000 10000
# How many tasks the graph has that `make measures` loads into Neo4j and exports.
TASKS := 20000
# How many literals with Chinese words the code may have.
LITERALS := 0
# How many processes `make test` shares the tests among.
WORKERS := 2
# So many times as many random examples are tried as in an ordinary run.
EFFORT := 1

# Packages by their hashes, from wheels alone; then the package itself, linked to this folder.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
LOCKED := $(PIP) --only-binary :all: --require-hashes --requirement
LINKED := $(PIP) --no-deps --no-build-isolation --editable .

.PHONY: demo serve test check docs bench measures catalogue readme pictures constraints clean system mutants
.DEFAULT_GOAL := demo

# What the demo needs is the first section of constraints.txt.
.venv/demo: constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Zhengling needs Python 3.11 or later: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { sh .ci/system venv && $(PYTHON) -m venv --clear .venv; }
	@sed '/^# all:/,$$d' constraints.txt >.venv/demo.txt
	$(LOCKED) .venv/demo.txt
	$(LINKED)
	@touch $@

.venv/ready: .venv/demo
	$(LOCKED) constraints.txt
	$(LINKED)
	@touch $@

demo: .venv/demo
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@set -e; z() { printf '\n$$ zhengling'; printf ' %s' "$$@"; printf '\n'; $(BIN)/zhengling "$$@"; }; \
	  z build samples --workspace $(DEMO)/workspace; \
	  z query unit-workload --set limit=8 --workspace $(DEMO)/workspace; \
	  z trace 探访关爱 --workspace $(DEMO)/workspace; \
	  z query citation-conflicts --workspace $(DEMO)/workspace; \
	  z check --workspace $(DEMO)/workspace; \
	  z export --format xlsx --out $(DEMO)/ledger.xlsx --workspace $(DEMO)/workspace; \
	  z view --out $(DEMO)/graph.html --workspace $(DEMO)/workspace
	@printf '\nOpen in a browser:       %s\nOpen in a spreadsheet:   %s\nAsk something else:      %s\nIn the workbench:        %s\n' \
	  '$(CURDIR)/$(DEMO)/graph.html' '$(CURDIR)/$(DEMO)/ledger.xlsx' '$(BIN)/zhengling queries --workspace $(DEMO)/workspace' \
	  'make serve, then http://127.0.0.1:8421/'

# The workbench on the samples; what it stands on comes with the packages for work.
serve: .venv/ready
	@test -d $(DEMO)/workspace/records || { mkdir -p $(DEMO) && $(BIN)/zhengling build samples --workspace $(DEMO)/workspace; }
	$(BIN)/zhengling serve --workspace $(DEMO)/workspace

test: .venv/ready system
	@mkdir -p build
	ZHENGLING_EFFORT=$(EFFORT) $(BIN)/python -m slipcover --source app,extractors,graph,queries --json --out build/coverage.json \
	  -m pytest --numprocesses $(WORKERS) --dist loadgroup --max-worker-restart 0 $(TESTS)

# What the tests need beside Python: a browser and a Chinese font for the pictures, Java and Maven for Neo4j.
system:
	@sh .ci/system test

check: .venv/ready
	$(BIN)/ruff check .
	@# No module imports what another one keeps to itself; what reads patterns reads those of the standard library, what tries mutants runs inside pytest.
	$(BIN)/ruff check --preview --select PLC2701 --exclude tests,extractors/words/needs.py,benchmarks/patterns.py,benchmarks/mutation .
	$(BIN)/ruff format --check .
	@mkdir -p build/layout && ln -sfn ../.. build/layout/zhengling
	$(BIN)/pyrefly check
	@PYTHONPATH=build/layout $(BIN)/lint-imports --no-cache >build/imports.txt || { cat build/imports.txt; exit 1; }
	$(BIN)/python .ci/literals.py --most $(LITERALS)
	$(BIN)/python .ci/names.py
	PYTHONPATH=build/layout $(BIN)/python benchmarks/patterns.py
	$(BIN)/python -m pytest --quiet tests/test_messages.py

docs: .venv/ready
	$(BIN)/python .ci/pages.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --config-file mkdocs.zh.yml
	@echo 'Open in a browser: $(CURDIR)/build/site/index.html'
	@echo 'or with search:    $(BIN)/python -m http.server --bind 127.0.0.1 --directory build/site'

bench: .venv/ready
	@mkdir -p build/layout && ln -sfn ../.. build/layout/zhengling
	@PYTHONPATH=build/layout $(BIN)/python benchmarks/table.py $(firstword $(PAPERS))

measures: .venv/ready
	$(BIN)/python benchmarks/read.py
	$(BIN)/python benchmarks/readers.py
	$(BIN)/python benchmarks/jobs.py
	$(BIN)/python benchmarks/build.py $(PAPERS)
	$(BIN)/python benchmarks/load.py $(TASKS)
	$(BIN)/python benchmarks/exports.py $(TASKS)
	$(BIN)/python benchmarks/workbench.py $(lastword $(PAPERS))
	$(BIN)/python benchmarks/crowd.py
	PYTHONPATH=build/layout $(BIN)/python benchmarks/scale.py $(PAPERS)

# The pictures of the workbench in README and docs, after a change of how it looks
pictures: .venv/ready
	$(BIN)/python .ci/pictures.py

# How many small faults of the code the tests notice: SAMPLE of each module, 0 for all. Slow at first, when it is
# measured which tests run which lines; then a second or less for each that is new.
SAMPLE := 12
mutants: .venv/ready
	@# What tells which tests run which lines, and only the operators of mutmut: what else it needs (a screen of its own) is not wanted.
	$(PIP) --only-binary :all: --no-deps 'mutmut==3.8.1' 'libcst==1.9.0' 'coverage==7.17.5'
	$(BIN)/python benchmarks/mutants.py --sample $(SAMPLE) $(ROOMS)

# After a change in app/locale/*/LC_MESSAGES/zhengling.po
catalogue: .venv/ready
	$(BIN)/pybabel --quiet compile --directory app/locale --domain zhengling

# After a change of what the commands of the README print, or of the headers of questions
readme: .venv/ready
	ZHENGLING_README=write $(BIN)/python -m pytest --quiet tests/test_cli.py tests/test_docs.py -k "readme or table_of_questions"

# After a change of dependencies in pyproject.toml; needs uv, nothing else here does.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header
constraints:
	$(COMPILE) --all-extras --group test --group check --group docs --generate-hashes --no-emit-index-url \
	  --no-emit-find-links $(UPGRADE) --output-file constraints.txt pyproject.toml
	@mkdir -p build
	$(COMPILE) --extra view --extra xlsx --constraint constraints.txt --output-file build/demo.txt pyproject.toml
	$(COMPILE) --extra all --constraint constraints.txt --output-file build/all.txt pyproject.toml
	$(PYTHON) .ci/sections.py build/demo.txt build/all.txt

clean:
	rm -rf .venv build dist demo *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
