#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make torture: how a guest is judged, and what is run, kept and told. A
# stand-in for QEMU plays the guests; no kernel is built and none boots.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-torture.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts=$top/scripts
unset KSRC RESULTS SEED VARIANTS BASES CONFIGS DURATION VCPUS MEMORY

# --- a house of our own ----------------------------------------------------

export PFNBENCH_VARIANTS_DIR=$work/variants PFNBENCH_CACHE=$work/cache
export PFNBENCH_SOURCES=$work/sources PFNBENCH_RESULTS_DIR=$work/results
export JOBS=1 PATH=$work/bin:$PATH
mkdir -p "$work"/{variants/config,variants/eager/6.12,cache/guest,sources,bin}
echo '6.12 linux-source-6.12' >"$work/variants/bases"
printf '%s\n' base eager >"$work/variants/variants"
echo CONFIG_VFIO=y >"$work/variants/config/minimal.config"
for config in debug kcsan; do
	printf '# On top of minimal.config\nCONFIG_%s=y\n' "$config" \
		>"$work/variants/config/$config.config"
done
cat >"$work/variants/eager/6.12/0001-eager.patch" <<'END'
--- a/include/linux/mm.h
+++ b/include/linux/mm.h
@@ -1,3 +1,4 @@ struct vm_operations_struct {
 int handle_mm_fault(struct vm_area_struct *vma,
+static inline int added_inline(int a)
 		    unsigned int flags);
--- a/mm/memory.c
+++ b/mm/memory.c
@@ -10,6 +10,9 @@ static int hunk_is_in(struct mm_struct *mm,
 	return 0;
 }
+static pmd_t *function_added(struct vm_area_struct *vma,
+			     pgprot_t prot)
 int defined_here(void)
END
echo source >"$work/sources/linux-source-6.12.tar.xz"
echo stamps >"$work/cache/guest/bar-1G"

# --- the judge -------------------------------------------------------------

ktap() # parts...; what the programs of a good guest print
{
	cat <<-END
		# part: contract
		KTAP version 1
		1..3
		ok 1 one mapping
		ok 2 no PUD # SKIP small
		not ok 3 kernel log is clean # 1 lines, the first: odd
		# part: race
		1..1
		ok 1 all of it
		# operations: 1000
		# zaps: 40
		# part: starve
		1..1
		ok 1 mmap
		# operations: 23
		# part: leaks
		# part: end
	END
}

console() # lines...; a good guest's console, and these in its part race
{
	printf '%s\r\n' 'pfnbench: guest runs' 'pfnbench: part contract' \
		'[    0.050000][    T0] tsc: Unable to calibrate against PIT' \
		'[    1.500000][    T1] pcieport 0000:00:03.0: unlocked secondary bus reset via: x' \
		'pfnbench: part race' "$@" 'pfnbench: part end' 'pfnbench: guest exit 0' \
		'[   30.875107][    T1] reboot: Power down'
}

judge() # jq-filter; of $work/guest
{
	try sh -c "'$scripts/torture/torture-judge' 6.12 eager '$work/guest' '${said:-ok}' | jq -r '$1'"
}

# A console with these lines has exactly this finding.
finds() # name finding lines...
{
	console "${@:3}" >"$work/guest.console"
	judge '.failures | join("; ")'
	number=$((number + 1))
	if [[ $output == "$2" ]]; then
		printf 'ok %d - %s\n' "$number" "$1"
		return
	fi
	failures=$((failures + 1))
	printf 'not ok %d - %s\n# wanted %s\n# found  %s\n' "$number" "$1" "$2" "$output"
}

ktap >"$work/guest.ktap"
console >"$work/guest.console"
judge '[.tests.passed, .tests.failed, .tests.skipped, .operations, .counts.zaps,
	(.failures | length), .expected, (.other_races | length)] | join(" ")'
expect "a good guest: tests, operations, counts, and nothing found" 0 '^3 0 1 1023 40 0 0 0$'

frames=(' defined_here+0x10/0x20' ' do_syscall_64+0x7/0x9')
race() # id function...; a report of KCSAN
{
	local id=$1 line

	shift
	for line in "$(printf '=%.0s' {1..66})" "BUG: KCSAN: data-race in ${pair:-a / b}" "" \
		"write to 0xffff888 of 8 bytes by task 71 on cpu 1:" "$@" "" \
		"read to 0xffff888 of 8 bytes by task 70 on cpu 0:" \
		" entry_SYSCALL_64_after_hwframe+0x7/0x9" "" \
		"value changed: 0x0 -> 0x1" "" \
		"Reported by Kernel Concurrency Sanitizer on:" \
		"CPU: 0 UID: 0 PID: 70 Comm: contract Not tainted" \
		"Hardware name: QEMU" "$(printf '=%.0s' {1..66})"; do
		printf '[   12.000100][%6s] %s\n' "$id" "$line"
	done
}

finds "a line that nobody knows" "kernel log: something odd" \
	'[   12.000000][   T70] something odd'
finds "a line without a caller" "kernel log: something odd" '[   12.000000] something odd'
finds "a warning, by name; its stack is not counted" \
	"WARNING: CPU: 0 PID: 70 at mm/memory.c:12 remap_pfn_vma+0x1/0x2" \
	'[   12.000000][   T70] WARNING: CPU: 0 PID: 70 at mm/memory.c:12 remap_pfn_vma+0x1/0x2' \
	'[   12.100000][   T70] Call Trace:' '[   12.200000][   T70]  <TASK>'
finds "but what another CPU says meanwhile is" \
	"BUG: KASAN: slab-use-after-free in x; kernel log: else" \
	'[   12.000000][   T70] BUG: KASAN: slab-use-after-free in x' \
	'[   12.000001][   T71] else'
finds "and what the same says much later" "BUG: sleeping function called; kernel log: later" \
	'[   12.000000][   T70] BUG: sleeping function called' '[   20.000000][   T70] later'
finds "the same twice is said once" "BUG: Bad page state (2 times)" \
	'[   12.000000][   T70] BUG: Bad page state' '[   22.000000][   T70] BUG: Bad page state'
for line in "INFO: task contract:70 blocked for more than 120 seconds." \
	"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:" \
	"WARNING: possible circular locking dependency detected" \
	"watchdog: BUG: soft lockup - CPU#0 stuck for 22s!" \
	"ODEBUG: free active (active state 0) object: x"; do
	finds "${line%% *} is a finding" "$line" "[   12.000000][   T70] $line"
done
mapfile -t lines < <(race T70 " vfs_read+0x1/0x2")
finds "a race of others is none" "" "${lines[@]}"
judge '.other_races | join(";")'
expect "but it is listed" 0 '^KCSAN: data-race in a / b$'
mapfile -t lines < <(race T70 "${frames[@]}")
finds "a race in a function next to our change" "KCSAN: data-race in a / b" "${lines[@]}"
mapfile -t lines < <(race T70 " vfio_pci_rw.isra.0+0x1/0x2")
finds "a race in vfio" "KCSAN: data-race in a / b" "${lines[@]}"
for function in hunk_is_in function_added added_inline; do
	mapfile -t lines < <(race T70 " $function+0x1/0x2")
	finds "a race in $function" "KCSAN: data-race in a / b" "${lines[@]}"
done
mapfile -t lines < <(race T70 " update_wall_time+0x1/0x2" \
	" asm_sysvec_apic_timer_interrupt+0x1/0x2" "${frames[@]}")
finds "a race of an interrupt that came while we ran is none" "" "${lines[@]}"
for pair in "__call_rcu_common / mas_walk" "mas_wr_node_store / mas_walk" \
	"ktime_get_mono_fast_ns / timekeeping_update"; do
	mapfile -t lines < <(pair=$pair race T70 "${frames[@]}")
	finds "a race for what is not ours, $pair, is none" "" "${lines[@]}"
	judge '.other_races | join(";")'
	expect "but it is listed" 0 "^KCSAN: data-race in $pair\$"
done
pair=
mapfile -t lines < <(race T70 " handle_mm_fault+0x1/0x2")
finds "a prototype that a header's hunk shows is not ours" "" "${lines[@]}"
mapfile -t lines < <(race T70 " vfs_read+0x1/0x2")
finds "another line inside a race of others" "kernel log: odd" "${lines[@]:0:5}" \
	'[   12.000100][   T70] odd' "${lines[@]:5}"
finds "another's warning inside a race of others" "WARNING: suspicious RCU usage" \
	"${lines[@]:0:5}" '[   12.000100][   T99] WARNING: suspicious RCU usage' "${lines[@]:5}"

short="vfio-pci 0000:01:00.0: BAR mappings not populated: -12"
finds "want of memory that nobody made" "kernel log: $short" "[   12.000000][   T70] $short"
finds "is expected while calls are starved" "" 'pfnbench: part starve' \
	"[   12.000000][   T70] $short" \
	'[   12.000000][   T70] Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF'
judge .expected
expect "and counted" 0 '^2$'
finds "so is a slab that gets no page, in its three lines" "" 'pfnbench: part starve' \
	'[   12.000000][   T70] SLUB: Unable to allocate memory on CPU 0 (of node 0) on node -1, gfp=0xcc0(GFP_KERNEL)' \
	'[   12.000000][   T70]   cache: page->ptl, object size: 64, buffer size: 96, default order: 0, min order: 0' \
	'[   12.000000][   T70]   node 0: slabs: 171, objs: 7182, free: 0'

console >"$work/guest.console"
ktap | sed 's/^ok 1 all of it/not ok 1 all of it # leak/' >"$work/guest.ktap"
judge '"\(.tests.failed) \(.failures[])"'
expect "a test that failed" 0 '^1 race: all of it # leak$'
ktap | sed 's/^ok 1 all of it/not ok 1 all of it # leak; kernel log: odd/' >"$work/guest.ktap"
judge '"\(.tests.failed) \(.failures[])"'
expect "the log is not the test's" 0 '^1 race: all of it # leak$'
ktap | sed 's/^ok 1 all of it/not ok 1 all of it # kernel log: odd/' >"$work/guest.ktap"
judge '"\(.tests.failed) \(.tests.passed) \(.failures | length)"'
expect "a test that fails for the log alone has passed" 0 '^0 3 0$'
ktap | sed '/^ok 1 mmap/d' >"$work/guest.ktap"
judge '.failures[]'
expect "a part that ended early" 0 '^starve: ended after 0 of 1 tests$'
ktap | sed '/^# part: race/,/^# part: starve/{s/^1\.\.1/1..0/;/^ok/d}' >"$work/guest.ktap"
judge '.failures[]'
expect "a part without a test" 0 '^race: ended after 0 of 0 tests$'
ktap | sed '/^# part: starve/,$d' >"$work/guest.ktap"
judge '.failures[]'
expect "a guest that came no further" 0 '^the guest came as far as part race$'
ktap | sed 's/^# part: leaks/&\nunreferenced object 0xffff8 (size 64):\n  comm "c", pid 1\n    [<0>] kmem_cache_alloc+0x1\/0x2\n    [<0>] copy_vma+0x1\/0x2/' >"$work/guest.ktap"
judge '.failures[]'
expect "a leak, by who allocated" 0 '^kmemleak: unreferenced object, allocated in copy_vma$'
ktap >"$work/guest.ktap"
said=panic
judge '.failures[]'
expect "a guest that did not end well" 0 '^guest: panic$'
unset said

# --- the guests ------------------------------------------------------------

for variant in base eager; do
	for config in debug kcsan; do
		# shellcheck source=/dev/null
		(
			export CONFIG=$config
			. "$scripts/lib.sh"
			. "$scripts/kernel/kernel-lib.sh"
			identify_source 6.12
			identify_kernel 6.12 "$variant"
			mkdir -p "$KERNEL_DIR"
			echo "image of $variant" >"$KERNEL_DIR/vmlinux"
			jq -n --arg variant "$variant" '{base: "6.12", variant: $variant,
				source: "s", source_sha256: "a", series_sha256: "b",
				config_sha256: "c", image_sha256: "d", compiler: "e",
				build_seconds: 7}' >"$KERNEL_DIR/info.json"
		)
	done
done
ktap >"$work/good.ktap"
console >"$work/good.console"
console '[   12.000000][   T70] WARNING: at mm' >"$work/bad.console"
cat >"$work/bin/qemu-system-x86_64" <<'FAKE'
#!/bin/bash
here=$(dirname "$0")/..
echo $$ >>"$here/pids"
for argument; do
	case $argument in
	file,id=results,path=*) results=${argument##*path=} ;;
	file,id=console,path=*) console=${argument##*path=} ;;
	esac
done
play=$(<"$here/play")
[[ $play != hang ]] || exec sleep 1000
cat "$here/good.ktap" >"$results"
cat "$here/$play.console" >"$console"
FAKE
chmod +x "$work/bin/qemu-system-x86_64"

torture() # play; then an environment
{
	echo "$1" >"$work/play"
	: >"$work/pids"
	try env "${@:2}" "$scripts/torture/torture"
}

boots() { wc -l <"$work/pids"; }

torture good VARIANTS="eager lazy"
expect "an unknown variant" 2 'lazy: no such variant'
torture good CONFIGS=fast
expect "an unknown config: there are" 2 'fast: no such config; there are debug kcsan minimal'
for duration in 0 5x -1 fast; do
	torture good DURATION=$duration
	expect "DURATION=$duration" 2 "^pfnbench: DURATION=$duration: not a duration"
done
torture good VCPUS=0
expect "VCPUS=0" 2 'VCPUS=0: not a number'
check "nothing was begun for any of these" test ! -e "$work/results"

torture good DURATION=10m
expect "every base, variant and config" 0 '^\[4/4\] 6\.12 eager kcsan: 3 tests, 1023 operations'
expect "and a table" 0 '^6\.12   eager       debug      300      3      0      1       1023        0      0$'
check "one QEMU a kernel" test "$(boots)" = 4
try jq -r '.guests | length, (.[3] | .variant, .config, .seconds, .image_sha256)' \
	"$work/results/torture/torture.json"
expect "torture.json has them" 0 '^4'
expect "with what ran" 0 '^eager$'
check "no unfinished file" test -z "$(find "$work/results" -name '*partial*')"
torture good DURATION=600s
expect "the same again is not run" 0 'tortured before'
check "no QEMU for it" test "$(boots)" = 0
torture bad DURATION=600s VARIANTS=eager CONFIGS="debug kcsan" SEED=2
expect "a finding: code 5, and its name" 5 '^    WARNING: at mm$'
expect "in the table too" 5 '^6\.12 eager debug: WARNING: at mm$'
torture good DURATION=600s VARIANTS=eager SEED=2
expect "it is not forgotten by the next call" 5 'tortured before'
torture good DURATION=600s VARIANTS=base
expect "and is no verdict on another kernel" 0 'eager debug: WARNING: at mm'

interrupt() # signal
{
	local torture try

	echo hang >"$work/play"
	: >"$work/pids"
	SEED=3 setsid env --default-signal=INT "$scripts/torture/torture" >"$work/said" 2>&1 &
	torture=$!
	for ((try = 0; try < 100; try++)); do
		[[ ! -s $work/pids ]] || break
		sleep 0.1
	done
	kill "-$1" -- "-$torture"
	{ wait "$torture" && status=0 || status=$?; } 2>/dev/null
	for ((try = 0; try < 100; try++)); do
		kill -0 "$(<"$work/pids")" 2>/dev/null || return 0
		sleep 0.1
	done
	status=left
}
interrupt INT
check "Ctrl-C: code 130, and no QEMU is left" test "$status" = 130
interrupt KILL
check "SIGKILL: no QEMU is left" test "$status" != left

end_tests
