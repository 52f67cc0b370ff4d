# SPDX-License-Identifier: GPL-2.0-or-later
# What `perf script -F ip,sym` prints, as folded stacks, counted: a sample is a
# line a frame, the innermost first, and an empty line. Of user mode, whose frames
# nobody here can tell from noise, there is one frame, [user]; what an interrupt
# did has the root [interrupt], whatever it interrupted.
#
# pfnbench tells perf by a FIFO when a phase begins and ends, and its own counters by
# ioctl(); perf samples that, too. It is no part of a phase, and none has such a call.

function name(text)
{
	gsub(/[;` \t]/, "_", text)
	return substr(text, 1, 255)
}

function take(    i, stack, deepest)
{
	if (!depth)
		return
	stack = ""
	for (i = depth; i >= 1; i--) {
		if (frames[i] == "[user]" && stack != "")
			continue
		if (frames[i] ~ /^asm_(sysvec_|common_interrupt|exc_nmi)/ && stack !~ /^\[interrupt\]/) {
			stack = "[interrupt];" frames[i]
			deepest = 2
		} else if (++deepest <= 192) {
			stack = stack (stack == "" ? "" : ";") frames[i]
		}
	}
	if (stack !~ /;((__x64_sys|__arm64_sys|ksys)_(read|write)|perf_ioctl)(;|$)/)
		count[stack]++
	depth = deepest = 0
}

# Frames of the kernel are in the upper half of the address space.
NF >= 2 {
	address = $1
	sub(/^[ \t]*[0-9a-f]+[ \t]+/, "")
	frames[++depth] = length(address) == 16 && address ~ /^[89a-f]/ ? name($0) : "[user]"
	next
}

{
	take()
}

END {
	take()
	for (stack in count)
		print stack, count[stack] | "LC_ALL=C sort"
}
