// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/why/flame.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/doc.h"
#include "report/why/table.h"

/* All in pixels, as the figure is in a report; text is 12 pixels high. */
#define WIDTH 960
#define MARGIN 10
#define ROW 18
#define LINE 19
#define LETTER 7.25 /* of the widest monospace font that is common */
#define NARROWEST 1.0 /* what is narrower is not drawn, but counted */
#define LEGEND_COLUMNS 4
#define INNER (WIDTH - 2 * MARGIN)

struct canvas {
	FILE *out;
	const struct flame *flame;
	const struct stacks *stacks;
	enum side side; /* whose widths are drawn */
	double bottom; /* y below the root of this panel */
	double most; /* the largest difference of a frame's own cost */
	size_t hidden; /* frames that are too narrow */
};

static void escape(FILE *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		switch (text[i]) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		default:
			fputc((unsigned char)text[i] < ' ' ? ' ' : text[i],
			      out);
		}
	}
}

static void words(const struct canvas *c, const char *class, double y,
		  const char *text)
{
	fprintf(c->out, "<text class=\"%s\" x=\"%d\" y=\"%.0f\">", class,
		MARGIN, y);
	escape(c->out, text, strlen(text));
	fputs("</text>\n", c->out);
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

static int64_t difference(const struct frame *f)
{
	return (int64_t)f->self[SIDE_AFTER] - (int64_t)f->self[SIDE_BEFORE];
}

static double largest_difference(const struct frame *f)
{
	double most = fabs((double)difference(f));

	for (const struct frame *c = f->first; c; c = c->next)
		most = fmax(most, largest_difference(c));
	return most;
}

/*
 * Red for more and blue for less, of the frame's own cost, deeper for more of it;
 * the root makes it visible that a difference of a quarter is half as deep as the
 * largest.
 */
static void difference_colour(const struct canvas *c, const struct frame *f,
			      char *colour, size_t size)
{
	double d = (double)difference(f);
	double depth = c->most > 0 ? sqrt(fabs(d) / c->most) : 0;
	int faded = (int)lround(238 - 130 * depth);
	int kept = (int)lround(238 + 17 * depth);

	if (d > 0)
		snprintf(colour, size, "#%02x%02x%02x", kept, faded, faded);
	else
		snprintf(colour, size, "#%02x%02x%02x", faded,
			 (int)lround(238 - 60 * depth), kept);
}

static void tell_plain(const struct canvas *c, const struct frame *f)
{
	const struct flame *flame = c->flame;
	uint64_t all = f->all[SIDE_AFTER], self = f->self[SIDE_AFTER];
	char text[32], each[32];

	fprintf(c->out, ": %s %s, %.1f %%", grouped(text, all), flame->unit,
		100 * share(all, c->stacks->sum[SIDE_AFTER]));
	if (flame->pages)
		fprintf(c->out, ", %s a page",
			page_text(each, all, flame->pages));
	fprintf(c->out, "; of its own %s; %s", grouped(text, self),
		topic_looks[f->topic].words);
}

static void tell_difference(const struct canvas *c, const struct frame *f)
{
	int64_t d = difference(f);
	char text[32];

	for (int side = SIDE_BEFORE; side < SIDES; side++) {
		fprintf(c->out, "%s%s %s", side ? ", " : ": ",
			c->flame->names[side], grouped(text, f->all[side]));
		fprintf(c->out, " (of its own %s)",
			grouped(text, f->self[side]));
	}
	fprintf(c->out, " %s; its own %s%s", c->flame->unit, d < 0 ? "-" : "+",
		grouped(text, (uint64_t)(d < 0 ? -d : d)));
}

/* As much of the name as there is room for; no crumbs. */
static void label(const struct canvas *c, const struct frame *f, double x,
		  double y, double width)
{
	double letters = (width - 6) / LETTER;
	size_t room = letters > 0 ? (size_t)letters : 0;

	if (room < 3 || (room < 6 && f->length > room))
		return;
	fprintf(c->out, "<text x=\"%.1f\" y=\"%.1f\">", x + 3, y + 13);
	if (f->length <= room) {
		escape(c->out, f->name, f->length);
	} else {
		escape(c->out, f->name, room - 2);
		fputs("..", c->out);
	}
	fputs("</text>", c->out);
}

static void draw_frame(struct canvas *c, const struct frame *f, double x,
		       double width, size_t level)
{
	double y = c->bottom - ROW * (double)level;
	char colour[16];

	fputs("<g><title>", c->out);
	escape(c->out, f->name, f->length);
	if (c->flame->names[SIDE_BEFORE])
		tell_difference(c, f);
	else
		tell_plain(c, f);
	fprintf(c->out,
		"</title><rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" "
		"height=\"%d\" ",
		x, y, fmax(width - 0.5, 0.3), ROW - 1);
	if (c->flame->names[SIDE_BEFORE]) {
		difference_colour(c, f, colour, sizeof(colour));
		fprintf(c->out, "fill=\"%s\" />", colour);
	} else {
		fprintf(c->out, "class=\"t%d\" />", f->topic);
	}
	label(c, f, x, y, width);
	fputs("</g>\n", c->out);
}

static size_t count_frames(const struct frame *f, enum side side)
{
	size_t count = 1;

	for (const struct frame *c = f->first; c; c = c->next)
		count += c->all[side] ? count_frames(c, side) : 0;
	return count;
}

static void draw_children(struct canvas *c, const struct frame *parent,
			  double x, size_t level)
{
	double whole = (double)c->stacks->sum[c->side];

	for (const struct frame *f = parent->first; f; f = f->next) {
		double width = INNER * (double)f->all[c->side] / whole;

		if (!f->all[c->side])
			continue;
		if (width < NARROWEST) {
			c->hidden += count_frames(f, c->side);
		} else {
			draw_frame(c, f, x, width, level);
			draw_children(c, f, x, level + 1);
		}
		x += width;
	}
}

/* How many rows are drawn above @parent. */
static size_t rows_of(const struct canvas *c, const struct frame *parent,
		      enum side side)
{
	double whole = (double)c->stacks->sum[side];
	size_t most = 0;

	for (const struct frame *f = parent->first; f; f = f->next) {
		size_t rows;

		if (!f->all[side] ||
		    INNER * (double)f->all[side] / whole < NARROWEST)
			continue;
		rows = 1 + rows_of(c, f, side);
		most = rows > most ? rows : most;
	}
	return most;
}

static void add_topics(const struct frame *f, uint64_t *costs)
{
	costs[f->topic] += f->self[SIDE_AFTER];
	for (const struct frame *c = f->first; c; c = c->next)
		add_topics(c, costs);
}

/* What the colours say, dearest first; returns the rows that it takes. */
static size_t legend(const struct canvas *c, double y)
{
	uint64_t costs[TOPIC_COUNT] = {0};
	size_t n = 0;

	for (const struct frame *f = c->stacks->frames->first; f; f = f->next)
		add_topics(f, costs);
	for (; n < TOPIC_COUNT; n++) {
		size_t most = 0;
		double x;

		for (size_t t = 1; t < TOPIC_COUNT; t++)
			most = costs[t] > costs[most] ? t : most;
		/* What rounds to nothing is not seen either. */
		if (share(costs[most], c->stacks->sum[SIDE_AFTER]) < 0.0005)
			break;
		x = MARGIN +
		    (double)(n % LEGEND_COLUMNS) * INNER / LEGEND_COLUMNS;
		if (c->out)
			fprintf(c->out,
				"<rect class=\"t%zu\" x=\"%.0f\" y=\"%.0f\" "
				"width=\"12\" height=\"12\" /><text "
				"class=\"faint\" x=\"%.0f\" y=\"%.0f\">%s "
				"%.1f %%</text>\n",
				most, x,
				y - 10 + (double)(n / LEGEND_COLUMNS * LINE),
				x + 17, y + (double)(n / LEGEND_COLUMNS * LINE),
				topic_looks[most].words,
				100 * share(costs[most],
					    c->stacks->sum[SIDE_AFTER]));
		costs[most] = 0;
	}
	return (n + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
}

static void style(const struct canvas *c)
{
	fputs("<style>\n"
	      "text { font: 12px ui-monospace, \"DejaVu Sans Mono\", "
	      "\"Liberation Mono\", Menlo, monospace; fill: #16191d; }\n"
	      ".ground { fill: #ffffff; }\n"
	      ".title { font-size: 14px; font-weight: bold; fill: #1f2328; }\n"
	      ".faint { fill: #4b535d; }\n"
	      "g:hover rect { stroke: #000000; }\n"
	      "@media (prefers-color-scheme: dark) {\n"
	      ".ground { fill: #14171c; }\n"
	      ".title { fill: #e4e7eb; }\n"
	      ".faint { fill: #b3bcc8; }\n"
	      "g:hover rect { stroke: #ffffff; }\n"
	      "}\n",
	      c->out);
	for (int t = 0; t < TOPIC_COUNT; t++)
		fprintf(c->out, ".t%d { fill: %s; }\n", t,
			topic_looks[t].colour);
	fputs("</style>\n", c->out);
}

static void head(const struct canvas *c, double height, const char *sum)
{
	fprintf(c->out,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
		"width=\"%d\" height=\"%.0f\" viewBox=\"0 0 %d %.0f\">\n"
		"<title>",
		WIDTH, height, WIDTH, height);
	escape(c->out, c->flame->title, strlen(c->flame->title));
	fputs("</title>\n<desc>", c->out);
	escape(c->out, sum, strlen(sum));
	fputs("</desc>\n", c->out);
	style(c);
	fprintf(c->out,
		"<rect class=\"ground\" width=\"%d\" height=\"%.0f\" />\n",
		WIDTH, height);
	words(c, "title", 22, c->flame->title);
	words(c, "faint", 22 + LINE, sum);
}

static void tell_hidden(const struct canvas *c, double y)
{
	char text[96];

	snprintf(text, sizeof(text),
		 "%zu frames narrower than %.1f pixels are not drawn.",
		 c->hidden, NARROWEST);
	if (c->hidden)
		words(c, "faint", y, text);
}

static void plain(struct canvas *c)
{
	const struct frame *root = c->stacks->frames;
	size_t rows = rows_of(c, root, SIDE_AFTER);
	double top = 34 + LINE, keys;
	struct canvas nowhere = *c;
	char sum[256], text[32], each[32] = "";

	nowhere.out = NULL;
	keys = LINE * (double)legend(&nowhere, 0);
	grouped(text, c->stacks->sum[SIDE_AFTER]);
	if (c->flame->pages)
		page_text(each, c->stacks->sum[SIDE_AFTER], c->flame->pages);
	snprintf(sum, sizeof(sum),
		 "%s %s%s%s%s; a frame is as wide as what it and its callees "
		 "execute",
		 text, c->flame->unit, *each ? ", " : "", each,
		 *each ? " a page" : "");
	head(c, top + ROW * (double)rows + 26 + keys + LINE, sum);
	c->bottom = top + ROW * (double)rows - ROW;
	c->side = SIDE_AFTER;
	draw_children(c, root, MARGIN, 0);
	legend(c, c->bottom + ROW + 24);
	tell_hidden(c, c->bottom + ROW + 24 + keys);
}

static void panel(struct canvas *c, enum side side, double top, size_t rows)
{
	const struct flame *flame = c->flame;
	char text[192], count[32];

	snprintf(text, sizeof(text), "As wide as in %.80s: %s %s",
		 flame->names[side], grouped(count, c->stacks->sum[side]),
		 flame->unit);
	words(c, "faint", top - 7, text);
	c->side = side;
	c->bottom = top + ROW * (double)rows - ROW;
	draw_children(c, c->stacks->frames, MARGIN, 0);
}

static void compared(struct canvas *c)
{
	const struct frame *root = c->stacks->frames;
	size_t after = rows_of(c, root, SIDE_AFTER);
	size_t before = rows_of(c, root, SIDE_BEFORE);
	double first = 44 + 2 * LINE;
	double second = first + ROW * (double)after + 40;
	double end = second + ROW * (double)before;
	char sum[256];

	c->most = largest_difference(root);
	snprintf(sum, sizeof(sum),
		 "red: %.80s executes more in the function itself; blue: less",
		 c->flame->names[SIDE_AFTER]);
	head(c, end + LINE + 12, sum);
	panel(c, SIDE_AFTER, first, after);
	panel(c, SIDE_BEFORE, second, before);
	tell_hidden(c, end + LINE);
}

void flame_print(const struct stacks *stacks, const struct flame *flame,
		 FILE *out)
{
	struct canvas c = {.out = out, .flame = flame, .stacks = stacks};

	if (flame->names[SIDE_BEFORE])
		compared(&c);
	else
		plain(&c);
	fputs("</svg>\n", out);
}
