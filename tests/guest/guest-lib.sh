# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The contract in a guest. Sourced after lib.sh, never run.

# Makes what every boot of the contract needs: the guest's files and its BAR.
prepare_contract() # folder
{
	mkdir -p "$1" "$CACHE/guest"
	"$SCRIPTS/guest/initramfs" "$1/initramfs" contract
	bar=$CACHE/guest/bar-1G
	[[ -f $bar ]] || "$BUILD/pfnbench" stamp "$bar" 1G
}

# Boots @kernel and runs `contract @arguments`. Sets status, how the guest ended;
# leaves FOLDER/console and FOLDER/ktap.
boot_contract() # folder kernel vcpus timeout arguments...
{
	local folder=$1 kernel=$2 vcpus=$3 timeout=$4 arguments

	shift 4
	printf -v arguments '%q ' "$@"
	: >"$folder/ktap"
	# Several CPUs are to run at the same time, which they do not in count
	# mode.
	# shellcheck disable=SC2034 # for those who source this
	status=$("$SCRIPTS/guest/guest" --kernel "$kernel" --mode plain \
		--vcpus "$vcpus" --initramfs "$folder/initramfs" \
		--console "$folder/console" --results "$folder/ktap" \
		--bar "$bar" --bar-size 1G --timeout "$timeout" \
		--command "contract $arguments>\$RESULTS") || true
}
