// SPDX-License-Identifier: GPL-2.0-or-later
/* A device for programs: docs/DEVICES.md says what each member is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "host/devices.h"
#include "host/use.h"

/* Names of pci.ids are UTF-8; what is not would be no JSON. */
static json_t *text(const char *value)
{
	json_t *string = json_string(value);

	return string ? string : json_string("?");
}

static json_t *text_or_null(const char *value)
{
	return value[0] ? text(value) : json_null();
}

static json_t *bars_json(const struct function *f)
{
	json_t *array = json_array();

	for (int i = 0; array && i < FUNCTION_BARS; i++) {
		const struct bar *b = &f->bars[i];
		char flags[24];

		if (!b->size)
			continue;
		snprintf(flags, sizeof(flags), "0x%" PRIx64, b->flags);
		json_array_append_new(array,
				      json_pack("{s:i,s:I,s:s,s:b}", "index", i,
						"size", (json_int_t)b->size,
						"flags", flags, "mappable",
						(int)bar_is_mappable(b)));
	}
	return array;
}

static json_t *group_json(const struct judged *j)
{
	json_t *others = json_array();

	if (j->function.group == GROUP_NONE) {
		json_decref(others);
		return json_null();
	}
	for (size_t i = 0; others && i < j->member_count; i++)
		json_array_append_new(
			others, json_pack("{s:s,s:o}", "name",
					  j->members[i].name, "driver",
					  text_or_null(j->members[i].driver)));
	return json_pack("{s:i,s:o}", "number", j->function.group, "others",
			 others);
}

static json_t *interfaces_json(const struct host *host, const struct judged *j)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < j->nodes.count; i++) {
		const struct node *node = &j->nodes.list[i];
		unsigned long flags = 0;

		if (strcmp(node->subsystem, "net"))
			continue;
		interface_flags(host, node->name, &flags);
		json_array_append_new(
			array, json_pack("{s:o,s:b}", "name", text(node->name),
					 "up", (int)(flags & INTERFACE_UP)));
	}
	return array;
}

static json_t *reasons_json(const struct verdict *v)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < v->count; i++) {
		const struct reason *r = &v->reasons[i];

		json_array_append_new(
			array,
			json_pack("{s:s,s:b,s:s}", "code", r->code, "forceable",
				  (int)(r->weight == UNLESS_FORCED), "text",
				  r->text));
	}
	return array;
}

json_t *devices_json(const struct host *host, const struct judged *j)
{
	const struct function *f = &j->function;
	char id[16], class_text[16];

	snprintf(id, sizeof(id), "%04x:%04x", f->vendor, f->device);
	snprintf(class_text, sizeof(class_text), "%06x", f->class_code);
	return json_pack(
		"{s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:i,s:o,s:o,s:b,s:b,"
		"s:o}",
		"address", f->address, "id", id, "class", class_text, "vendor",
		text_or_null(f->vendor_name), "name",
		text_or_null(f->device_name), "driver", text_or_null(f->driver),
		"driver_override", text_or_null(f->driver_override),
		"power_control", text_or_null(f->power_control),
		"reset_methods", text_or_null(f->reset_methods), "bars",
		bars_json(f), "numa_node", f->numa_node, "iommu_group",
		group_json(j), "interfaces", interfaces_json(host, j), "usable",
		(int)verdict_allows(&j->verdict, false), "usable_forced",
		(int)verdict_allows(&j->verdict, true), "reasons",
		reasons_json(&j->verdict));
}
