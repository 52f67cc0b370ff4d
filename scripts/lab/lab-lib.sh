# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The state of a lab, and what its scripts do with the host. Sourced after lib.sh
# and host-lib.sh, never run; docs/LAB.md has the states.
#
# A file of LAB is replaced whole and is on the disk before anything is done that
# the host may not come back from.

# shellcheck disable=SC2034 # for those who source this
readonly LAB=$STATE/lab
readonly BOOT=${PFNBENCH_BOOT:-/boot} UNITS=${PFNBENCH_UNITS:-/etc/systemd/system}
# shellcheck disable=SC2034 # the same
readonly KNOWN_KERNELS=${PFNBENCH_KERNELS:-/usr/lib/pfnbench}
readonly SERVICE=pfnbench-lab.service RESCUE=pfnbench-lab-rescue
# Times that a cell is tried.
# shellcheck disable=SC2034 # the same
readonly ATTEMPTS=2

running_release()
{
	cat "$PROC/sys/kernel/osrelease"
}

# Replaces LAB/@name by what stdin has.
keep() # name
{
	# Also where a failure does not end the caller.
	cat >"$LAB/$1.partial" &&
		sync "$LAB/$1.partial" &&
		mv "$LAB/$1.partial" "$LAB/$1" &&
		sync "$LAB"
}

# Of LAB/plan.json, which does not change.
planned() # jq-filter
{
	jq -r "$1" "$LAB/plan.json"
}

# Where the lab is: stage, cell (a line of LAB/schedule), attempt, boot_id and
# release of what was started last, broken (cells), returns (attempts to boot back),
# reason.
position() # jq-filter
{
	jq -r "$1" "$LAB/position.json"
}

cells()
{
	wc -l <"$LAB/schedule"
}

# One line for people, in a file, too.
tell() # words
{
	printf '%s\n' "$*" | keep status
	printf '%s %s\n' "$(date '+%F %T')" "$*" >>"$LAB/log"
	printf 'pfnbench lab: %s\n' "$*" >&2
}

stop_wanted()
{
	[[ -e $LAB/stop ]]
}

lab_exists()
{
	[[ -s $LAB/position.json && -s $LAB/plan.json ]]
}

# Whether a lab began and has not ended.
lab_open()
{
	lab_exists && [[ $(position .stage) != "done" ]]
}

install_units()
{
	# It may take as long as it takes; behind what a boot still does.
	keep_unit "$SERVICE" <<-UNIT
		[Unit]
		Description=pfnbench lab: measures on this kernel, and boots the next
		After=multi-user.target
		RequiresMountsFor=${SCRIPTS%/*} $LAB $(planned .run)
		OnFailure=$RESCUE.service

		[Service]
		Type=exec
		ExecStart=$SCRIPTS/lab/lab-step
		Environment="PFNBENCH_STATE=$STATE" "BUILD=$BUILD" "PFNBENCH_RESULTS_DIR=$RESULTS_DIR" "PFNBENCH_PLANS_DIR=$PLANS_DIR" "HOME=${HOME:-/root}"
		KillMode=mixed

		[Install]
		WantedBy=multi-user.target
	UNIT
	# A boot that ends in an emergency shell, or a step that was killed, must not
	# leave the host in that kernel.
	keep_unit "$RESCUE.service" <<-UNIT
		[Unit]
		Description=pfnbench lab: boots back where nothing is measured
		DefaultDependencies=no
		IgnoreOnIsolate=yes

		[Service]
		Type=oneshot
		ExecStart=$SCRIPTS/lab/lab-step --rescue
		Environment="PFNBENCH_STATE=$STATE"
	UNIT
	keep_unit "$RESCUE.timer" <<-UNIT
		[Unit]
		Description=pfnbench lab: looks whether something is measured
		DefaultDependencies=no
		IgnoreOnIsolate=yes

		[Timer]
		OnBootSec=15min
		OnUnitActiveSec=15min

		[Install]
		WantedBy=sysinit.target
	UNIT
	systemctl daemon-reload
	systemctl enable "$SERVICE" "$RESCUE.timer" 2>>"$LAB/log"
}

keep_unit() # name
{
	cat >"$UNITS/$1.partial" &&
		sync "$UNITS/$1.partial" &&
		mv "$UNITS/$1.partial" "$UNITS/$1"
}

remove_units()
{
	systemctl disable "$SERVICE" "$RESCUE.timer" 2>>"$LAB/log" || true
	rm -f "$UNITS/$SERVICE" "$UNITS/$RESCUE".{service,timer}
	systemctl daemon-reload 2>>"$LAB/log" || true
	systemctl stop "$RESCUE.timer" 2>>"$LAB/log" || true
}

# Loads a kernel for kexec. The older call first: the other has the kernel hash the
# image, which stalls a CPU of a slow guest for long; only that one is allowed where
# kernels have to be signed.
load_kernel() # image options...
{
	kexec -c -l "$@" || kexec -s -l "$@"
}

# A broken boot in the words of scripts/guest/boot: the tail of what was said is stdin.
broken_json() # base variant boot reason attempts
{
	jq -Rn --arg base "$1" --arg variant "$2" --argjson boot "$3" \
		--arg reason "$4" --argjson attempts "$5" \
		'{type: "broken", format: 1, base: $base, variant: $variant,
		  boot: $boot, reason: $reason, attempts: $attempts,
		  console_tail: [inputs]}'
}
