// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The contract at each site by itself: several processes with several VMAs find
 * the BAR unreachable from the moment when one call has returned, and all of it
 * back when the other one has; on the eager variants without a fault.
 */
#include "contract.h"
#include "ktap.h"
#include "others.h"
#include "site.h"

/* Off and on, or a reset. */
static const char *there_and_back(struct others *o, const struct site *s)
{
	const char *why = NULL;
	int err = s->off ? s->off(o->device) : 0;

	if (err)
		return ktap_say("off: error %d", -err);
	if (s->off)
		why = others_all_sigbus(o);
	/* Also after a failure: the device is to be left as it was found. */
	err = s->on(o->device);
	if (err)
		why = first_of(why, ktap_say("on: error %d", -err));
	return first_of(why, others_all_right(o));
}

/* What the site makes reachable while memory is disabled is not. */
static const char *while_disabled(struct others *o, const struct site *s)
{
	const char *why = NULL;

	if (device_memory_enable(o->device, false))
		return "disable failed";
	if ((s->off && s->off(o->device)) || s->on(o->device))
		why = "off and on failed, with memory disabled";
	why = first_of(why, others_all_sigbus(o));
	if (device_memory_enable(o->device, true))
		return first_of(why, "enable failed");
	return first_of(why, others_all_right(o));
}

/* And memory that is enabled while the device sleeps is not reachable yet. */
static const char *enabled_while_off(struct others *o, const struct site *s)
{
	const char *why = NULL;

	if (device_memory_enable(o->device, false) || s->off(o->device))
		return "disable and off failed";
	/* Wakes up whoever wanted to be woken, and then it is on. */
	if (s != &sites[SITE_WAKE_UP]) {
		if (device_memory_enable(o->device, true))
			why = "enable failed";
		why = first_of(why, others_all_sigbus(o));
	}
	if (s->on(o->device))
		return first_of(why, "on failed");
	if (device_memory_enable(o->device, true))
		return first_of(why, "enable failed");
	return first_of(why, others_all_right(o));
}

static const char *at_device(struct contract *c, struct device *d,
			     const struct site *s)
{
	struct others o = {.contract = c, .device = d};
	const char *why = others_start(&o);

	if (why)
		return why;
	why = others_map(&o);
	/* Twice: what the first round left behind, the second one finds. */
	for (int i = 0; !why && i < 2; i++)
		why = there_and_back(&o, s);
	if (!s->writes_memory_enable) {
		why = first_of(why, while_disabled(&o, s));
		if (s->off)
			why = first_of(why, enabled_while_off(&o, s));
	}
	others_end(&o);
	return why ? ktap_say("%s: %s", d->id, why) : NULL;
}

const char *at_site(void *context, int id)
{
	struct contract *c = context;
	struct device *const devices[] = {&c->bar, &c->flr};
	const struct site *s = &sites[id];
	const char *missing = NULL, *why = NULL;
	int tried = 0;

	for (size_t i = 0; !why && i < 2; i++) {
		const char *no = s->missing(devices[i]);

		if (no) {
			missing = no;
			continue;
		}
		why = at_device(c, devices[i], s);
		tried++;
	}
	return tried ? why : ktap_say("SKIP no device here: %s", missing);
}

/* A reset takes the device to D0, and so makes it reachable. */
const char *reset_in_d3hot(void *context)
{
	struct contract *c = context;
	struct others o = {.contract = c, .device = &c->flr};
	const char *why;

	if (sites[SITE_D3HOT].missing(&c->flr))
		return "SKIP no device here has power states";
	why = others_start(&o);
	if (why)
		return why;
	why = others_map(&o);
	for (int hot = 0; !why && hot < 2; hot++) {
		if (sites[SITE_D3HOT].off(&c->flr) ||
		    sites[hot ? SITE_HOT_RESET : SITE_RESET].on(&c->flr))
			why = "D3hot or reset failed";
		why = first_of(why, others_all_right(&o));
	}
	others_end(&o);
	return why;
}

/* A reset ends no low-power mode that was asked for. */
const char *reset_in_low_power(void *context)
{
	struct contract *c = context;
	struct others o = {.contract = c, .device = &c->bar};
	const char *why = sites[SITE_LOW_POWER].missing(&c->bar);

	if (why)
		return ktap_say("SKIP %s", why);
	why = others_start(&o);
	if (why)
		return why;
	why = others_map(&o);
	for (int hot = 0; !why && hot < 2; hot++) {
		if (sites[SITE_LOW_POWER].off(&c->bar) ||
		    sites[hot ? SITE_HOT_RESET : SITE_RESET].on(&c->bar))
			why = "low power or reset failed";
		why = first_of(why, others_all_sigbus(&o));
		if (sites[SITE_LOW_POWER].on(&c->bar))
			why = first_of(why, "low-power exit failed");
		why = first_of(why, others_all_right(&o));
	}
	others_end(&o);
	return why;
}
