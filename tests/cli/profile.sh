#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What make profile, pfnprofile and the plugin refuse, and what pfnprofile makes
# of a raw file: without a guest. TAP.
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=scripts/lib.sh
. "$top/scripts/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
pfnprofile=$BUILD/pfnprofile

cat >symbols <<'END'
400000 400100 f pfnbench:all
ffffffff81000000 ffffffff81000100 f do_fault
ffffffff81000100 ffffffff81000120 f insert
ffffffff81000200 ffffffff81000240 c do_fault.cold
END
# Two rounds of one phase, the second with the cold part; then one that waits.
cat >raw <<'END'
pfnplugin 1
cell first-touch target=1af4:1110,length=8K
phase first-touch-total 1 0 0 100
i 400010 10 1 2
i ffffffff81000000 3 4 5
i ffffffff81000004 47 0 0
i ffffffff81000100 40 1 1
n 1 0 [interrupt] 0
n 2 0 [other-task] 0
n 3 0 400000 10
n 4 3 ffffffff81000000 50
n 5 4 ffffffff81000100 40
m walks 4
m walk-reads 16
phase first-touch-total 1 0 0 7
i ffffffff81000200 7 0 0
n 1 0 [interrupt] 0
n 2 0 [other-task] 0
n 3 0 400000 0
n 4 3 ffffffff81000200 7
m walks 1
m walk-reads 3
phase munmap 1 0 2 5
i ffffffff91000000 5 0 0
n 1 0 [interrupt] 0
n 2 0 [other-task] 0
n 3 1 [kernel] 5
m walks 7
phase munmap 1 0 2 0
n 1 0 [interrupt] 0
phase touch 2 1 0 1
i 400010 1 0 0
n 1 0 400000 1
cell bring-up target=1af4:1110,length=8K
phase mmap 1 0 0 9
i 400010 9 0 0
n 1 0 400000 9
end
END
cat >result <<'END'
{"type":"environment","format":1}
{"type":"cell","benchmark":"first-touch","parameters":{"target":"1af4:1110","length":"8K"},"phases":[{"name":"first-touch-total","unit":"instructions","tally":[[7,1],[100,1]]},{"name":"munmap","unit":"instructions","tally":[[1005,1]]},{"name":"faults","unit":"faults","tally":[[2,1]]}]}
{"type":"cell","benchmark":"bring-up","parameters":{"target":"1af4:1110","length":"8K"},"phases":[{"name":"mmap","unit":"instructions","tally":[[9,1]]}]}
{"type":"end","cells":2}
END

row() # phase function: instructions calls loads stores pages
{
	awk -F '\t' -v phase="$1" -v name="$2" '$3 == phase && $4 == name {
		print $5, $6, $7, $8, $9 }' out/functions.tsv
}

stack() # phase
{
	cat "out/stacks/first-touch,target=1af4:1110,length=8K,$1.folded"
}

tables() # symbols raw result
{
	rm -rf out
	"$pfnprofile" tables "$1" "$2" "$3" out
}

check "a raw file becomes tables" tables symbols raw result
try row first-touch-total do_fault
expect "rounds and a cold part are one row; calls are of its first instruction" 0 '^57 3 4 5 4$'
try row first-touch-total pfnbench:all
expect "pfnbench's own functions" 0 '^10 0 1 2 4$'
try row mmap pfnbench:all
expect "of BARs of several sizes, no pages are told" 0 '^9 0 0 0 0$'
try row munmap '[idle]'
expect "what the clock skipped is a row" 0 '^1000 0 0 0 2$'
try row munmap '[kernel]'
expect "code without a symbol" 0 '^5 0 0 0 2$'
try grep -c '	touch	' out/functions.tsv
expect "stamps that overlap are left out" 1 '^0$'
try stack first-touch-total
expect "chains of both rounds" 0 '^pfnbench:all;do_fault 57$'
try stack munmap
expect "interrupts are apart" 0 '^\[interrupt\];\[kernel\] 5$'

try cat out/model.tsv
expect "what the model says of all rounds" 0 'first-touch-total	walk-reads	19$'
try grep munmap out/model.tsv
expect "one round without it is none" 1 '^$'

refuse() # name sed-script file why
{
	local name=$1 file=$3

	cp "$file" kept
	sed -i "$2" "$file"

	try tables symbols raw result
	mv kept "$file"
	expect "$name" 2 "$4"
	check "$name: no half of a table" test ! -e out/functions.tsv
}

leave_out() # name sed-script why
{
	cp result kept
	sed -i "$2" result
	try tables symbols raw result
	mv kept result
	expect "$1" 0 "$3"
}

leave_out "a phase whose tally is another is left out" 's/\[100,1\]/[101,1]/' \
	'first-touch-total: left out: 107 instructions were executed, the clock says 108'
try row first-touch-total do_fault
expect "and has no row" 0 '^$'
try row munmap '[kernel]'
expect "the others have" 0 '^5 '
leave_out "or less than was executed" 's/\[1005,1\]/[4,1]/' 'munmap: left out: 5 .* says 4'

refuse "instructions of an address that are wrong" 's/^i 400010 10 /i 400010 11 /' raw 'raw:15: damaged'
refuse "chains that are wrong" 's/ 50$/ 51/' raw 'raw:15: damaged'
refuse "a parent that is not there" 's/^n 5 4/n 5 9/' raw 'raw:12: damaged'
refuse "a raw file that was cut" '/^end/d' raw 'not whole'
refuse "a plugin that failed" 's/^phase munmap/failed no memory\n&/' raw 'raw:23: damaged'
refuse "another format" 's/pfnplugin 1/pfnplugin 2/' raw 'raw:1: damaged'
refuse "symbols that overlap" 's/^400000 400100/400000 ffffffff81000001/' symbols 'symbols:2: not FIRST END KIND NAME'
refuse "records that are none" 's/^{"type":"cell"/{{/' result 'not the records'

tr ' ' '\t' <symbols >tabbed.txt
tables symbols raw result
try "$pfnprofile" tables tabbed.txt raw result tabbed
check "tabs are as good as spaces" cmp tabbed/functions.tsv out/functions.tsv
# A function with one inlined in it, and in that another.
cat >code.c <<'END'
#define AT(name) __asm__ volatile(#name ": nop")
static inline __attribute__((always_inline)) void inner(void) { AT(inner_at); }
static inline __attribute__((always_inline)) void middle(void) { AT(middle_at); inner(); }
void outer(void) { AT(outer_at); middle(); }
void other(void) { AT(other_at); }
END
compile() # options...
{
	gcc -O2 -ffreestanding -fcf-protection=none -fno-pic -mcmodel=kernel -nostdlib -static -no-pie \
		-Wl,-Ttext=0xffffffff81000000,-e,outer,--build-id=none "$@" -o code code.c
}

at() # name
{
	nm code | awk -v name="$1" '$3 == name { print $1 }'
}

# The inlined rows of a phase: function, instructions, calls, loads.
inlined()
{
	cut -f4-7 out/inlined.tsv | tr '\t\n' ' ;'
}

check "code with debug information" compile -g
cat >raw.inlined <<END
pfnplugin 1
cell first-touch target=1af4:1110,length=8K
phase first-touch-total 1 0 0 107
i $(at outer_at) 4 1 0
i $(at middle_at) 20 2 0
i $(at inner_at) 30 3 0
i $(at other_at) 50 0 0
i 400010 3 0 0
n 1 0 400000 107
end
END
cat >symbols.inlined <<END
400000 400100 f pfnbench:all
$(at outer) $(at other) f outer
$(at other) ffffffff81001000 f other
END
rm -rf out
check "inlined functions are told apart" "$pfnprofile" tables symbols.inlined raw.inlined result out code
try inlined
expect "each has what is its own, calls are of functions" 0 \
	'^function instructions calls loads;other 50 50 0;inner 30 0 3;middle 20 0 2;outer 4 4 1;pfnbench:all 3 0 0;$'
try cut -f4-5 out/functions.tsv
expect "and are their caller's, as without" 0 '^outer	54$'
check "code without debug information" compile
rm -rf out
check "is fine" "$pfnprofile" tables symbols.inlined raw.inlined result out code
check "and has no inlined functions" test -f out/functions.tsv -a ! -e out/inlined.tsv
try "$pfnprofile" tables symbols raw result out raw
expect "what is no ELF file is refused" 2 'raw: not an ELF file'

try "$pfnprofile" tables symbols raw
expect "pfnprofile has a usage" 2 'usage: symbols VMLINUX PROGRAM'
try "$pfnprofile" symbols raw raw
expect "no ELF file has no symbols" 2 'raw: no ELF file with a symbol table'
try "$pfnprofile" symbols "$BUILD/pfnprofile" "$BUILD/pfnbench"
expect "a program's symbols" 0 ' f pfnbench:main$'

# QEMU loads it before it makes a machine of any use.
plugin() # arguments machine...
{
	timeout 20 qemu-system-x86_64 -M none,accel=tcg -display none -monitor none \
		-no-user-config -nodefaults -S -plugin "$BUILD/pfnplugin.so$1" "${@:2}" \
		</dev/null
}

if command -v qemu-system-x86_64 >/dev/null; then
	try plugin ""
	expect "the plugin wants its files" 1 'symbols=FILE and out=FILE needed'
	try plugin ",nonsense=1"
	expect "and nothing else" 1 'nonsense=1: not symbols=, out= or model=FILE'
	try plugin ",symbols=$work/none,out=$work/o" -M q35 -smp 1
	expect "symbols that are not there" 1 'none: No such file'
	try plugin ",symbols=$work/raw,out=$work/o" -M q35 -smp 1
	expect "symbols that are none" 1 'raw:1: not FIRST END KIND NAME'
	try plugin ",symbols=$work/symbols,out=$work/o,model=$work/symbols" -M q35 -smp 1
	expect "a model that is none" 1 'symbols:1: not NAME SIZE'
	printf 'l1d 48K 12\n' >part
	try plugin ",symbols=$work/symbols,out=$work/o,model=$work/part" -M q35 -smp 1
	expect "half a model" 1 'part:0: not all parts are there'
	try plugin ",symbols=$work/symbols,out=$work/o" -M q35 -smp 2
	expect "more than one vCPU" 1 'only x86_64 with one vCPU'
else
	skip "what the plugin refuses" "no QEMU"
fi

try env -C "$top" BASES=9.9 make -s profile
expect "make profile wants a base that is there" 2 'no such base'
try env -C "$top" PLAN=none make -s profile
expect "and a plan" 2 'no such plan'
try env -C "$top" KEEP=maybe make -s profile
expect "and KEEP=yes or no" 2 'neither yes nor no'
try env -C "$top" MODEL=/nonexistent make -s profile
expect "and a model that is there" 2 'MODEL=/nonexistent: cannot be read'
try "$BUILD/pfnbench" run --mark first-touch target=memfd length=4K
expect "--mark changes nothing that pfnbench says" 0 '"status":"ok"'
printf '1..%d\n' "$number"
((failures == 0)) || exit 1
