# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the scripts that measure on a lab host share. Sourced after lib.sh, never
# run. PFNBENCH_SYSFS and PFNBENCH_PROC are where tests have a /sys and a /proc.

# shellcheck disable=SC2034 # for those who source this
readonly SYSFS=${PFNBENCH_SYSFS:-/sys} PROC=${PFNBENCH_PROC:-/proc}
# Of what was changed on this host, until it is put back.
# shellcheck disable=SC2034 # the same
readonly STATE=${PFNBENCH_STATE:-/var/lib/pfnbench}
# bench/parameters.h: no length is more.
readonly LONGEST=$((64 << 30))

device_folder() # address
{
	printf '%s/bus/pci/devices/%s\n' "$SYSFS" "$1"
}

# An address as sysfs has it; DEV=65:00.0 is of domain 0.
check_address() # address; prints it whole
{
	local address=${1,,}

	[[ $address == ????:* ]] || address=0000:$address
	[[ $address =~ ^[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$ ]] ||
		die "$EXIT_USAGE" "DEV=$1" "not the address of a device, such as 0000:65:00.0; make devices lists them"
	[[ -d $(device_folder "$address") ]] ||
		die "$EXIT_USAGE" "DEV=$1" "no such device; make devices lists them"
	printf '%s\n' "$address"
}

# The memory BARs of a device, a line each: index, bytes, flags in hexadecimal.
device_bars() # address
{
	local index=0 start end flags

	while ((index < 6)) && read -r start end flags; do
		if ((flags & 0x200 && end > start)); then
			printf '%d %d 0x%x\n' "$index" "$((end - start + 1))" "$flags"
		fi
		index=$((index + 1))
	done <"$(device_folder "$1")/resource"
}

# Bytes of the largest of them, in whole pages, as far as a length goes.
longest_length() # address
{
	local index bytes flags most=0

	while read -r index bytes flags; do
		((bytes <= most)) || most=$bytes
	done < <(device_bars "$1")
	((most <= LONGEST)) || most=$LONGEST
	printf '%d\n' "$((most / 4096 * 4096))"
}

# The driver that has the device now, or nothing.
device_driver() # address
{
	local link

	link=$(readlink "$(device_folder "$1")/driver" 2>/dev/null) || return 0
	printf '%s\n' "${link##*/}"
}

# Which boot this is: a random number of the kernel's, nobody's name.
boot_id()
{
	cat "$PROC/sys/kernel/random/boot_id" 2>/dev/null || echo unknown
}

# Of the running kernel's config; nothing where neither kernel nor /boot has it.
kernel_config_sha256()
{
	local boot

	boot=${PFNBENCH_BOOT:-/boot}/config-$(<"$PROC/sys/kernel/osrelease")
	if [[ -r $PROC/config.gz ]]; then
		gzip -dc "$PROC/config.gz" | sha256sum | cut -d' ' -f1
	elif [[ -r $boot ]]; then
		sha256_of "$boot"
	fi
}

# Whether pfnbench may use a device; says what speaks against it. A process that
# ends while its files are looked at is one that cannot be seen: that is asked again.
device_usable() # arguments of pfnbench devices --check
{
	local said code tries=5

	while :; do
		code=0
		said=$("$BUILD/pfnbench" devices --check "$@" 2>&1) || code=$?
		((code != 0 && --tries > 0)) || break
		grep -q 'not all processes can be seen' <<<"$said" || break
		! grep ': refused' <<<"$said" | grep -vq 'not all processes can be seen' || break
	done
	[[ -z $said ]] || printf '%s\n' "$said" >&2
	return "$code"
}
