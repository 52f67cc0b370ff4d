# SPDX-License-Identifier: GPL-2.0-or-later
# Does every case of tests/statistics/cases again with R, and prints TAP: one
# test a statistic, with the first cases that differ. stdin: the cases.

numbers <- function(text) as.numeric(strsplit(text, " ", fixed = TRUE)[[1]])
near <- function(a, b) {
	length(a) == length(b) && all(a == b | abs(a - b) <= 1e-9 * pmax(1, abs(b)))
}

# binom.test() drops nothing: zeros are failures of either side.
sign_p <- function(x) {
	most <- max(sum(x > 0), sum(x < 0))
	if (most == 0) 1
	else min(1, 2 * binom.test(most, length(x), alternative = "greater")$p.value)
}

# The order of the lower end: qbinom is the least k with P(B <= k) >= alpha / 2.
ends <- function(sorted, order, missed) {
	n <- length(sorted)
	k <- max(order, 1)
	list(interval = c(sorted[k], sorted[n + 1 - k], median(sorted),
			  1 - min(1, missed(k - 1))),
	     reached = order > 0)
}

sign_ends <- function(x, alpha) {
	n <- length(x)
	order <- sum(2 * pbinom(0:n, n, 0.5) <= alpha * (1 + 1e-12))
	ends(sort(x), order, function(k) 2 * pbinom(k, n, 0.5))
}

rank_ends <- function(a, b, alpha) {
	m <- length(a)
	n <- length(b)
	order <- sum(2 * pwilcox(0:(m * n), m, n) <= alpha * (1 + 1e-12))
	ends(sort(outer(b, a, "-")), order, function(k) 2 * pwilcox(k, m, n))
}

# Every choice of the ranks that could have been the first arm's.
permutation_p <- function(a, b) {
	ranks <- rank(c(a, b))
	sums <- combn(length(ranks), length(a), function(i) sum(ranks[i]))
	had <- sum(ranks[seq_along(a)])
	min(1, 2 * min(mean(sums <= had + 1e-9), mean(sums >= had - 1e-9)))
}

same_ends <- function(f, from, want) {
	near(numbers(f[from]), want$interval) && (f[from + 1] == "1") == want$reached
}

check <- list(
	sign = function(f) {
		x <- numbers(f[1])
		near(numbers(f[3]), sign_p(x)) &&
			same_ends(f, 4, sign_ends(x, numbers(f[2])))
	},
	rank = function(f) {
		a <- numbers(f[1])
		b <- numbers(f[2])
		test <- suppressWarnings(wilcox.test(b, a, exact = TRUE,
			conf.int = TRUE, conf.level = 1 - numbers(f[3])))
		want <- rank_ends(a, b, numbers(f[3]))
		# Of a level that is reached exactly R takes the wider interval.
		m <- length(a)
		n <- length(b)
		exact <- any(abs(2 * pwilcox(0:(m * n), m, n) - numbers(f[3])) < 1e-12)
		near(numbers(f[4]), test$p.value) && same_ends(f, 5, want) &&
			near(want$interval[3], unname(test$estimate)) &&
			(!want$reached || exact ||
			 near(numbers(f[5])[1:2], as.numeric(test$conf.int)))
	},
	tied = function(f) {
		a <- numbers(f[1])
		b <- numbers(f[2])
		near(numbers(f[4]), permutation_p(a, b)) &&
			same_ends(f, 5, rank_ends(a, b, numbers(f[3])))
	},
	holm = function(f) near(numbers(f[2]), p.adjust(numbers(f[1]), "holm")),
	distribution = function(f) {
		x <- numbers(f[1])
		near(numbers(f[2]), c(pbinom(x[1], x[2], x[3]), qnorm(x[3])))
	},
	detectable = function(f) {
		x <- numbers(f[1])
		n <- length(x)
		alpha <- numbers(f[2])
		power <- numbers(f[3])
		order <- sum(2 * pbinom(0:n, n, 0.5) <= alpha * (1 + 1e-12))
		# P(Binomial(n, p) <= k - 1) is a beta tail in p.
		miss <- if (order == 0) NA else qbeta(power, order, n - order + 1, lower.tail = FALSE)
		c4 <- function() sqrt(2 / (n - 1)) * gamma(n / 2) / gamma((n - 1) / 2)
		least <- if (order == 0) Inf else -sd(x) / c4() * qnorm(miss)
		q <- 1:2000
		needs <- q[power^q + (1 - power)^q <= alpha][1]
		near(numbers(f[4]), c(least, needs))
	}
)

lines <- strsplit(readLines("stdin"), "\t", fixed = TRUE)
kinds <- vapply(lines, `[`, "", 1)
failed <- 0
for (kind in names(check)) {
	cases <- lines[kinds == kind]
	good <- vapply(cases, function(f) isTRUE(check[[kind]](f[-1])), TRUE)
	ok <- length(cases) > 0 && all(good)
	cat(sprintf("%s - %s: %d of %d random cases are R's\n",
		    if (ok) "ok" else "not ok", kind, sum(good), length(cases)))
	for (case in head(cases[!good], 3)) cat("#", paste(case, collapse = "; "), "\n")
	failed <- failed + !ok
}
quit(status = as.integer(failed > 0))
