# make demo   reads the papers of samples/ into a graph and asks it questions
# make test   runs every test
# make check  lint, form, types, and that the compiled catalogue is up to date
# make bench  measures speed and memory
# Each sets up .venv first; nothing outside this folder is changed, but for the browser and the font of `make test`.

PYTHON ?= python3
BIN := .venv/bin
DEMO := demo
# How many papers `make bench` builds a graph of, each number in a process of its own.
PAPERS := 1000 10000
# How many tasks the graph has that `make bench` loads into Neo4j and exports.
TASKS := 20000
# How many processes `make test` shares the tests among.
WORKERS := 2

.PHONY: demo test check bench catalogue readme constraints clean system
.DEFAULT_GOAL := demo

# Everything by its hash, from wheels alone; then the package itself, linked to this folder.
.venv/ready: constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Zhengling needs Python 3.11 or later: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { sh .ci/system venv && $(PYTHON) -m venv --clear .venv; }
	$(BIN)/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: .venv/ready
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@set -e; z() { printf '\n$$ zhengling'; printf ' %s' "$$@"; printf '\n'; $(BIN)/zhengling "$$@"; }; \
	  z build samples --workspace $(DEMO)/workspace; \
	  z query unit-workload --set limit=8 --workspace $(DEMO)/workspace; \
	  z trace 探访关爱 --workspace $(DEMO)/workspace; \
	  z query citation-conflicts --workspace $(DEMO)/workspace; \
	  z check --workspace $(DEMO)/workspace; \
	  z export --format xlsx --out $(DEMO)/ledger.xlsx --workspace $(DEMO)/workspace; \
	  z view --out $(DEMO)/graph.html --workspace $(DEMO)/workspace

test: .venv/ready system
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(TESTS)

# What the tests need beside Python: a browser and a Chinese font for the pictures, Java and Maven for Neo4j.
system:
	@sh .ci/system test

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p build/layout && ln -sfn ../.. build/layout/zhengling
	$(BIN)/pyrefly check
	$(BIN)/python -m pytest --quiet tests/test_messages.py

bench: .venv/ready
	$(BIN)/python benchmarks/read.py
	$(BIN)/python benchmarks/readers.py
	$(BIN)/python benchmarks/build.py $(PAPERS)
	$(BIN)/python benchmarks/load.py $(TASKS)
	$(BIN)/python benchmarks/exports.py $(TASKS)

# After a change in app/locale/*/LC_MESSAGES/zhengling.po
catalogue: .venv/ready
	$(BIN)/pybabel --quiet compile --directory app/locale --domain zhengling

# After a change of what the commands of the README print
readme: .venv/ready
	ZHENGLING_README=write $(BIN)/python -m pytest --quiet tests/test_cli.py -k readme

# After a change of dependencies in pyproject.toml; needs uv, nothing else here does.
constraints:
	uv pip compile --quiet --universal --python-version 3.11 --all-extras --group test --group check --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header $(UPGRADE) --output-file constraints.txt pyproject.toml

clean:
	rm -rf .venv build dist demo *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
