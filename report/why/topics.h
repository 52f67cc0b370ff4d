/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a function is about. Functions are many, and named differently on each
 * base; topics are few, and can be compared. topics-table.c has the patterns.
 */
#ifndef REPORT_WHY_TOPICS_H
#define REPORT_WHY_TOPICS_H

#include <stddef.h>

/* In the order of tables and legends. */
enum topic {
	TOPIC_USER,
	TOPIC_ENTRY,
	TOPIC_FAULT,
	TOPIC_VMA,
	TOPIC_TABLES,
	TOPIC_PAT,
	TOPIC_MEMORY,
	TOPIC_LOCK,
	TOPIC_RCU,
	TOPIC_TLB,
	TOPIC_VFIO,
	TOPIC_CONFIG,
	TOPIC_CALL,
	TOPIC_INTERRUPT,
	TOPIC_IDLE,
	TOPIC_OTHER,
	TOPIC_COUNT
};

/* A topic in words, and its colour in every figure: black text reads on it. */
struct topic_look {
	const char *words;
	const char *colour; /* as #rrggbb */
};

extern const struct topic_look topic_looks[TOPIC_COUNT];

/* Functions whose name fits @pattern, as fnmatch(3) has it, are of @topic. */
struct topic_rule {
	enum topic topic;
	const char *pattern;
	const char *reason;
};

/* The first that fits decides; a pattern of NULL ends the table. */
extern const struct topic_rule topic_rules[];

/*
 * The rule for the function @name of @length bytes, or NULL: of no topic that is
 * known. What a compiler appends (.isra.0, .constprop.0, .part.0, .cold) is
 * passed over.
 */
const struct topic_rule *topic_rule_of(const char *name, size_t length);
/* Its topic; TOPIC_OTHER where no rule fits. */
enum topic topic_of(const char *name, size_t length);

#endif
