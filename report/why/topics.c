// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/why/topics.h"

#include <fnmatch.h>
#include <string.h>

#include "report/limits.h"

/* Apart in lightness as well as in hue, and light enough for black text. */
const struct topic_look topic_looks[TOPIC_COUNT] = {
	[TOPIC_USER] = {"user mode", "#cfd8dc"},
	[TOPIC_ENTRY] = {"entry and exit", "#ffcc80"},
	[TOPIC_FAULT] = {"fault handling", "#ffab91"},
	[TOPIC_VMA] = {"VMA lookup and change", "#fff176"},
	[TOPIC_TABLES] = {"page tables", "#a5d6a7"},
	[TOPIC_PAT] = {"PAT tracking", "#ef7f8a"},
	[TOPIC_MEMORY] = {"memory allocation", "#c5e1a5"},
	[TOPIC_LOCK] = {"locking", "#90caf9"},
	[TOPIC_RCU] = {"RCU", "#b3e5fc"},
	[TOPIC_TLB] = {"TLB flush", "#80cbc4"},
	[TOPIC_VFIO] = {"vfio and IOMMU", "#ce93d8"},
	[TOPIC_CONFIG] = {"PCI config space", "#b39ddb"},
	[TOPIC_CALL] = {"system call and file", "#d7ccc8"},
	[TOPIC_INTERRUPT] = {"interrupt, scheduler", "#f8bbd0"},
	[TOPIC_IDLE] = {"idle", "#f5f5f5"},
	[TOPIC_OTHER] = {"other", "#e0e0e0"},
};

/* A name up to the first dot: what is behind it is the compiler's. */
static size_t plain_length(const char *name, size_t length)
{
	const char *dot = memchr(name, '.', length);

	return dot && dot > name ? (size_t)(dot - name) : length;
}

const struct topic_rule *topic_rule_of(const char *name, size_t length)
{
	char plain[FUNCTION_NAME_MAX + 1];
	size_t size = plain_length(name, length);

	if (size > FUNCTION_NAME_MAX)
		size = FUNCTION_NAME_MAX;
	memcpy(plain, name, size);
	plain[size] = '\0';
	for (const struct topic_rule *r = topic_rules; r->pattern; r++)
		if (!fnmatch(r->pattern, plain, FNM_NOESCAPE))
			return r;
	return NULL;
}

enum topic topic_of(const char *name, size_t length)
{
	const struct topic_rule *rule = topic_rule_of(name, length);

	return rule ? rule->topic : TOPIC_OTHER;
}
