#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# fake-run.sh DIR [MODE [VARIANT...]]: a results folder as a run would leave it,
# with made-up figures, for the tests of pfnreport and for a look at the plots.
# FAKE_BASES has the bases (6.12), FAKE_BOOTS the boots of a kernel (2),
# FAKE_SPREAD how far boots are apart in time mode, as a share (0).
set -euo pipefail

dir=$1
mode=${2:-count}
shift "$(($# < 2 ? $# : 2))"
variants=("$@")
if ((${#variants[@]} == 0)); then
	variants=(base huge-fault insert-pfn write-lock eager)
fi
read -ra bases <<<"${FAKE_BASES:-6.12}"
boots=${FAKE_BOOTS:-2}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
hash=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

mkdir -p "$dir"
# shellcheck disable=SC2016 # $base and its like are jq's
jq -n --arg run "$(basename "$dir")" --arg mode "$mode" --arg bases "${bases[*]}" \
	--arg hash "$hash" --argjson boots "$boots" '
	($bases | split(" ")) as $bases
	| {format: 1, run: $run, plan: "default", plan_sha256: $hash, mode: $mode,
	 bases: $bases, variants: $ARGS.positional, boots: $boots, seed: 1,
	 program: {version: "0.1.0", git: $hash[0:40], sha256: $hash},
	 qemu: {version: "7.2.17",
		arguments: ["-M", "q35,usb=off,vmport=off,sata=off",
			    "-cpu", "max,-erms,-fsrm", "-icount",
			    "shift=0,sleep=off,align=off", "-m", "256"]},
	 guest_command_line: "console=ttyS0 no_timer_check norandmaps",
	 host: {release: "6.1.0", cpu: "A CPU", cpus: 2, compiler: "gcc 12.2.0"},
	 kernels: [$bases[] as $base | $ARGS.positional[] |
		{base: $base, variant: ., source: "linux-source-6.12 6.12.48-1",
		 source_sha256: $hash, series_sha256: $hash,
		 config_sha256: $hash, image_sha256: $hash,
		 compiler: "gcc 12.2.0", build_seconds: null}],
	 seconds: {setup: 1, source: 20, build: 300, measure: 60}}' \
	--args "${variants[@]}" >"$dir/run.json"

for base in "${bases[@]}"; do
	for variant in "${variants[@]}"; do
		mkdir -p "$dir/$base-$variant"
		for ((boot = 1; boot <= boots; boot++)); do
			jq -nc --arg base "$base" --arg variant "$variant" \
				--argjson boot "$boot" --arg mode "$mode" \
				--argjson spread "${FAKE_SPREAD:-0}" \
				-f "$here/fake-run.jq" \
				>"$dir/$base-$variant/boot-$boot.jsonl"
		done
	done
done
