// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin of QEMU's that counts what a guest executes between two stamps of
 * pfnbench, by address and by call chain, and does not disturb the guest:
 *
 *   -plugin build/pfnplugin.so,symbols=FILE,out=FILE[,model=FILE]
 *
 * An interval is what the time-stamp counter counts under -icount shift=0: the
 * instructions behind pfnbench's rdtsc up to its rdtscp, that one included.
 * Which cell and phase it is of, pfnbench says by marks (pfnbench/mark.h). The
 * raw file's format is in docs/PROFILE.md.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "block.h"
#include "chain.h"
#include "messages.h"
#include "model.h"
#include "pfnbench/mark.h"
#include "qemu-plugin.h"
#include "symbols.h"
#include "tree.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static FILE *out;

/* pfnbench runs: what it and the kernel access goes through the model. */
static bool running;

/* The interval that is open, 0 if none is; and how many there were. */
static uint64_t interval, intervals;
static uint32_t begins_in; /* the function that it begins in */
static struct block *last; /* of the interval */
static struct block *executed; /* all that were, in it */

/* Of the phase. */
static uint64_t phase_intervals, overlaps, halts;

static void fail(const char *what)
{
	fprintf(stderr, "pfnplugin: %s\n", what);
	if (out)
		fprintf(out, "failed %s\n", what);
}

/* How @last ended, once that can be known: at the next block, or the end. */
static size_t close_last(void)
{
	size_t begun = block_begun(last);

	chain_charge(last, begun);
	return begun;
}

static void on_block(unsigned int vcpu, void *data)
{
	struct block *b = data;

	(void)vcpu;
	if (!interval)
		return;
	if (last)
		chain_step(last, close_last(), b);
	else
		chain_begin(begins_in, b);
	if (b->interval != interval) {
		b->next = executed;
		executed = b;
	}
	block_start(b, interval);
	last = b;
}

static void add_block(const struct block *b)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct insn *insn = &b->insns[i];
		struct counts c = {
			insn->now.instructions - insn->before.instructions -
				insn->faulted,
			insn->now.loads - insn->before.loads,
			insn->now.stores - insn->before.stores,
		};

		if (insn->halt)
			halts += c.instructions;
		if ((c.instructions || c.loads || c.stores) &&
		    addresses_add(insn->vaddr, &c))
			fail("no memory");
	}
}

static void end_interval(void)
{
	if (last)
		close_last();
	chain_end();
	for (; executed; executed = executed->next)
		add_block(executed);
	last = NULL;
	interval = 0;
}

/* rdtsc: what comes behind it is counted. */
static void on_start(unsigned int vcpu, void *data)
{
	const struct insn *insn = data;

	(void)vcpu;
	if (!messages_phase())
		return;
	if (interval) {
		overlaps++;
		end_interval();
	}
	interval = ++intervals;
	begins_in = insn->function;
	phase_intervals++;
}

/*
 * rdtscp, the last instruction that is counted: it has not begun yet, and when
 * it has, its block is not looked at again.
 */
static void on_stop(unsigned int vcpu, void *data)
{
	const struct counts one = {.instructions = 1};
	struct insn *insn = data;

	(void)vcpu;
	if (!interval)
		return;
	end_interval();
	if (addresses_add(insn->vaddr, &one))
		fail("no memory");
	tree_charge(tree_child(TREE_ROOT, insn->function), 1);
}

static void begin_phase(void)
{
	addresses_clear();
	if (chain_clear())
		fail("no memory");
	phase_intervals = 0;
	overlaps = 0;
	halts = 0;
	model_clear();
}

/* A phase without a stamp is no phase of ours. */
static void end_phase(const char *phase)
{
	if (interval) {
		overlaps++;
		end_interval();
	}
	if (!phase_intervals)
		return;
	fprintf(out,
		"phase %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		phase, phase_intervals, overlaps, halts, addresses_total());
	addresses_print(out);
	tree_print(out);
	model_print(out);
	fflush(out);
}

static void on_mark(unsigned int vcpu, void *data)
{
	enum mark kind = (enum mark)(uintptr_t)data;
	struct message m;

	(void)vcpu;
	if (!messages_take(kind, &m))
		return;
	switch (m.kind) {
	case MARK_TEXT:
		symbols_program(m.numbers[0], m.numbers[1]);
		running = true;
		break;
	case MARK_LEAVES:
		model_leaves(m.numbers[0], m.numbers[1], m.numbers[2]);
		break;
	case MARK_CELL:
		model_leaves(0, 0, 0);
		fprintf(out, "cell %s %s\n", m.benchmark, m.parameters);
		break;
	case MARK_PHASE:
	case MARK_END:
		if (m.ended[0])
			end_phase(m.ended);
		if (m.kind == MARK_PHASE)
			begin_phase();
		break;
	default:
		break;
	}
}

static void on_slot(unsigned int vcpu, qemu_plugin_meminfo_t info,
		    uint64_t vaddr, void *data)
{
	bool call = data != NULL;

	(void)vcpu;
	if (qemu_plugin_mem_is_store(info) == call)
		chain_slot(vaddr);
}

/* Not where the address is in a device. */
static uint64_t physical(void *data, uint64_t vaddr)
{
	const qemu_plugin_meminfo_t *info = data;
	struct qemu_plugin_hwaddr *at = qemu_plugin_get_hwaddr(*info, vaddr);

	return at && !qemu_plugin_hwaddr_is_io(at)
		       ? qemu_plugin_hwaddr_phys_addr(at)
		       : UINT64_MAX;
}

/*
 * Counted here, and not by QEMU's own code: its callbacks tell what an access is,
 * but in 7.2 its inline counters of loads take stores, and those of stores both.
 */
static void count_access(struct insn *insn, bool store)
{
	const struct counts one = {.loads = !store, .stores = store};

	if (insn->block->interval == interval) {
		insn->now.loads += one.loads;
		insn->now.stores += one.stores;
		return;
	}
	/* A device's: in a block of its own, of which nothing but that is told. */
	if (addresses_add(insn->vaddr, &one))
		fail("no memory");
}

static void on_access(unsigned int vcpu, qemu_plugin_meminfo_t info,
		      uint64_t vaddr, void *data)
{
	(void)vcpu;
	if (interval)
		count_access(data, qemu_plugin_mem_is_store(info));
	if (running && model_on())
		model_access(vaddr, interval != 0, physical, &info);
}

static void on_new_space(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	model_new_space();
}

static void on_invalidate(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	model_invalidate();
}

static void on_forget(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	model_forget();
}

static void watch_for_model(struct qemu_plugin_insn *q)
{
	switch (invalidation_of(qemu_plugin_insn_data(q),
				qemu_plugin_insn_size(q))) {
	case INVALIDATES_NONE:
		break;
	case INVALIDATES_SPACE:
		qemu_plugin_register_vcpu_insn_exec_cb(
			q, on_new_space, QEMU_PLUGIN_CB_NO_REGS, NULL);
		break;
	case INVALIDATES_PAGE:
		qemu_plugin_register_vcpu_insn_exec_cb(
			q, on_invalidate, QEMU_PLUGIN_CB_NO_REGS, NULL);
		break;
	case INVALIDATES_ALL:
		qemu_plugin_register_vcpu_insn_exec_cb(
			q, on_forget, QEMU_PLUGIN_CB_NO_REGS, NULL);
		break;
	}
}

static void watch_stamps(struct qemu_plugin_insn *q, struct insn *insn)
{
	static const unsigned char rdtsc[] = {0x0f, 0x31};
	static const unsigned char rdtscp[] = {0x0f, 0x01, 0xf9};
	const void *bytes = qemu_plugin_insn_data(q);
	size_t size = qemu_plugin_insn_size(q);

	if (!symbols_is_program(insn->vaddr))
		return;
	if (size == sizeof(rdtsc) && !memcmp(bytes, rdtsc, size))
		qemu_plugin_register_vcpu_insn_exec_cb(
			q, on_start, QEMU_PLUGIN_CB_NO_REGS, insn);
	if (size == sizeof(rdtscp) && !memcmp(bytes, rdtscp, size))
		qemu_plugin_register_vcpu_insn_exec_cb(
			q, on_stop, QEMU_PLUGIN_CB_NO_REGS, insn);
}

static void watch_marks(struct qemu_plugin_insn *q)
{
	static const unsigned char mark[] = {MARK_BYTES};
	const unsigned char *bytes = qemu_plugin_insn_data(q);

	if (qemu_plugin_insn_size(q) == MARK_SIZE &&
	    !memcmp(bytes, mark, sizeof(mark)))
		qemu_plugin_register_vcpu_insn_exec_cb(
			q, on_mark, QEMU_PLUGIN_CB_NO_REGS,
			(void *)(uintptr_t)bytes[sizeof(mark)]);
}

static void watch_insn(struct qemu_plugin_insn *q, struct insn *insn,
		       const struct block *b)
{
	insn->block = b;
	insn->vaddr = qemu_plugin_insn_vaddr(q);
	insn->function = symbol_of(insn->vaddr);
	insn->halt = *(const unsigned char *)qemu_plugin_insn_data(q) == 0xf4;
	qemu_plugin_register_vcpu_insn_exec_inline(
		q, QEMU_PLUGIN_INLINE_ADD_U64, &insn->now.instructions, 1);
	qemu_plugin_register_vcpu_mem_cb(q, on_access, QEMU_PLUGIN_CB_NO_REGS,
					 QEMU_PLUGIN_MEM_RW, insn);
	watch_stamps(q, insn);
	if (model_on())
		watch_for_model(q);
}

static void watch_last(struct qemu_plugin_insn *q, struct block *b)
{
	b->end = qemu_plugin_insn_vaddr(q) + qemu_plugin_insn_size(q);
	b->flow = flow_of(qemu_plugin_insn_data(q), qemu_plugin_insn_size(q));
	if (b->flow == FLOW_CALL || b->flow == FLOW_RETURN)
		qemu_plugin_register_vcpu_mem_cb(
			q, on_slot, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW,
			b->flow == FLOW_CALL ? b : NULL);
}

/*
 * From the boot on, though nothing is counted before pfnbench's first stamp: what
 * is translated stays, and in QEMU 7.2 qemu_plugin_reset(), which would have it
 * translated again, takes a lock that it doesn't give back.
 */
static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);
	struct block *b;

	(void)id;
	for (size_t i = 0; i < count; i++)
		watch_marks(qemu_plugin_tb_get_insn(tb, i));
	/* QEMU's code points there: never freed. */
	b = calloc(1, sizeof(*b) + count * sizeof(b->insns[0]));
	if (!b) {
		fail("no memory");
		return;
	}
	b->count = count;
	b->entry = symbol_entry(qemu_plugin_tb_vaddr(tb));
	for (size_t i = 0; i < count; i++)
		watch_insn(qemu_plugin_tb_get_insn(tb, i), &b->insns[i], b);
	watch_last(qemu_plugin_tb_get_insn(tb, count - 1), b);
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block,
					     QEMU_PLUGIN_CB_NO_REGS, b);
}

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "pfnplugin: %s: %s\n", what, why);
	return -1;
}

static int complain_of(const char *file, size_t line, int err,
		       const char *wanted)
{
	char what[512];

	if (err != -EINVAL)
		return complain(file, strerror(-err));
	snprintf(what, sizeof(what), "%s:%zu", file, line);
	return complain(what, line ? wanted : "not all parts are there");
}

static int set_up(const char *symbols, const char *file, const char *model)
{
	size_t line;
	int err = symbols_read(symbols, &line);

	if (err)
		return complain_of(symbols, line, err,
				   "not FIRST END KIND NAME, ascending");
	err = model ? model_read(model, &line) : 0;
	if (err)
		return complain_of(model, line, err, "not NAME SIZE [WAYS]");
	out = fopen(file, "we");
	if (!out)
		return complain(file, strerror(errno));
	fputs("pfnplugin 1\n", out);
	return 0;
}

static const char *value_of(const char *argument, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(argument, name, length) && argument[length] == '='
		       ? argument + length + 1
		       : NULL;
}

/* Whatever was written so far is there, but for the last line: "end". */
static void on_exit_of_qemu(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	fputs("end\n", out);
	if (fclose(out))
		fprintf(stderr, "pfnplugin: %s\n", strerror(errno));
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info,
			       int argc, char **argv)
{
	const char *symbols = NULL, *file = NULL, *model = NULL;

	for (int i = 0; i < argc; i++) {
		const char *value;

		if ((value = value_of(argv[i], "symbols")))
			symbols = value;
		else if ((value = value_of(argv[i], "out")))
			file = value;
		else if ((value = value_of(argv[i], "model")))
			model = value;
		else
			return complain(argv[i],
					"not symbols=, out= or model=FILE");
	}
	if (!symbols || !file)
		return complain("arguments",
				"symbols=FILE and out=FILE needed");
	if (strcmp(info->target_name, "x86_64") || !info->system_emulation ||
	    info->system.max_vcpus != 1)
		return complain("machine",
				"only x86_64 with one vCPU is counted");
	if (set_up(symbols, file, model))
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	return 0;
}
