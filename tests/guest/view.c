// SPDX-License-Identifier: GPL-2.0-or-later
#include "view.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/mman.h>

#include "access.h"
#include "ktap.h"
#include "pfnbench/stamp.h"

int view_map(struct view *v, const struct device *d, void *addr, uint64_t page,
	     uint64_t pages)
{
	void *p = mmap(addr, pages * STAMP_PAGE_SIZE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | (addr ? MAP_FIXED : 0), d->fd,
		       (off_t)(d->offset + page * STAMP_PAGE_SIZE));

	if (p == MAP_FAILED)
		return -errno;
	*v = view_at(p, page, pages);
	return 0;
}

void view_unmap(struct view *v)
{
	if (v->pages)
		munmap((void *)v->addr, v->pages * STAMP_PAGE_SIZE);
	v->pages = 0;
}

uint64_t view_want(const struct view *v, uint64_t i)
{
	return v->constant ? v->constant : stamp_of((uint32_t)(v->page + i));
}

struct sight view_look(const struct view *v)
{
	struct sight s = {0};

	for (uint64_t i = 0; i < v->pages; i++) {
		uint64_t value = 0;

		switch (access_read(v->addr + i * STAMP_PAGE_SIZE, &value)) {
		case ANSWER_SIGBUS:
			s.sigbus++;
			break;
		case ANSWER_SIGSEGV:
			s.sigsegv++;
			break;
		case ANSWERED:
			if (value == view_want(v, i)) {
				s.right++;
				break;
			}
			s.wrong++;
			s.odd = value;
		}
	}
	return s;
}

const char *view_all_right(const struct view *v)
{
	struct sight s = view_look(v);

	if (s.right == v->pages)
		return NULL;
	return ktap_say("of %" PRIu64 " pages %" PRIu64 " raised SIGBUS, "
			"%" PRIu64 " SIGSEGV, and %" PRIu64
			" were wrong (%#" PRIx64 ")",
			v->pages, s.sigbus, s.sigsegv, s.wrong, s.odd);
}

const char *view_all_sigbus(const struct view *v)
{
	struct sight s = view_look(v);

	if (s.sigbus == v->pages)
		return NULL;
	return ktap_say("leak: of %" PRIu64 " pages %" PRIu64
			" were answered (%#" PRIx64 "), %" PRIu64
			" raised SIGSEGV",
			v->pages, s.right + s.wrong, s.odd, s.sigsegv);
}
