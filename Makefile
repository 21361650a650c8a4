# The commands of the house. `make demo` and `make test` set up whatever they need; see scripts/.

SCALE  ?= district
LISTEN ?= 127.0.0.1:8080
SECONDS ?= 600
PORT_FLAG = $(if $(filter 127.0.0.1:8080,$(LISTEN)),,--listen $(LISTEN))

# Real files for the tests of real input; without the folder those tests say that they did not run.
ifneq ($(wildcard ../shared/data),)
export CIM_TEST_DATA ?= $(abspath ../shared/data)
endif

CITY_BENCH = cargo bench --locked --quiet -p cim-tests --bench city

.PHONY: help demo test soak fuzz check bench bench-load setup setup-test web fmt

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

demo: setup web ## build, load the demo district and serve it (SCALE=small: one town)
	@cargo build --release --locked --quiet -p cim || cargo build --release --locked -p cim
	@./target/release/cim up --demo $(SCALE) $(PORT_FLAG)

test: setup-test web ## every test, from nothing
	@scripts/test

soak: setup-test ## the change feed under 100,000 transactions, cuts and crashes; 10,000 edits of tiles; a million of borders; 1,000 drawn requests an operation and role
	CIM_FEED_TRANSACTIONS=100000 cargo test --locked -p cim-store --test feed_torture -- --nocapture
	CIM_SOAK=1 cargo test --locked -p cim-city --test exactness -- --nocapture
	CIM_EDITS=1000000 cargo test --release --locked -p cim-coverage --test random_edits ten_thousand -- --nocapture
	cargo build --locked -p cim
	EXAMPLES=$${EXAMPLES:-1000} scripts/schemathesis

fuzz: setup ## every parser of hostile bytes, SECONDS=600 each; TARGETS="wkb csv" are only these
	@scripts/fuzz $(SECONDS) $(TARGETS)

check: setup web ## formatting, lints, house rules, licences
	cargo fmt --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet
	cargo test --locked -p cim-tests --test house
	cd web && npm run --silent check
	@if command -v cargo-deny >/dev/null; then cargo deny --all-features check bans licenses sources; \
	else echo "cargo-deny is not installed: licences were not checked (cargo install cargo-deny)"; fi

bench: bench-load ## every benchmark, as ratios in one run
	@cargo build --release --locked --quiet -p cim
	@$(CITY_BENCH)

bench-%: setup ## one of dense, tiles, warm, roles, fresh, linkage, boundaries, memory, scale: MARTIN=/path/to/martin compares with it
	@cargo build --release --locked --quiet -p cim
	@$(CITY_BENCH) -- $*

bench-load: setup ## loading 420,000 buildings against a bare COPY of the same rows
	cargo bench --locked -p cim-load --bench load_against_copy

setup: ## install what `make demo` needs
	@scripts/setup demo

setup-test: ## install what `make test` needs
	@scripts/setup test

web: ## build the web app that the binary carries
	@scripts/web

fmt:
	cargo fmt
