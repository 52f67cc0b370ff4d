// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/compare/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/doc.h"

const char *const finding_words[FOUND_COUNT] = {
	[FOUND_SAME] = "same",	     [FOUND_NONE] = "no-change",
	[FOUND_BETTER] = "better",   [FOUND_WORSE] = "worse",
	[FOUND_DIFFERS] = "differs", [FOUND_UNRESOLVED] = "unresolved",
	[FOUND_WAIT] = "wait",
};

/* Percent with two or three digits that say something, and a sign. */
static const char *percent_text(char text[WORDS_SIZE], double percent)
{
	double size = fabs(percent);

	if (isinf(percent))
		snprintf(text, WORDS_SIZE, "%cinf", percent > 0 ? '+' : '-');
	else if (size == 0)
		snprintf(text, WORDS_SIZE, "0");
	else if (percent == -100)
		snprintf(text, WORDS_SIZE, "-100%%");
	else if (size >= 1e6)
		snprintf(text, WORDS_SIZE, "%+.1e%%", percent);
	else if (size >= 100 && percent > 0)
		snprintf(text, WORDS_SIZE, "%+.0f%%", percent);
	else if (size >= 1 && percent > -99)
		snprintf(text, WORDS_SIZE, "%+.1f%%", percent);
	else if (percent <= -99 && percent > -100)
		snprintf(text, WORDS_SIZE, "-%.4g%%", fmin(size, 99.99));
	else if (size >= 0.01)
		snprintf(text, WORDS_SIZE, "%+.2f%%", percent);
	else
		snprintf(text, WORDS_SIZE, "%+.1g%%", percent);
	return text;
}

const char *change_text(char text[WORDS_SIZE], double percent)
{
	char number[32];

	if (isinf(percent) && percent > 0)
		return strcpy(text, "from 0");
	if (percent >= 900 && percent < 1e9) {
		double ratio = percent / 100 + 1;

		if (ratio < 1000)
			ratio_text(number, sizeof(number), ratio);
		else
			grouped(number, (uint64_t)(ratio + 0.5));
		snprintf(text, WORDS_SIZE, "%sx", number);
		return text;
	}
	return percent_text(text, percent);
}

const char *interval_text(char text[WORDS_SIZE], const struct contrast *row)
{
	char low[WORDS_SIZE], high[WORDS_SIZE];

	if (row->low == row->high)
		return strcpy(text, "");
	percent_text(low, row->low);
	percent_text(high, row->high);
	snprintf(text, WORDS_SIZE, "[%.20s, %.20s]", low, high);
	return text;
}

const char *per_page_text(char text[WORDS_SIZE], const struct contrast *row)
{
	double difference =
		(double)row->side[1].shown - (double)row->side[0].shown;
	double each;

	if (!row->nature.pages || !difference)
		return strcpy(text, "");
	each = difference / (double)row->nature.pages;
	if (fabs(each) >= 1000)
		snprintf(text, WORDS_SIZE, "%+.0f", each);
	else if (fabs(each) >= 0.005)
		snprintf(text, WORDS_SIZE, "%+.2f", each);
	else
		*text = '\0';
	return text;
}

double change_size(const struct contrast *row)
{
	double a = (double)row->side[0].shown, b = (double)row->side[1].shown;

	if (a == b)
		return 0;
	return a > 0 && b > 0 ? fabs(log(b / a)) : INFINITY;
}

bool has_changed(const struct contrast *row)
{
	return row->finding == FOUND_BETTER || row->finding == FOUND_WORSE ||
	       row->finding == FOUND_DIFFERS;
}

bool is_judged(const struct contrast *row)
{
	return !row->tail && !row->sum && !row->nature.control;
}
