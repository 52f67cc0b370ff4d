#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The scripts around a guest: what they refuse, what they make of a boot, and
# what they leave behind. A stand-in for QEMU plays the guests, so no kernel is
# built and none boots; building has tests of its own in kernels.sh.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-scripts.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts=$top/scripts
unset KSRC DEV RESULTS MODE BOOTS AA SEED EVENTS VARIANTS BASES PLAN KERNELS ROUNDS WRITE FORCE RANGE HOST

# The message is one line, and nothing else is said.
one_line()
{
	check "$1" test "$(wc -l <<<"$output")" = 1
}

# --- a house of our own ----------------------------------------------------

export PFNBENCH_VARIANTS_DIR=$work/variants PFNBENCH_CACHE=$work/cache
export PFNBENCH_SOURCES=$work/sources PFNBENCH_PLANS_DIR=$work/plans
export PFNBENCH_RESULTS_DIR=$work/results BUILD=$work/build
export CONFIG=minimal JOBS=2 PATH=$work/bin:$PATH
mkdir -p "$work"/{variants/config,variants/eager/6.12,cache/guest,sources,plans,bin,build}
echo '6.12 linux-source-6.12' >"$work/variants/bases"
printf '%s\n' base eager >"$work/variants/variants"
echo CONFIG_VFIO=y >"$work/variants/config/minimal.config"
echo patch >"$work/variants/eager/6.12/0001-eager.patch"
echo source >"$work/sources/linux-source-6.12.tar.xz"
echo 'first-touch target=memfd length=4K' >"$work/plans/default.plan"
cp "$work/plans/default.plan" "$work/plans/smoke.plan"
echo stamps >"$work/cache/guest/bar-1G"
cp "$(type -P true)" "$work/build/pfnbench"

built() # variant; puts a kernel into the cache as kernel-build would
{
	# shellcheck source=/dev/null
	(
		. "$scripts/lib.sh"
		. "$scripts/kernel/kernel-lib.sh"
		identify_source 6.12
		identify_kernel 6.12 "$1"
		mkdir -p "$KERNEL_DIR"
		echo "image of $1" >"$KERNEL_DIR/vmlinux"
		jq -n --arg variant "$1" '{base: "6.12", variant: $variant,
			config_sha256: "c", build_seconds: 7}' >"$KERNEL_DIR/info.json"
	)
}
built base
built eager

# QEMU's stand-in: does what the file `play` says, a word a boot, the last word
# for ever; writes its process id to `pids`.
cat >"$work/bin/qemu-system-x86_64" <<'FAKE'
#!/bin/bash
[[ $1 != --version ]] || { echo "QEMU emulator version 7.2.99 (fake)"; exit; }
here=$(dirname "$0")/..
echo $$ >>"$here/pids"
for argument; do
	case $argument in
	file,id=results,path=*) results=${argument##*path=} ;;
	file,id=console,path=*) console=${argument##*path=} ;;
	kvm) kvm=1 ;;
	esac
done
# Two guests may look at once.
exec 7>"$here/play.lock"
flock 7
play=$(head -n1 "$here/play")
[[ $(wc -l <"$here/play") == 1 ]] || sed -i 1d "$here/play"
exec 7>&-
[[ -z ${kvm:-} ]] || exit 1
environment='{"type":"environment","format":1}' cell='{"type":"cell"}'
end='{"type":"end","cells":1,"kernel_log":[]}'
echo "guest plays $play" >"$console"
case $play in
ok) printf '%s\n' "$environment" "$cell" "$end" >"$results" ;;
slow) sleep 1; printf '%s\n' "$environment" "$cell" "$end" >"$results" ;;
short) printf '%s\n' "$environment" "$cell" "${end:0:20}" >"$results" ;;
lying) printf '%s\n' "$environment" "$cell" "$cell" "$end" >"$results" ;;
splat) printf '%s\n' "$environment" "$cell" "${end/[]/[\"WARNING: at mm\"]}" >"$results" ;;
panic) echo "Kernel panic - not syncing: played" >"$console"; exit 0 ;;
killed) kill -KILL $$ ;;
hang) exec sleep 1000 ;;
esac
echo "pfnbench: guest exit 0" >>"$console"
FAKE
chmod +x "$work/bin/qemu-system-x86_64"

play() # words...
{
	printf '%s\n' "$@" >"$work/play"
	: >"$work/pids"
}

boots() { wc -l <"$work/pids"; }

none_left() # no QEMU is left within two seconds
{
	local pid try

	for ((try = 0; try < 20; try++)); do
		for pid in $(<"$work/pids"); do
			kill -0 "$pid" 2>/dev/null && sleep 0.1 && continue 2
		done
		return 0
	done
	return 1
}

started() # a QEMU runs
{
	local try

	for ((try = 0; try < 50; try++)); do
		[[ ! -s $work/pids ]] || return 0
		sleep 0.1
	done
	return 1
}

# --- what is asked for -----------------------------------------------------

bench()
{
	try env "$@" "$scripts/bench"
}

bench VARIANTS="eager lazy"
expect "an unknown variant: the valid ones" 2 '^pfnbench: lazy: no such variant; there are base eager$'
one_line "in one line"
bench VARIANTS="eager eager"
expect "the same variant twice" 2 'eager: the same variant twice'
bench BASES=9.99
expect "an unknown base" 2 '^pfnbench: 9\.99: no such base; there are 6\.12$'
bench PLAN=big
expect "an unknown plan: the valid ones" 2 '^pfnbench: big: no such plan; there are default smoke$'
for jobs in 0 -1 two 1.5; do
	bench JOBS=$jobs
	expect "JOBS=$jobs" 2 "^pfnbench: JOBS=$jobs: "
done
bench MODE=fast
expect "an unknown mode" 2 'MODE=fast: no such mode'
bench EVENTS='cycles;reboot'
expect "EVENTS that are no names" 2 'EVENTS=cycles;reboot: not a list of events'
bench DEV=0000:01:00.0 PFNBENCH_SYSFS=/nonexistent
expect "DEV is a device that there is" 2 '^pfnbench: DEV=0000:01:00.0: no such device'
bench KSRC="$work/none"
expect "KSRC that is not there" 2 "KSRC=$work/none: no such folder"
touch "$work/play"
bench RESULTS="$work/play/run"
expect "RESULTS below a file" 2 "$work/play is not a folder"
if ((EUID != 0)); then
	bench RESULTS=/proc/run
	expect "RESULTS that cannot be written" 2 '/proc/run: cannot be written'
fi
check "nothing was begun for any of these" test ! -e "$work/results" -a ! -e "$work/cache/trees"
printf 'MemAvailable: 1024 kB\n' >"$work/meminfo"
try env PFNBENCH_MEMINFO="$work/meminfo" "$scripts/guest/matrix"
expect "too little memory: one line" 2 '^pfnbench: memory: .* needs [0-9]+ MiB, 1 are available$'
rm -rf "$work/results"

# --- the guest's file system -----------------------------------------------

"$scripts/guest/initramfs" "$work/initramfs"
(umask 077 && cd / && "$scripts/guest/initramfs" "$work/initramfs-again")
check "initramfs: the same bytes again" cmp "$work/initramfs" "$work/initramfs-again"
try cpio --quiet -t <"$work/initramfs"
expect "initramfs: the program is in it" 0 '^bin/pfnbench$'
expect "initramfs: and its libraries" 0 'ld-linux|libc\.so'
expect "initramfs: and init" 0 '^init$'
check "initramfs: no test beside what measures" \
	sh -c "! cpio --quiet -t <'$work/initramfs' | grep -E 'bin/(contract|starve)'"
try cpio --quiet -tvn <"$work/initramfs"
check "initramfs: nobody's files and no time" \
	test "$(awk '{ print $3, $4 }' <<<"$output" | sort -u)" = "0 0"
try env BUILD="$work/none" "$scripts/guest/initramfs" "$work/other"
expect "initramfs: no program: what to do" 2 'pfnbench: not built; make build'
check "and nothing half-written" test ! -e "$work/other"

# --- one guest -------------------------------------------------------------

guest()
{
	rm -f "$work/status"
	try "$scripts/guest/guest" --kernel "$work/initramfs" --initramfs "$work/initramfs" \
		--bar "$work/play" --console "$work/console" \
		--results "$work/guest-results" "$@"
}

play ok
guest
expect "guest: runs" 0 '^ok$'
play panic
guest
expect "guest: a panic, though QEMU ends well" 5 '^panic$'
play killed
guest
expect "guest: QEMU is killed" 5 '^qemu$'
play hang
guest --timeout 1
expect "guest: hangs" 5 '^hang$'
check "and its QEMU is gone" none_left
guest --timeout soon
expect "guest: a bad number" 2 'timeout: soon is not'
guest --speed 1
expect "guest: an unknown option" 2 'speed: no such option'
guest --kernel "$work/none"
expect "guest: no kernel" 2 "$work/none: cannot be read"

# --- the matrix ------------------------------------------------------------

matrix()
{
	try env PLAN=smoke RESULTS="$work/run" "$@" "$scripts/guest/matrix"
}

boot_counts() # number
{
	[[ -f $work/run/6.12-eager/boot-$1.jsonl &&
		! -e $work/run/6.12-eager/boot-$1.broken.json ]]
}

broken() # which; prints the reason
{
	jq -r '"\(.reason), \(.attempts) attempts, \(.console_tail | join(" "))"' \
		"$work/run/6.12-$1.broken.json"
}

play slow ok
matrix
expect "matrix: a run, its folder is printed" 0 "^$work/run\$"
expect "with progress" 0 '^\[ 4/4\] 6\.12 (base|eager) boot [12]: '
check "one QEMU a boot" test "$(boots)" = 4
check "a result for each" test "$(find "$work/run" -name 'boot-*.jsonl' | wc -l)" = 4
check "and nothing unfinished" test -z "$(find "$work/run" -name '*partial*')"
try jq -e '.format == 1 and .mode == "count" and .boots == 2 and
	(.kernels | length) == 2 and .kernels[0].build_seconds == null and
	.qemu.version == "7.2.99 (fake)" and (.qemu.arguments | length) > 20 and
	.seconds.measure >= 0' "$work/run/run.json"
expect "run.json says what ran" 0 true
try grep -c "$work" "$work/run/run.json"
expect "and names no path of this machine" 1 '^0$'

play ok
matrix
expect "again: nothing is left to measure" 0 'measured already'
check "no QEMU for it" test "$(boots)" = 0
truncate -s -5 "$work/run/6.12-eager/boot-2.jsonl"
play ok
matrix
expect "a result that was cut short" 0 '^\[ 1/1\] 6\.12 eager boot 2'
check "only that boot is repeated" test "$(boots)" = 1
matrix SEED=2
expect "RESULTS of another run: what differs" 2 \
	"^pfnbench: RESULTS=$work/run: holds a run that differs in: .*seed"
matrix EVENTS=page-faults
expect "and of other events" 2 'holds a run that differs in: events$'
echo '{' >"$work/run/run.json"
matrix
expect "RESULTS with half a run.json" 2 'not whole'

# The longest length of a device, not of the stand-in, and a power of two.
printf '%s\n' '# length=64G' 'first-touch target=memfd length=8G' \
	'first-touch target=1af4:1110 length=1G,3G align=1G' \
	>"$work/plans/large.plan"
play ok
matrix PLAN=large RESULTS="$work/large"
expect "a plan of a larger BAR" 0 "^$work/large\$"
try jq -r '.qemu.arguments | join(" ")' "$work/large/run.json"
expect "has it in the machine" 0 'pci-hole64-size=8G .*,size=4G,'
check "and a sparse file behind it" test \
	"$(stat -c '%s %b' "$work/cache/guest/bar-4G")" = "4294967296 0"
rm "$work/plans/large.plan" "$work/cache/guest/bar-4G"

# The baseline under a second name, if it is among the variants.
mkdir -p "$work/twice/huge-fault/6.12"
cp -r "$work"/variants/{bases,config} "$work/twice"
echo huge-fault >"$work/twice/variants"
echo patch >"$work/twice/huge-fault/6.12/0001-common.patch"
PFNBENCH_VARIANTS_DIR=$work/twice built huge-fault
twice()
{
	matrix PFNBENCH_VARIANTS_DIR="$work/twice" RESULTS="$work/twice/run" "$@"
}
play ok
twice
expect "count mode has no A/A arm" 0 '^\[ 2/2\]'
rm -r "$work/twice/run"
twice AA=yes
expect "AA=yes: boots of the baseline under a second name" 0 \
	'^\[ 4/4\] 6\.12 huge-fault(\.again)? boot [12]: '
try jq -rc '.variants, (.kernels | map(.variant)), .boots' "$work/twice/run/run.json"
check "run.json has both names" test "$output" = \
	'["huge-fault","huge-fault.again"]
["huge-fault","huge-fault.again"]
2'
check "and the boots of each" test \
	"$(find "$work/twice/run/6.12-huge-fault.again" -name 'boot-*.jsonl' | wc -l)" = 2
twice AA=no
expect "another run without it" 2 'holds a run that differs in: .*variants'
twice AA=maybe
expect "AA is yes or no" 2 '^pfnbench: AA=maybe: neither yes nor no$'
play ok
rm -rf "$work/run"
matrix AA=yes
expect "no baseline, no A/A arm" 0 '^\[ 4/4\] 6\.12 (base|eager) boot'

# What scripts/blocks.sh says, by itself.
blocks() # command, with an environment before it
{
	try env "${@:2}" bash -c ". '$scripts/blocks.sh'; $1"
}
blocks schedule BASES=6.12 VARIANTS="a b c" BOOTS=4 SEED=1
check "blocks in pairs, forth and back, each pair one kernel further" test \
	"$(cut -d' ' -f2,3 <<<"$output" | tr '\n' ',')" = \
	"c 1,a 1,b 1,b 2,a 2,c 2,a 3,b 3,c 3,c 4,b 4,a 4,"
blocks schedule BASES="6.12 7.3" VARIANTS="a b c d e f g" BOOTS=12 SEED=5
check "each kernel once in a block" test \
	"$(sort <<<"$output" | uniq -d | wc -l) $(wc -l <<<"$output")" = "0 168"
check "and of two kernels each as often before the other" test -z \
	"$(awk '{ k = $1 $2; slot[k, $3] = NR; seen[k] }
	END { for (a in seen) for (b in seen) { first = 0
		for (i = 1; i <= 12; i++) first += slot[a, i] < slot[b, i]
		if (a != b && first != 6) print a, b, first } }' <<<"$output")"
for known in "1 1 6" "7 1 10" "7 2 12" "2 1 8"; do
	read -r variants bases wanted <<<"$known"
	blocks time_boots VARIANTS="$(seq -s ' ' "$variants")" \
		BASES="$(seq -s ' ' "$bases")"
	expect "blocks in time mode, $variants variants, $bases bases" 0 "^$wanted\$"
done
blocks wants_again VARIANTS="base huge-fault" MODE=time
check "time mode has an A/A arm" test "$status" = 0
blocks wants_again VARIANTS="base huge-fault" MODE=time AA=no
check "unless AA=no" test "$status" = 1

# Each word is a boot: the first one breaks once, the others twice, and one
# guest at a time keeps them in order.
rm -rf "$work/run"
play panic ok panic panic hang hang killed killed short short lying lying splat
matrix VARIANTS=eager BOOTS=7 TIMEOUT=1 JOBS=1
expect "broken boots are no end of a run" 5 "^$work/run\$"
expect "but are told of" 5 '^pfnbench: 6 boots: broken'
check "one that broke once counts" boot_counts 1
boot=1
for reason in "panic" "hang" "qemu" "no end record" "no end record" "kernel log"; do
	boot=$((boot + 1))
	try broken "eager/boot-$boot"
	expect "broken boot $boot: why, and its console" 0 \
		"^$reason, 2 attempts, .*(plays|played)"
	check "and no result of it" test ! -e "$work/run/6.12-eager/boot-$boot.jsonl"
done
try broken eager/boot-7
expect "the kernel's complaint is in it" 0 'WARNING: at mm'
rm -rf "$work/run"
play ok
matrix MODE=time BOOTS=1
expect "time without KVM: one line" 0 '^pfnbench: mode: count instead of time'
try jq -r .mode "$work/run/run.json"
expect "and the run says so" 0 '^count$'

# --- interruptions ---------------------------------------------------------

# A background job of a script ignores Ctrl-C; this one must not.
interrupt() # signal who
{
	local matrix

	rm -rf "$work/run"
	play hang
	PLAN=smoke RESULTS=$work/run setsid env --default-signal=INT \
		"$scripts/guest/matrix" >"$work/said" 2>&1 &
	matrix=$!
	started || true
	kill "-$1" -- "$2$matrix"
	{ wait "$matrix" && status=0 || status=$?; } 2>/dev/null
}

interrupt INT -
check "Ctrl-C: code 130" test "$status" = 130
check "Ctrl-C: no QEMU is left" none_left
check "Ctrl-C: no broken boot" test -z "$(find "$work/run" -name '*.broken.json')"
interrupt TERM ''
check "SIGTERM: no QEMU is left" none_left
interrupt KILL ''
check "SIGKILL: no QEMU is left" none_left
sleep 0.3
play ok
matrix
expect "and the next call resumes" 0 '^\[ 4/4\]'

end_tests
