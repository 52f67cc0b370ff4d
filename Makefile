# SPDX-License-Identifier: GPL-2.0-or-later
# Every entry point. `make help` lists them; scripts/ does the work.

VERSION := 0.1.0
# Of the last change to what the manual page says.
VERSION_DATE := 2026-11-28
BUILD ?= build
# What the scripts read; an empty one is as good as none.
export VARIANTS BASES PLAN KSRC DEV RESULTS JOBS MODE BOOTS AA SEED EVENTS BUILD
export ROUNDS WRITE FORCE RANGE SMT
# Some shells have this machine's name there, and it is not to get into results:
# only what was typed is meant.
ifeq ($(origin HOST),command line)
export HOST
else
unexport HOST
endif
export CONFIGS DURATION VCPUS MEMORY SERIES BOOT KEEP MODEL FIO_JOBS THREADS

CC ?= gcc
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
OUR_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DPFNBENCH_VERSION='"$(VERSION)"' \
	-DPFNBENCH_DATE='"$(VERSION_DATE)"' \
	-Iinclude -Ibench -Itests/guest -I. -ffile-prefix-map=$(CURDIR)/= $(WARNINGS) $(CFLAGS)
# libpfm4 is tables of pointers: as a shared library, or in a program that can be
# loaded anywhere, each is written to at start, a megabyte that every fork copies.
BENCH_LIBS := -no-pie -ljansson -l:libpfm.a -lhwloc -lm -lpthread
REPORT_LIBS := -ljansson -lm
PROFILE_LIBS := -ljansson -lelf -ldw
TEST_LIBS := -lcmocka

BENCH_SOURCES := $(wildcard bench/*.c bench/rig/*.c bench/host/*.c)
REPORT_SOURCES := $(filter-out report/profile/%,$(wildcard report/*.c report/*/*.c))
PROFILE_SOURCES := $(wildcard report/profile/*.c)
PLUGIN_SOURCES := $(wildcard plugin/*.c)
UNIT_SOURCES := $(wildcard tests/unit/test-*.c)
GUEST_TEST_SOURCES := $(wildcard tests/guest/*.c)
STARVE_SOURCES := $(wildcard tests/guest/starve/*.c)

PROGRAMS := pfnbench pfnreport pfnprofile pfnplugin.so contract starve

# What both programs link, each program's parts but for its main(), and tests.
SHARED_OBJECTS := $(BUILD)/bench/rig/tally.o
BENCH_OBJECTS := $(BENCH_SOURCES:%.c=$(BUILD)/%.o)
BENCH_PARTS := $(filter-out $(BUILD)/bench/pfnbench.o,$(BENCH_OBJECTS))
REPORT_OBJECTS := $(REPORT_SOURCES:%.c=$(BUILD)/%.o) $(SHARED_OBJECTS)
REPORT_PARTS := $(filter-out $(BUILD)/report/pfnreport.o,$(REPORT_OBJECTS))
PROFILE_OBJECTS := $(PROFILE_SOURCES:%.c=$(BUILD)/%.o)
PLUGIN_OBJECTS := $(PLUGIN_SOURCES:%.c=$(BUILD)/%.o)
PLUGIN_PARTS := $(filter-out $(BUILD)/plugin/plugin.o,$(PLUGIN_OBJECTS))
UNIT_TESTS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/tests/%)
# Programs that tests/statistics runs; they link what pfnreport is made of.
STATISTICS_TESTS := $(BUILD)/tests/statistics-cases $(BUILD)/tests/statistics-simulate
ALL_OBJECTS := $(BENCH_OBJECTS) $(REPORT_OBJECTS) $(PROFILE_OBJECTS) $(PLUGIN_OBJECTS) \
	$(UNIT_SOURCES:%.c=$(BUILD)/%.o) $(GUEST_TEST_SOURCES:%.c=$(BUILD)/%.o) \
	$(STARVE_SOURCES:%.c=$(BUILD)/%.o) \
	$(BUILD)/tests/performance/make-run.o \
	$(patsubst %.c,$(BUILD)/fuzz/%.o,$(REPORT_SOURCES) $(wildcard tests/fuzz/*.c)) \
	$(BUILD)/tests/statistics/cases.o $(BUILD)/tests/statistics/simulate.o

.DEFAULT_GOAL := help

build: $(PROGRAMS:%=$(BUILD)/%) $(BUILD)/pfnbench.1 $(BUILD)/pfnbench.bash \
		$(BUILD)/pfnreport.1 $(BUILD)/pfnreport.bash ## compile the programs into build/

$(BUILD)/pfnbench: $(BENCH_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(BENCH_LIBS)

$(BUILD)/%.1: $(BUILD)/%
	$< manual >$@

$(BUILD)/%.bash: $(BUILD)/%
	$< completion >$@

$(BUILD)/pfnreport: $(REPORT_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(REPORT_LIBS)

$(BUILD)/pfnprofile: $(PROFILE_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PROFILE_LIBS)

# QEMU has what it calls, and looks for two names of ours.
$(BUILD)/pfnplugin.so: $(PLUGIN_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^

$(PLUGIN_OBJECTS): OUR_CFLAGS += -fPIC -fvisibility=hidden -Iplugin

plugin: $(BUILD)/pfnplugin.so ## compile QEMU's plugin that counts, for make profile

# fio's engine: compiled against the headers of the fio that is installed, which
# scripts/fio/fio-source gets; so it is built where it is asked for only.
FIO_ENGINE_SOURCES := $(wildcard bench/fio/*.c) bench/size.c $(addprefix bench/rig/, \
	device.c device-find.c guard.c guard-known.c mapping.c pci.c sigbus.c sysfs.c vfio.c)

$(BUILD)/pfnbar.so: $(FIO_ENGINE_SOURCES) $(wildcard bench/fio/*.h bench/rig/*.h) Makefile
	@mkdir -p $(@D)
	@source=$$(scripts/fio/fio-source) || exit; set -x; \
	$(CC) $(OUR_CFLAGS) -fPIC -fvisibility=hidden -shared -Wl,-Bsymbolic \
		-isystem $$source -include $$source/config-host.h \
		-DPFNBAR_FIO_VERSION="\"$$(sed 's/.*= //' $$source/FIO-VERSION-FILE)\"" \
		$(LDFLAGS) -o $@ $(FIO_ENGINE_SOURCES) -Wl,--unresolved-symbols=ignore-all -lpthread

fio-engine: $(BUILD)/pfnbar.so ## fio's engine for BARs, build/pfnbar.so, for the fio that is installed

$(BUILD)/contract: $(GUEST_TEST_SOURCES:%.c=$(BUILD)/%.o) $(BENCH_PARTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(BENCH_LIBS)

$(BUILD)/starve: $(STARVE_SOURCES:%.c=$(BUILD)/%.o) $(BENCH_PARTS) \
		$(filter %/ktap.o %/view.o %/access.o,$(GUEST_TEST_SOURCES:%.c=$(BUILD)/%.o))
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(BENCH_LIBS)

# A unit test links the parts of the program it tests: test-report-*.c those of
# pfnreport, test-plugin-*.c those of the plugin, every other one those of pfnbench.
$(BUILD)/tests/test-report-%: $(BUILD)/tests/unit/test-report-%.o $(REPORT_PARTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(REPORT_LIBS) $(TEST_LIBS)

$(BUILD)/tests/test-plugin-%: $(BUILD)/tests/unit/test-plugin-%.o $(PLUGIN_PARTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TEST_LIBS)

$(BUILD)/tests/statistics-%: $(BUILD)/tests/statistics/%.o $(REPORT_PARTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(REPORT_LIBS)

$(BUILD)/tests/test-%: $(BUILD)/tests/unit/test-%.o $(BENCH_PARTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(BENCH_LIBS) $(TEST_LIBS)

$(BUILD)/tests/test-ktap: $(BUILD)/tests/guest/ktap.o

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(OUR_CFLAGS) -MMD -MP -c -o $@ $<

unit-tests: $(UNIT_TESTS)

statistics-tests: $(STATISTICS_TESTS)

# The analyser again, with what finds errors of memory and of arithmetic: for
# fuzzing, and its own unit tests.
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz-*.c))
FUZZ_SHARED := $(BUILD)/fuzz/tests/fuzz/drive.o $(BUILD)/fuzz/tests/fuzz/mutate.o
FUZZ_PARTS := $(REPORT_PARTS:$(BUILD)/%=$(BUILD)/fuzz/%)
SANITIZED_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/fuzz/tests/%,$(wildcard tests/unit/test-report-*.c))

$(BUILD)/fuzz/%.o: %.c Makefile
	@mkdir -p $(@D)
	clang $(OUR_CFLAGS) -O1 -fno-omit-frame-pointer $(SANITIZE) \
		-fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

$(BUILD)/fuzz/fuzz-%: $(BUILD)/fuzz/tests/fuzz/fuzz-%.o $(FUZZ_SHARED) $(FUZZ_PARTS)
	clang $(SANITIZE) -fsanitize=fuzzer -o $@ $^ $(REPORT_LIBS)

$(BUILD)/fuzz/tests/test-report-%: $(BUILD)/fuzz/tests/unit/test-report-%.o $(FUZZ_PARTS)
	@mkdir -p $(@D)
	clang $(SANITIZE) -o $@ $^ $(REPORT_LIBS) $(TEST_LIBS)

# What pfnreport is measured with.
$(BUILD)/make-run: $(BUILD)/tests/performance/make-run.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lm

bench-report: $(BUILD)/pfnreport $(BUILD)/make-run ## what pfnreport takes of time and memory on 10^7 samples
	@tests/performance/analyser

fuzzers: $(FUZZERS) $(SANITIZED_TESTS)

fuzz: ## damage results at random for DURATION= (default 30m), until the analyser breaks
	@tests/fuzz/run "$(or $(DURATION),30m)"

bench: ## kernels, guests, benchmarks, plots, report; VARIANTS= BASES= PLAN= KSRC= RESULTS= JOBS=; or DEV= ROUNDS=
	@scripts/bench

devices: $(BUILD)/pfnbench ## the PCI devices of this host, and which may be measured
	@$(BUILD)/pfnbench devices

# On a host perf samples; in guests the plugin counts, and builds what it needs.
profile: $(if $(DEV),$(BUILD)/pfnbench $(BUILD)/pfnreport) ## which kernel function each instruction of a phase is of; BASES= VARIANTS= PLAN= JOBS= RESULTS= MODEL= KEEP=yes CONFIG=dwarf; or DEV= LENGTH= ROUNDS= EVENT=
	@scripts/profile/profile$(if $(DEV),-host)

quiet: ## set what makes times of this host steadier, SMT=off too; make restore puts it back
	@scripts/host/quiet

restore: ## put back what was changed of this host: drivers of devices, and settings
	@scripts/host/restore

bench-fio: ## fio reads a BAR through a toggle and a reset; BASES= VARIANTS= THREADS="1 4" FIO_JOBS= DEV=
	@scripts/fio/bench-fio

lab: $(BUILD)/pfnbench $(BUILD)/pfnreport ## boot every kernel of pfnbench on this host, measure DEV= on each; ROUNDS=6 VARIANTS=
	@scripts/lab/lab

lab-status: ## how far make lab is
	@scripts/lab/lab-status

lab-stop: ## end make lab: boots back into the kernel it began in
	@scripts/lab/lab-stop
.PHONY: lab lab-status lab-stop

torture: ## the contract raced on kernels that complain; BASES= VARIANTS= DURATION=5m JOBS= SEED=
	@scripts/torture/torture

kernels: ## build the kernels of BASES= and VARIANTS= into the cache
	@scripts/kernel/kernels

kernels-deb: ## the kernels of BASES= and VARIANTS= as Debian packages; CONFIG_FILE= LSMOD=
	@scripts/kernel/kernels-deb
.PHONY: kernels-deb

kernel-path: ## print where the image of BASE= VARIANT= lies
	@scripts/kernel/kernel-path "$(BASE)" "$(VARIANT)"

series: ## the patches of BASE= VARIANT= as they can be mailed, with a cover letter
	@scripts/kernel/series "$(BASE)" "$(VARIANT)"

check-patches: $(BUILD)/pfnbench $(BUILD)/contract ## each patch alone: compiles, no new warning, git am; BOOT=yes boots it too
	@scripts/kernel/check-patches

report: $(BUILD)/pfnreport ## analyse RESULTS= (default results/latest) again
	@$(BUILD)/pfnreport $(or $(RESULTS),results/latest)

plots: $(BUILD)/pfnreport ## draw the figures of RESULTS= (default results/latest) again, into report.html too; prints two
	@plots/draw.sh $(or $(RESULTS),results/latest)
	@$(BUILD)/pfnreport --html $(or $(RESULTS),results/latest)
	@plots/draw.sh --text $(or $(RESULTS),results/latest)

check: ## every test; the last line is N passed, N failed
	@tests/run

check-fast: ## the tests that need no guest, two to three minutes
	@tests/run --fast

check-lab: ## what a lab host does, in a guest that plays one; LAB_PARTS=
	@tests/lab/run

mutants: ## show that the contract finds the bugs for which it takes the debug kernel
	@tests/guest/mutants.sh --debug 6.12

clean-cache: ## remove kernel sources, objects and images from the cache
	@scripts/clean-cache

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

clean: ## remove build/; results and the kernel cache stay
	rm -rf $(BUILD)

.PHONY: bench bench-fio fio-engine devices quiet restore profile torture series check-patches kernels kernel-path report plots check check-fast check-lab mutants clean-cache \
	help build plugin unit-tests statistics-tests fuzzers fuzz bench-report clean
.SECONDARY:
-include $(ALL_OBJECTS:.o=.d)
