# make crawl     replay the pages under fixtures/ into a drop under output/
# make test      run the checks: lint, types, tests
# make test-all  the same with the big tests, and every process started anew
# make lock      renew requirements.lock

VENV := .venv
# The first Python that is new enough; `make PYTHON=…` chooses another.
PYTHON ?= $(firstword $(foreach python,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(python) -c 'import sys; sys.version_info >= (3, 11) and print("$(python)")' 2>/dev/null)))

.PHONY: crawl test test-all check lock

crawl: $(VENV)/.ready
	$(VENV)/bin/scrapy crawl replay -a path='fixtures/**/pages' -s LOG_LEVEL=WARNING

test: check
	$(VENV)/bin/pytest -q -n auto --dist loadgroup

test-all: check
	NEWSCRAWL_TEST_FRESH=1 $(VENV)/bin/pytest -q -n auto --dist loadgroup -m "big or not big"

check: $(VENV)/.ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

$(VENV)/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "newscrawl needs Python 3.11 or newer; none was found. Install it, or: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lock:
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.lock
