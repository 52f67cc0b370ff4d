/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs on a lab host: what their replicates are, and what their times are worth. */
#ifndef REPORT_HOST_H
#define REPORT_HOST_H

#include "report/doc.h"
#include "report/model.h"

/* What the variant of a kernel begins with that is not one of ours. */
#define UNKNOWN_KERNEL "unknown-"
/* The command that makes boots of rounds. */
#define LAB_COMMAND "make lab DEV=ADDRESS ROUNDS=6"

/* A device of the host was measured, by the kernel that ran there. */
bool run_on_host(const struct run *run);
/*
 * The replicates are rounds of one boot: what that boot was like is in all of them,
 * so that no difference between kernels follows.
 */
bool run_has_rounds(const struct run *run);
/* "round" or "boot". */
const char *run_replicate(const struct run *run);
/*
 * Whether times were taken where no clock measures what a machine takes: in a
 * guest of TCG, or of a hypervisor other than KVM. @under is the name of it, of
 * the first boot that says so; it lives as long as the run.
 */
bool run_is_doubtful(const struct run *run, const char **under);
/* What a reader must know before any figure: nothing, in most runs. */
void section_doubt(struct doc *doc, const struct run *run);

/* Why there is no verdict where replicates are rounds. */
void section_rounds(struct doc *doc);

/* "10de:20b0 at 0000:65:00.0, BARs 16M 64G 32M"; @text has 160 bytes. */
const char *run_device(char *text, const struct run *run);

#endif
