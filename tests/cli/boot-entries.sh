#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Which kernel GRUB boots, from menus that are made up.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-boot.XXXXXX")
trap 'rm -rf "$work"' EXIT
export PFNBENCH_BOOT=$work
mkdir "$work/grub"
ours=6.12.48-pfnbench-6.12-eager debian=6.1.0-42-amd64

# As update-grub writes it: the newest kernel first, and all of them in a submenu.
menu() # default
{
	cat >"$work/grub/grub.cfg" <<-MENU
		if [ "\${next_entry}" ] ; then
		   set default="\${next_entry}"
		   set next_entry=
		   save_env next_entry
		   set boot_once=true
		else
		   set default="$1"
		fi
		function savedefault {
		  if [ -z "\${boot_once}" ]; then
		    saved_entry="\${chosen}"
		  fi
		}
		menuentry 'Debian GNU/Linux' --class debian \$menuentry_id_option 'gnulinux-simple-1' {
		  echo 'Loading Linux $ours ...'
		  linux /boot/vmlinuz-$ours root=UUID=1 ro
		}
		submenu 'Advanced options' \$menuentry_id_option 'gnulinux-advanced-1' {
		  menuentry 'Linux $ours' --class debian \$menuentry_id_option 'gnulinux-$ours-1' {
		    linux /boot/vmlinuz-$ours root=UUID=1 ro
		  }
		  menuentry 'Linux $debian' --class debian \$menuentry_id_option 'gnulinux-$debian-1' {
		    if [ x\$grub_platform = xxen ]; then insmod xzio; fi
		    linux /boot/vmlinuz-$debian root=UUID=1 ro
		  }
		}
		menuentry "Other" --id other {
		  linux /vmlinuz-5.10.0-1-amd64 root=/dev/sdb1
		}
		menuentry "Shell" --id shell {
		  fwsetup
		}
	MENU
}

default() # spec wanted
{
	menu "$1"
	test "$("$top/scripts/lab/boot-entries" --default)" = "$2"
}

check "the first entry" default 0 $ours
check "a submenu: its first entry" default 1 $ours
check "an entry of a submenu, by numbers" default '1>1' $debian
check "by ids" default "gnulinux-advanced-1>gnulinux-$debian-1" $debian
check "by titles" default "Advanced options>Linux $debian" $debian
check "by both" default "gnulinux-advanced-1>1" $debian
check "an id without quotes" default other 5.10.0-1-amd64
check "one that is not there: the first" default nothing $ours
printf '# GRUB Environment Block\nsaved_entry=1>1\n####\n' >"$work/grub/grubenv"
# shellcheck disable=SC2016 # GRUB's variable
check "the saved one" default '${saved_entry}' $debian
echo next_entry=other >>"$work/grub/grubenv"
check "one for the next boot" default 0 5.10.0-1-amd64
rm "$work/grub/grubenv"
# shellcheck disable=SC2016 # the same
check "none is saved: the first" default '${saved_entry}' $ours
menu 0
try "$top/scripts/lab/boot-entries"
expect "all entries, as grub-reboot names them" 0 "^gnulinux-advanced-1>gnulinux-$debian-1	/boot/vmlinuz-$debian\$"
check "each once" test "$(wc -l <<<"$output")" = 4
sed -i "s,/boot/vmlinuz-$ours,/boot/vmlinuz," "$work/grub/grub.cfg"
ln -s "vmlinuz-$debian" "$work/vmlinuz"
: >"$work/vmlinuz-$debian"
try "$top/scripts/lab/boot-entries" --default
expect "a link to a kernel" 0 "^$debian\$"
rm "$work/vmlinuz"
try "$top/scripts/lab/boot-entries" --default
expect "an image that says nothing of its release" 3 'which kernel that is is not known'
rm "$work/grub/grub.cfg"
try "$top/scripts/lab/boot-entries" --default
expect "no menu" 3 'cannot be read: what this host boots by default is not known'
try "$top/scripts/lab/boot-entries" all
expect "another argument" 2 usage

end_tests
