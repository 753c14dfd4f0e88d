.PHONY: apply assault check format test docs golden mutation pins

PYTHON ?= .venv/bin/python

check: ## what must be green before every commit
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) scripts/write_reference.py --check
	$(PYTHON) -m pytest -n auto

format:
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

test: ## everything but `apply`, the slow part included
	$(PYTHON) -m pytest -n auto --dist loadgroup tests/components tests/price_update tests/test_*.py tests/slow

docs: ## the generated half of the documentation
	$(PYTHON) scripts/write_reference.py

golden: ## rewrites the golden files; read the diff like code
	$(PYTHON) -m pytest -n auto --update-golden

pins: ## takes the newest versions that pyproject.toml allows into constraints.txt
	rm -rf .pins && python3 -m venv .pins && .pins/bin/pip install --quiet '.[dev]'
	{ echo '# What trazo was built and tested with; written by `make pins`, used with `pip install --constraint`.'; \
	  .pins/bin/pip freeze --exclude trazo | sort -f; } > constraints.txt
	rm -rf .pins

mutation: .mutation-venv ## plants small mistakes in what decides hours, dollars and access, and says which no test sees; MUTATION="kernel --survivors" chooses
	.mutation-venv/bin/python scripts/mutation $(MUTATION)

.mutation-venv:
	python3 -m venv .mutation-venv
	.mutation-venv/bin/pip install --quiet --constraint constraints.txt 'cosmic-ray==8.7.0' '.[test]'

apply: ## every example applied on a stand-in for AWS, edited and destroyed; TRAZO_APPLY="trazo my/shop.yaml" chooses; needs Terraform
	$(PYTHON) -m pytest --dist loadgroup tests/apply

assault: ## hostile inputs, kills and injections, one table; ASSAULT="--inputs 1000000 --kills 300 --seed 0 --jobs 2" chooses
	$(PYTHON) scripts/assault $(ASSAULT)
