#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pfnbench devices in a guest, on a sysfs that nobody made up: tests/guest/devices.sh
# BASE. TAP.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
# shellcheck source=tests/cli/tap.sh
. "$ROOT/tests/cli/tap.sh"

(($# == 1)) || die "$EXIT_USAGE" usage "tests/guest/devices.sh BASE"
base=$1
folder=$BUILD/devices.d/$base
mkdir -p "$folder" "$CACHE/guest"
"$SCRIPTS/kernel/kernel-build" "$base" huge-fault >"$folder/kernel.json"
"$SCRIPTS/guest/initramfs" "$folder/initramfs" pfnbench
bar=$CACHE/guest/bar-1G
[[ -f $bar ]] || "$BUILD/pfnbench" stamp "$bar" 1G

# Looks, each a JSON: as guest-init leaves it; while a process has one VFIO group
# open, then the other; with nvme's own driver; while a process has its node open.
cat >"$folder/command" <<'END'
for device in /sys/bus/pci/devices/*; do
	read -r id <$device/device
	[ $id != 0x0010 ] || nvme=${device##*/}
done
look_while_open() { # node
	sleep 1000 <$1 &
	pfnbench devices --json
	kill $!
	wait $! 2>/dev/null
}
{
	pfnbench devices --json
	for group in /dev/vfio/[0-9]*; do look_while_open $group; done
	echo $nvme >/sys/bus/pci/drivers/vfio-pci/unbind
	echo >/sys/bus/pci/devices/$nvme/driver_override
	echo $nvme >/sys/bus/pci/drivers_probe
	sleep 1
	pfnbench devices --json
	look_while_open /dev/nvme0
	pfnbench devices --check $nvme && echo '"allowed"'
	pfnbench devices --check 0000:00:1f.0 || echo '"refused"'
} >$RESULTS
END
try "$SCRIPTS/guest/guest" --kernel "$("$SCRIPTS/kernel/kernel-path" "$base" huge-fault)" \
	--mode plain --initramfs "$folder/initramfs" --console "$folder/console" \
	--results "$folder/looks" --bar "$bar" --timeout 200 \
	--command "$(<"$folder/command")"
expect "the guest ran" 0 '^ok$'

# A test of what all looks say: $name, and a program for jq on all of them.
# shellcheck disable=SC2016 # jq's own variables
says() # name program
{
	check "$1" jq -es '
		def one($id): .[] | select(.id == $id);
		def nvme: one("1b36:0010"); def ivshmem: one("1af4:1110");
		def codes: .reasons | map(.code) | unique;
		'"$2" "$folder/looks"
}
says "five looks and two checks" 'map(type) == ["array", "array", "array", "array", "array", "string", "string"]'
says "bridges are refused" '.[0] | map(select(.class[:2] == "06")) | length > 2
	and all(.[]; .reasons | any(.code == "bridge"))'
says "the ivshmem may be used, its BAR has 1 GiB" '.[0] | ivshmem
	| .usable and .driver == "vfio-pci" and any(.bars[]; .size == 1073741824 and .mappable)'
says "the nvme may be used, and can be reset" '.[0] | nvme
	| .usable and .driver == "vfio-pci" and (.reset_methods | test("flr"))'
says "each is alone in its group" '.[0] | all(nvme, ivshmem; .iommu_group.others == [])'
says "the port that results leave through is open" '.[0] | one("1af4:1043")
	| codes == ["open"] and (.usable_forced | not)'
says "a group that is open refuses its device, and only that" '
	[.[1:3][] | [(nvme | codes), (ivshmem | codes)]] | sort == [[[], ["open"]], [["open"], []]]'
says "with a driver of its own it may be used" '.[3] | nvme | .usable and .driver == "nvme"'
says "not while a process has its node open" '.[4] | nvme | codes == ["open"]
	and (.reasons[0].text | test("[(]sleep[)] has /dev/nvme0 open"))'
says "a check says the same" '.[5:] == ["allowed", "refused"]'
end_tests
