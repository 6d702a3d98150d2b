# One command does everything from a fresh checkout: every target first builds .venv from the lock.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
COMPARE := $(BIN)/parcours-sim compare
RUN := results/reference-run
KEPT := results/reference
OTHER_WORLDS := sous_dense_et_organisation crise_et_cpts
ATTRIBUTED := msp cpts_bretagne_soins_non_programmes paerpa cpts_val_doise_teleexpertise

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DELETE_ON_ERROR:
.PHONY: help demo test verify bench calibrate validate reference lint lock clean

help:
	@echo 'make demo       compares three organisations in a territory of 20,000 inhabitants'
	@echo 'make test       runs the tests'
	@echo 'make verify     compares the simulation with theory and with the evidence (slow)'
	@echo 'make bench      measures speed and memory'
	@echo 'make calibrate  fits parameters to evidence, for both parameter sets (long)'
	@echo 'make validate   holds the model against all evidence, for both parameter sets'
	@echo 'make reference  compares all organisations at full size, some worlds on both engines (long)'
	@echo 'make lint       checks style and types'
	@echo 'make lock       chooses newer versions of the dependencies: requirements.lock'
	@echo 'make clean      removes the environment and the caches, never results/'

# Versions and hashes come from the lock; the project itself then needs neither network nor isolation.
$(INSTALLED): pyproject.toml requirements.lock
	@echo 'Installing the locked dependencies into .venv (once)'
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -q --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

demo: $(INSTALLED)
	@$(COMPARE) demo --out results/demo

test: $(INSTALLED)
	@$(BIN)/pytest -n auto --dist loadfile

verify: $(INSTALLED)
	@$(BIN)/pytest -m verify -s

bench: $(INSTALLED)
	@$(BIN)/python -m benchmarks.speed

# The values that scenarios use: scenarios/fitted/. Those of the literature lean on the documents'.
calibrate: $(INSTALLED)
	@mkdir -p scenarios/fitted
	@for set in documents literature; do \
		$(BIN)/parcours-sim calibrate --parameter-set $$set --out results/calibration \
		&& cp results/calibration/$$set.toml scenarios/fitted/ || exit; done

# The tables and figures of docs/validation.md.
validate: $(INSTALLED)
	@mkdir -p results/reference/validation
	@for set in documents literature; do for language in fr en; do \
		$(BIN)/parcours-sim validate --parameter-set $$set --language $$language \
		--out results/validation > results/validation-$$set.$$language.txt || exit; done; \
		cp results/validation/$$set.csv results/validation/$$set.md results/reference/validation/; \
		cp results/validation-$$set.en.txt results/reference/validation/$$set.txt; \
		for end in png fr.png; do cp results/validation/figures/$$set/validation.$$end \
		results/reference/validation/$$set.$$end; done; done
	@cat results/reference/validation/documents.txt

# What README and docs show: all organisations of one world under both parameter sets, two studies of
# other worlds, who is better or worse for it, where avoided stays come from, and the share of GPs in MSPs.
# First both engines simulate one replication of each scenario, in a folder of their own, and must agree.
reference: $(INSTALLED)
	@mkdir -p $(KEPT)/attribution $(KEPT)/figures
	@$(COMPARE) reference --replications 1 --engine both --out $(RUN)-both > $(RUN)-both.txt
	@grep 'engines agree' $(RUN)-both.txt
	@$(COMPARE) reference --parameter-set both --engine compiled --out $(RUN) > $(KEPT)/table.txt
	@cp $(RUN)/figures/*.png $(KEPT)/figures/
	@for set in documents literature; do mkdir -p $(KEPT)/$$set/figures; \
		$(BIN)/parcours-sim plot $(RUN)/$$set --language fr > /dev/null \
		&& $(BIN)/parcours-sim quality $(RUN)/$$set > $(KEPT)/$$set/quality.txt \
		&& $(BIN)/parcours-sim quality $(RUN)/$$set --language fr > /dev/null \
		&& cp $(RUN)/$$set/price.csv $(RUN)/$$set/manifest.json $(KEPT)/$$set/ \
		&& grep -E '^scenario,|,all,' $(RUN)/$$set/differences.csv > $(KEPT)/$$set/differences.csv \
		&& cp $(RUN)/$$set/figures/price*.png $(KEPT)/$$set/figures/ || exit; done
	@cd $(RUN)/documents/figures && cp avoided_*.png waits_*.png quality_msp.png quality_msp.fr.png \
		$(CURDIR)/$(KEPT)/documents/figures/
	@for study in $(OTHER_WORLDS); do \
		$(COMPARE) $$study --engine compiled --out $(RUN)-$$study > $(KEPT)/$$study.txt \
		&& grep -E '^scenario,|,all,' $(RUN)-$$study/differences.csv > $(KEPT)/$$study.csv || exit; done
	@for name in $(ATTRIBUTED); do \
		$(BIN)/parcours-sim attribute $$name --out $(RUN)-$$name > $(KEPT)/attribution/$$name.txt \
		&& cp $(RUN)-$$name/attribution.csv $(KEPT)/attribution/$$name.csv || exit; \
		for end in png fr.png; do cp $(RUN)-$$name/figures/attribution.$$end \
		$(KEPT)/attribution/$$name.$$end || exit; done; done
	@$(BIN)/parcours-sim sweep msp_share --out $(RUN)-msp-share > /dev/null
	@for end in png fr.png; do cp $(RUN)-msp-share/figures/sweep_hospitalisations.$$end \
		$(KEPT)/figures/sweep_msp_share.$$end; done
	@cat $(KEPT)/table.txt

lint: $(INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict src

# One file for every platform and Python 3.11 or later: --universal writes environment markers.
lock:
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/pip install -q uv
	@build/lock/bin/uv pip compile -q pyproject.toml --group dev --universal --python-version 3.11 \
		--upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
		--custom-compile-command 'make lock' -o requirements.lock > /dev/null

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
