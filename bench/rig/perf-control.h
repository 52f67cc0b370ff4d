/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets a `perf stat --control=fifo:CTL,ACK -D -1` that runs pfnbench count one
 * phase, the same that we count: to check one by the other.
 */
#ifndef RIG_PERF_CONTROL_H
#define RIG_PERF_CONTROL_H

/*
 * @text is PHASE,CTL,ACK. 0, -EINVAL if it is not, or the error of opening the
 * FIFOs.
 */
int perf_control_open(const char *text);

/* Nothing, but for the phase that was asked for: perf has begun, has ended. */
void perf_control_begin(const char *phase);
void perf_control_end(const char *phase);

#endif
