#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# fio with our engine, on the stand-in for a device: a memfd, which raises SIGBUS
# while it is short. TAP.
# shellcheck disable=SC2016 # $1 is awk's
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
build=${BUILD:-$top/build}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! make --no-print-directory -s -C "$top" BUILD="$build" fio-engine >"$work/make" 2>&1; then
	cat "$work/make"
	exit 5
fi
cd "$work"

# Half a second of reads; what they are told more stands behind.
run() # options
{
	fio --name=job --ioengine=external:"$build/pfnbar.so" --thread --rw=randread \
		--norandommap --bs=4k --length=1M --rate_iops=2000 --rate_process=poisson \
		--runtime=500ms --time_based --clocksource=clock_gettime --disk_util=0 \
		--lat_percentiles=1 --eta=never --output-format=json --output=json \
		--bar_log=log "$@"
}
log() # type
{
	awk -v type="$1" '$1 == type' log
}

try run
expect "reads" 0 'pfnbar: 0 of [0-9]+ I/Os waited'
check "fio counts as many as the log has" test \
	"$(jq '.jobs[0].read.total_ios' json)" = "$(log io | wc -l)"
check "the log is whole" test "$(tail -n 1 log)" = "end $(log io | wc -l) 0"
check "the file is as large as what is mapped" test "$(awk '$1 == "io" && $3 > $4' log)" = ""
check "percentiles of fio's" jq -e '.jobs[0].read.lat_ns.percentile | length > 0' json

# The log's latencies are fio's own: their sum is fio's mean times their number, but
# for what fio does between the two clock readings.
same_latency()
{
	awk -v mean="$(jq '.jobs[0].read.lat_ns.mean' json)" '$1 == "io" { sum += $4 - $3; n++ }
		END { difference = mean - sum / n
		exit !(difference < 100000 && difference > -100000) }' log
}
check "fio's latency is that of the log" same_latency

# Off for 50 ms: what is due meanwhile waits, and counts from when it was due.
try run --outages=200ms:toggle --off_us=50000
expect "a toggle" 0 'pfnbar: 1 of [0-9]+ I/Os waited for the BAR, [0-9]+ us in all'
check "its calls are in the log" test "$(log outage | cut -d' ' -f1-3,8)" = "outage toggle 200000000 0"
late_ones()
{
	# By an average rate of 2,000 a second 100 are due in 50 ms: all are late, one
	# has waited.
	awk '$1 == "io" && $4 - $3 > 1000000 { late++ } $1 == "io" && $5 > 0 { waited++ }
		END { exit !(late > 40 && waited == 1) }' log
}
check "all that were due are late, one waited" late_ones
in_order()
{
	awk '$1 == "outage" { exit !($4 >= $3 && $5 >= $4 && $6 - $5 >= 50000000 && $7 >= $6) }' log
}
check "the time between the calls" in_order
try run --outages=200ms:toggle --off_us=50000 --intended=0
check "without intended= it is as fio counts" awk '
	$1 == "io" && $4 - $3 > 1000000 { late++ } END { exit late > 40 }' log

# Threads share the BAR, and an outage is of all of them.
try run --numjobs=4 --group_reporting --outages=200ms:toggle --off_us=50000
expect "threads" 0 'pfnbar: [2-4] of [0-9]+ I/Os waited'
check "of which each is in the log" test "$(log io | cut -d' ' -f2 | sort -u | xargs)" = "0 1 2 3"
check "one outage" test "$(log outage | wc -l)" = 1
try fio --name=job --ioengine=external:"$build/pfnbar.so" --thread --rw=read --bs=4k \
	--length=1M --numjobs=4 --eta=never
expect "threads with no option of ours" 0 'pfnbar: 0 of 1024 I/Os waited'
try run --outages=100ms:reset,200ms:toggle,300ms:reset
check "several outages" test "$(log outage | cut -d' ' -f2 | xargs)" = "reset toggle reset"
try run --outages=100ms:reset,10s:reset
check "those that come too late do not come" test "$(log outage | wc -l)" = 1

# Writes: the stand-in is known to bear them.
try run --rw=randwrite
expect "writes" 0 'pfnbar: 0 of [0-9]+ I/Os waited'

# Of what has no rate nothing is due: it would count from the job's begin on.
try run --rw=randrw --rate_process=linear --rate_iops=1000,0
check "a rate of reads alone" jq -e \
	'.jobs[0].write | .total_ios > 0 and .lat_ns.percentile["50.000000"] < 50000000' json

# Verified by fio: what is read is what was written.
try fio --name=job --ioengine=external:"$build/pfnbar.so" --thread --rw=write --bs=4k \
	--length=1M --verify=crc32c --do_verify=1 --eta=never
expect "what is written is read" 0 'err= 0'

# What is refused, each by one line of ours.
refused() # words options...
{
	local words=$1

	shift
	rm -f log
	try run "$@"
	status=$((status != 0 ? 1 : 0)) output=$(grep '^pfnbench: ' <<<"$output" || true)
	expect "refused: $words" 1 "^pfnbench: (job|other): .*$words"
}
refused "thread=1" --thread=0
refused "foo is no list of moments" --outages=foo
refused "1s is no list of moments" --outages=1s
refused "1s:sleep is no list of moments" --outages=1s:sleep
refused "outages must be in order" --outages=2s:reset,1s:reset
refused "multiples of 8" --bs=12
refused "interface= is any, group or cdev" --interface=iommu
refused "no PCI device ffff:ff:1f.7" --target=ffff:ff:1f.7
refused "bs= is more than what is mapped" --bs=2M
refused "outages=, off_us= and bar_log= must be the same" --outages=1s:reset \
	--name=other --ioengine=external:"$build/pfnbar.so" --thread --rw=read --length=1M
refused "their options must be the same" --name=other \
	--ioengine=external:"$build/pfnbar.so" --thread --rw=read --length=2M --bar_log=log
refused "no whole pages" --length=100
refused "did not come back" --outages=100ms:toggle --off_us=3000000 --give_up_s=1
refused "not on a multiple of 8" --offset=3
refused "bar_log= can't be written" --bar_log=/nonexistent/log

# Another fio than the headers are of.
source=$("$top/scripts/fio/fio-source")
mkdir src
ln -s "$source"/* src/
rm src/FIO-VERSION-FILE
echo 'FIO_VERSION = fio-3.1' >src/FIO-VERSION-FILE
FIO_SOURCE=$work/src make --no-print-directory -s -C "$top" BUILD="$work/other" fio-engine >made 2>&1
try fio --name=job --ioengine=external:"$work/other/pfnbar.so" --thread --rw=read --bs=4k
expect "another version" 2 '^pfnbench: pfnbar.so: it was built for fio-3.1, and this is fio-3'
FIO_SOURCE=$work try "$top/scripts/fio/fio-source"
expect "no source" 2 'not a source of fio that is configured'
THREADS=x try "$top/scripts/fio/bench-fio"
expect "THREADS=" 2 'x is not a number from 1 to 99'
FIO_JOBS="steady nothing" try "$top/scripts/fio/bench-fio"
expect "FIO_JOBS=" 2 'no job nothing; there are reset steady toggle'

end_tests
