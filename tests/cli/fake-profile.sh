#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# fake-profile.sh RUN [VARIANT...]: the profile of a results folder as `make
# profile` would leave it, with made-up figures: 262,144 touches, and an enable.
# FAKE_BASES has the bases (6.12).
set -euo pipefail

dir=$1/profile
shift
variants=("$@")
((${#variants[@]})) || variants=(huge-fault insert-pfn eager)
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
read -ra bases <<<"${FAKE_BASES:-6.12}"

# A fault's frames, and what each of its functions executes in one.
fault='touch_pages;asm_exc_page_fault'
handled="$fault;exc_page_fault;do_user_addr_fault;handle_mm_fault;__handle_mm_fault;__do_fault;vfio_pci_mmap_huge_fault"
touch_of() # variant: frames and instructions a page
{
	echo "touch_pages 12"
	case $1 in
	huge-fault | eager) return ;;
	esac
	cat <<-END
		$fault 70
		$fault;error_entry 31
		$fault;exc_page_fault 22
		$fault;exc_page_fault;do_user_addr_fault 160
		$fault;exc_page_fault;do_user_addr_fault;lock_vma_under_rcu 84
		$fault;exc_page_fault;do_user_addr_fault;lock_vma_under_rcu;mas_walk 145
		$fault;exc_page_fault;do_user_addr_fault;lock_vma_under_rcu;__rcu_read_lock 4
		$fault;exc_page_fault;do_user_addr_fault;handle_mm_fault 96
		$fault;exc_page_fault;do_user_addr_fault;handle_mm_fault;__handle_mm_fault 210
		$handled 120
		$handled;down_read 28
		$handled;up_read 14
		$handled;vmf_insert_pfn_prot 90
		$handled;vmf_insert_pfn_prot;track_pfn_insert 25
		$handled;vmf_insert_pfn_prot;track_pfn_insert;lookup_memtype 61
		$handled;vmf_insert_pfn_prot;track_pfn_insert;lookup_memtype;memtype_lookup 188
		$handled;vmf_insert_pfn_prot;track_pfn_insert;lookup_memtype;_raw_spin_lock 9
		$handled;vmf_insert_pfn_prot;insert_pfn.isra.0 120
		$handled;vmf_insert_pfn_prot;insert_pfn.isra.0;__get_locked_pte 55
		$handled;vmf_insert_pfn_prot;insert_pfn.isra.0;__get_locked_pte;_raw_spin_lock 9
		$handled;vmf_insert_pfn_prot;insert_pfn.isra.0;a_helper_nobody_knows 17
	END
}

call='pwrite;entry_SYSCALL_64;do_syscall_64;__x64_sys_pwrite64;vfs_write;vfio_pci_config_rw;vfio_basic_config_write'
enable_of() # variant: frames and instructions in all
{
	echo "pwrite;entry_SYSCALL_64 84"
	echo "pwrite;entry_SYSCALL_64;do_syscall_64;__x64_sys_pwrite64;vfs_write 212"
	echo "$call 380"
	echo "$call;pci_user_write_config_word 140"
	[[ $1 == eager ]] || return 0
	cat <<-END
		$call;vfio_pci_core_populate;populate_mapping;remap_pfn_range_internal;remap_pte_range 13107200
		$call;vfio_pci_core_populate;populate_mapping;remap_pfn_range_internal;__pte_alloc;pte_alloc_one;alloc_pages_noprof 210944
		$call;vfio_pci_core_populate;populate_mapping;remap_pfn_range_internal;__pte_alloc;pte_alloc_one;clear_page_rep 264192
		[interrupt];asm_sysvec_apic_timer_interrupt;update_process_times 2400
	END
}

# Zapping 4 KiB leaves, and no more than there are of large ones.
disable_of() # variant: frames and instructions in all
{
	local zapped=28000000

	[[ $1 != huge-fault ]] || zapped=4000
	[[ $1 != eager ]] || zapped=28000100
	echo "$call;unmap_mapping_range;unmap_page_range $zapped"
}

# One of two: a call that fills the mapping, or one that does not.
mmap_of() # variant: frames and instructions of a call
{
	echo "mmap;entry_SYSCALL_64;do_syscall_64;do_mmap 3000"
	[[ $1 != eager ]] ||
		echo "mmap;entry_SYSCALL_64;do_syscall_64;do_mmap;vfio_pci_core_populate;remap_pte_range 13107200"
}

# What a model says: a walk a page with 4 KiB leaves, of four reads.
model_of() # variant
{
	local reads=2

	[[ $1 == huge-fault ]] || reads=4
	printf '%s\t%s\t%s\t%s\t%s\n' benchmark parameters phase counter value
	sed "s/^/first-touch\t$touch\tfirst-touch-total\t/" <<-END
		accesses	9000000
		walks	262144
		walk-reads	$((reads * 262144))
		bar-walks	262144
		bar-walk-reads	$((reads * 262144))
	END
}

# One phase of one kernel: its stacks, and the rows that these make.
phase() # folder benchmark parameters phase pages times, frames on stdin
{
	local file=$1/stacks/$2,$3,$4.folded

	awk -v times="$6" '{ n = $NF * times; sub(/ [0-9]+$/, ""); print $0 " " n }' >"$file"
	awk -f "$top/scripts/profile/profile-functions.awk" -v benchmark="$2" -v parameters="$3" \
		-v phase="$4" -v pages="$5" "$file" >>"$1/functions.tsv"
}

touch=target=1af4:1110,length=1G,align=1G,access=read,order=ascending
toggle=target=1af4:1110,length=1G,align=1G,action=toggle,vmas=1,processes=1
mkdir -p "$dir"
jq -n '{format: 1, unit: "instructions", program: {version: "0.1.0"},
	model: {file: "server.model", sha256: "0", parameters: {l1d: ["48K", "12"], "dtlb-4k": ["96", "6"]}}}' >"$dir/profile.json"
for base in "${bases[@]}"; do
	for variant in "${variants[@]}"; do
		folder=$dir/$base-$variant
		mkdir -p "$folder/stacks"
		printf 'benchmark\tparameters\tphase\tfunction\tinstructions\tcalls\tloads\tstores\tpages\n' \
			>"$folder/functions.tsv"
		touch_of "$variant" | phase "$folder" first-touch \
			"$touch" first-touch-total 262144 262144
		model_of "$variant" >"$folder/model.tsv"
		mmap_of "$variant" | phase "$folder" first-touch \
			"$touch" mmap 524288 2
		echo "ioctl;rpm_resume 6400" | phase "$folder" power \
			target=1af4:1110,length=1G,align=1G,state=low-power wake 262144 1
		disable_of "$variant" | phase "$folder" reset-recovery "$toggle" disable 262144 1
		enable_of "$variant" | phase "$folder" reset-recovery "$toggle" enable 262144 1
	done
done
