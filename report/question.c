// SPDX-License-Identifier: GPL-2.0-or-later
/* The questions of the headline, and their answers against the baseline. */
#include <string.h>

#include "report/doc.h"
#include "report/view.h"

const struct measure *reset_measure(const struct run *run)
{
	return run_counts(run) ? &measure_reset_cpu : &measure_reset;
}

void ask(const struct run *run, const struct choice *c,
	 struct question q[QUESTIONS])
{
	q[0] = (struct question){
		"first reach",
		"To reach it for the first time (mmap() and a touch of each "
		"page)",
		&measure_reach, c->first_touch};
	q[1] = (struct question){
		"off/on",
		"To reach it again after memory was disabled and enabled "
		"(disable, enable, a read of each page)",
		&measure_toggle, c->toggle};
	q[2] = (struct question){
		"reset",
		run_counts(run)
			? "To reach it again after VFIO_DEVICE_RESET (CPU time "
			  "of the reset without its waits, `reset-cpu`; a read "
			  "of each page)"
			: "To reach it again after VFIO_DEVICE_RESET (the "
			  "reset "
			  "with its waits, a read of each page)",
		reset_measure(run), c->reset};
}

bool in_base(const struct kernel *kernel, const char *base)
{
	return !strcmp(kernel->base, base);
}

bool is_again(const struct kernel *kernel)
{
	return !strcmp(kernel->variant, AGAIN);
}

bool ratio_to_baseline(const struct summary *s, const struct kernel *kernel,
		       const struct question *q, double *ratio)
{
	const struct kernel *baseline =
		find_kernel(s->run, kernel->base, BASELINE);
	uint64_t value, unit;

	if (!baseline ||
	    !measure_value(s, kernel, q->like, q->measure, &value) ||
	    !measure_value(s, baseline, q->like, q->measure, &unit) || !unit)
		return false;
	*ratio = (double)value / (double)unit;
	return true;
}

const char *against(char *text, size_t size, const struct summary *s,
		    const struct kernel *kernel, const struct question *q)
{
	double ratio;

	if (!ratio_to_baseline(s, kernel, q, &ratio))
		return strcpy(text, "-");
	return ratio_text(text, size, ratio);
}
