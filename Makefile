# halfopen: a laboratory for TCP failure. `make help` lists what there is.

SHELL := /bin/bash
LABS := $(basename $(notdir $(filter-out labs/broken/%,$(wildcard labs/*.lab labs/*/*.lab))))
BUILD := .build/release
SOURCES := Package.swift $(shell find Sources -name '*.swift' -o -name '*.h' -o -name 'module.modulemap')
# What `make lab-NAME` adds to the command: ARGS='--set tcp_retries2=5 -v'
ARGS ?=
# Where labs run: real, or virtual (in a guest whose clock leaps over idleness, docs/virtual-time.md). `make labs` runs
# them all in virtual time unless told otherwise.
WORLD ?=
IN_WORLD = $(if $(filter virtual,$(WORLD)),--virtual)
# The programs are static, so that they can be a guest's first; the linker's remark that a static program resolves names
# by the libraries of the machine it runs on is true and of no interest.
STATIC := -Xswiftc -static-executable

.PHONY: help build test labs pictures fuzz model-soak check fmt bench deps deps-test deps-virtual kernels docker clean list $(addprefix lab-,$(LABS)) \
  $(addprefix docker-lab-,$(LABS))

help:
	@echo 'make lab-NAME [ARGS="--set tcp_retries2=5"]   run a lab; make list shows them'
	@echo 'make lab-NAME WORLD=virtual   run it in virtual time: fifteen minutes in a second (make deps-virtual kernels)'
	@echo 'make labs [WORLD=real]   every lab, in virtual time unless told otherwise'
	@echo 'make list       the labs and their questions'
	@echo 'make build      build the two programs, dnc and halfopen, into $(BUILD)'
	@echo 'make test       every test (needs what make deps-test installs)'
	@echo 'make fuzz       feed the decoders what libFuzzer thinks of; SECONDS_EACH=60 for each'
	@echo 'make check      format, warnings as errors, dependency arrows'
	@echo 'make fmt        format the sources'
	@echo 'make model-soak [SEED=N] [COUNT=200]   the timer model against real sockets (root for exact moments)'
	@echo 'make soak [ROUNDS=50]   every lab in its quick variant, in parallel on a loaded machine; counts wrong verdicts'
	@echo 'make bench      dnc against netcat, ncat and socat; what watching a lab costs'
	@echo 'make pictures   draw docs/pictures/*.svg from the timelines in docs/pictures/timelines'
	@echo 'make deps       install the Debian packages that labs need (iproute2, iptables)'
	@echo 'make deps-virtual  the packages that virtual time needs (QEMU, and what unpacks kernels)'
	@echo 'make kernels    get the kernels that the tests of virtual time use: the distribution'"'"'s own and 6.12'
	@echo 'make deps-all   the packages of every lab: PostgreSQL, PgBouncer, Redis, nginx, netcats ...; starts no service'
	@echo 'make deps-test  the packages that only the tests and benchmarks need, and all of the above'
	@echo 'make docker     build the container image; make docker-lab-NAME runs a lab in it'
	@echo 'make clean      remove what was built'

build: $(BUILD)/.built

# SwiftPM does not notice when a header of a system library target changes: touching the module's users does.
$(BUILD)/.built: $(SOURCES)
	@command -v swift >/dev/null || { echo 'swift is not in PATH: install Swift 6.3 from https://www.swift.org/install/linux/' >&2; exit 3; }
	@if [ -e $@ ] && [ -n "$$(find Sources/CLinux -newer $@ -type f)" ]; then grep -rl 'import CLinux' Sources | xargs touch; fi
	@echo 'building (a minute or two the first time) ...'
	@for program in dnc halfopen; do \
	  swift build -c release $(STATIC) --product $$program 2>&1 | grep -E 'error|warning' | \
	    grep -v 'in statically linked applications' || true; \
	done
	@test -x $(BUILD)/halfopen && test -x $(BUILD)/dnc && touch $@

$(addprefix lab-,$(LABS)): lab-%: build
	@$(BUILD)/halfopen run $(IN_WORLD) $* $(ARGS)

labs: build
	@$(BUILD)/halfopen run $(if $(filter real,$(WORLD)),-j 16,--virtual) labs $(ARGS)

list: build
	@$(BUILD)/halfopen list

test:
	@scripts/test.sh

fuzz:
	@fuzz/run.sh

check:
	@scripts/check.sh

fmt:
	swift format -i -p -r Package.swift Sources Tests

model-soak: build
	@python3 scripts/model-soak.py $(BUILD)/halfopen $(if $(SEED),--seed $(SEED)) --count $(or $(COUNT),200)

# The catalogue's quick variants, in parallel, with every processor loaded, again and again: is a verdict ever wrong?
.PHONY: soak
soak: build
	@python3 scripts/soak.py $(BUILD)/halfopen --rounds $(or $(ROUNDS),50)

pictures: build
	@for timeline in docs/pictures/timelines/*.jsonl; do \
	  $(BUILD)/halfopen report --svg "docs/pictures/$$(basename "$$timeline" .jsonl).svg" "$$timeline" || exit 1; done

bench: build
	@bench/run.sh
	@bench/virtual.sh $(BUILD)/halfopen

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

deps:
	$(SUDO) apt-get install -y --no-install-recommends iproute2 iptables

deps-virtual: deps
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
	  qemu-system-x86 xz-utils zstd lz4

# 6.1 retries a SYN by doubling alone, 6.12 linearly at first: two kernels whose answers differ.
kernels: build
	@$(BUILD)/halfopen kernel get
	@$(BUILD)/halfopen kernel get 6.12

# The packages that labs say they need, and those of their peers' programs; a test compares them with the labs.
LAB_PACKAGES := curl ncat netcat-openbsd netcat-traditional nginx-light pgbouncer postgresql postgresql-client python3 \
  redis-server redis-tools socat strace

.PHONY: deps-all
deps-all: deps
	$(SUDO) scripts/install-packages.sh $(LAB_PACKAGES)

deps-test: deps-all deps-virtual
	$(SUDO) scripts/install-packages.sh procps tcpdump tshark libxml2-utils perl chromium fonts-dejavu-core

docker:
	docker build -t halfopen -f docker/Dockerfile .

$(addprefix docker-lab-,$(LABS)): docker-lab-%: docker
	docker run --rm --network none --cap-add NET_ADMIN --cap-add SYS_ADMIN --security-opt apparmor=unconfined \
	  halfopen run $* $(ARGS)

clean:
	rm -rf .build
