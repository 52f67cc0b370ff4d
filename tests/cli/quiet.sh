#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make quiet on a host that is a folder: what it sets, that it records it first,
# and that --restore puts it back exactly. TAP.
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PFNBENCH_SYSFS=$work/sys PFNBENCH_PROC=$work/proc PFNBENCH_STATE=$work/state
cpus=$work/sys/devices/system/cpu
unset SMT

put() # file text
{
	mkdir -p "$(dirname "$work/$1")"
	printf '%s\n' "$2" >"$work/$1"
}

# A systemctl of our own: a service is active where there is a file of its name.
mkdir -p "$work/bin"
cat >"$work/bin/systemctl" <<END
#!/bin/sh
case \$1 in
--quiet) test -e "$work/services/\$3" ;;
stop) rm "$work/services/\$2" ;;
start) touch "$work/services/\$2" ;;
esac
END
chmod +x "$work/bin/systemctl"
PATH=$work/bin:$PATH

make_host()
{
	local cpu

	rm -rf "${work:?}"/{sys,proc,services,state}
	mkdir -p "$work/services"
	touch "$work/services/irqbalance"
	for cpu in 0 1; do
		put "sys/devices/system/cpu/cpu$cpu/cpufreq/scaling_governor" powersave
		put "sys/devices/system/cpu/cpu$cpu/cpufreq/scaling_available_governors" "performance powersave"
		put "sys/devices/system/cpu/cpu$cpu/cpuidle/state0/disable" 0
		put "sys/devices/system/cpu/cpu$cpu/cpuidle/state0/latency" 2
		put "sys/devices/system/cpu/cpu$cpu/cpuidle/state1/disable" 0
		put "sys/devices/system/cpu/cpu$cpu/cpuidle/state1/latency" 133
	done
	put sys/devices/system/cpu/cpu1/cpufreq/scaling_governor schedutil
	put sys/devices/system/cpu/intel_pstate/no_turbo 0
	put sys/devices/system/cpu/smt/control on
	put sys/devices/system/cpu/smt/active 1
	put sys/kernel/mm/ksm/run 1
	put proc/sys/kernel/numa_balancing 1
	put proc/sys/kernel/random/boot_id one
	put sys/kernel/mm/transparent_hugepage/enabled never
}

# Everything that can be set, as one text.
host_state()
{
	(cd "$work" && grep -r '' sys proc | sort && ls services)
}

make_host
before=$(host_state)
try "$top/scripts/host/quiet" --restore
expect "nothing recorded is nothing to restore" 0 '^$'
check "which makes no folder" test ! -e "$work/state"
try "$top/scripts/host/quiet"
expect "quiet says what was" 0 'cpu1/cpufreq/scaling_governor: schedutil, now performance'
try cat "$cpus"/cpu?/cpufreq/scaling_governor "$cpus/intel_pstate/no_turbo" \
	"$cpus"/cpu?/cpuidle/state{0,1}/disable "$work/proc/sys/kernel/numa_balancing" \
	"$work/sys/kernel/mm/ksm/run"
output=$(tr '\n' ' ' <<<"$output")
expect "and it is set" 0 '^performance performance 1 0 0 1 1 0 0 $'
check "irqbalance is stopped" test ! -e "$work/services/irqbalance"
try cat "$cpus/smt/control"
expect "SMT is left alone" 0 '^on$'
try "$top/scripts/host/quiet"
expect "twice is as good as once" 0 'nothing to set that is not so'
expect "SMT is told of" 0 'SMT: on: make quiet SMT=off'
try env SMT=off "$top/scripts/host/quiet"
expect "SMT goes off where that is asked for" 0 'smt/control: on, now off'
try env SMT=on "$top/scripts/host/quiet"
expect "no other value is taken" 2 'SMT=on: only SMT=off is'
check "it is put back" "$top/scripts/host/quiet" --restore
check "exactly" test "$(host_state)" == "$before"
check "with nothing recorded any more" test ! -e "$work/state/quiet"
check "a second time changes nothing" "$top/scripts/host/quiet" --restore
check "really nothing" test "$(host_state)" == "$before"

# Killed between the record and the last change.
"$top/scripts/host/quiet" 2>/dev/null
put sys/devices/system/cpu/intel_pstate/no_turbo 0
check "what was only half done is put back" "$top/scripts/host/quiet" --restore
check "as it was" test "$(host_state)" == "$before"

"$top/scripts/host/quiet" 2>/dev/null
make_again=$(<"$work/state/quiet/record")
make_host
mkdir -p "$work/state/quiet"
printf '%s\n' "$make_again" >"$work/state/quiet/record"
put proc/sys/kernel/random/boot_id two
before=$(host_state)
try "$top/scripts/host/quiet" --restore
expect "after a reboot nothing is put back" 0 'restarted since'
check "nothing is touched" test "$(host_state)" == "$before"
check "and the record goes" test ! -e "$work/state/quiet"

printf '%s\n' "$make_again" >"$work/old" && mkdir -p "$work/state/quiet"
cp "$work/old" "$work/state/quiet/record"
check "quiet after a reboot" "$top/scripts/host/quiet"
check "records anew" "$top/scripts/host/quiet" --restore
check "what this boot had" test "$(host_state)" == "$before"

make_host
rm -rf "$cpus/intel_pstate" "$cpus"/cpu?/cpufreq "$cpus"/cpu?/cpuidle
try "$top/scripts/host/quiet"
expect "a host without cpufreq is fine" 0 'numa_balancing: 1, now 0'
rm "$work/proc/sys/kernel/numa_balancing"
try "$top/scripts/host/quiet" --restore
expect "what is gone is said" 0 'numa_balancing: no longer there: it was 1'

make_host
before=$(host_state)
mkdir -p "$work/state" && touch "$work/state/quiet"
try "$top/scripts/host/quiet"
expect "what can't be recorded is not changed" 5 "can't be written: nothing is set"
check "nothing of it" test "$(host_state)" == "$before"
try "$top/scripts/host/quiet" --loud
expect "an option that is none" 2 'quiet \[--restore\]'
end_tests
