# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What `make bench-fio` does in guests and on a lab host alike. Sourced after
# lib.sh, never run.

# shellcheck disable=SC2034 # for those who source this
readonly FIO_LENGTH=64M
FIO_FOLDER=${PFNBENCH_FIO_FOLDER:-$ROOT/bench/fio}
FIO_JOBS=${FIO_JOBS:-steady toggle reset}
FIO_THREADS=${THREADS:-1 4}

check_fio_inputs()
{
	local job number

	for job in $FIO_JOBS; do
		[[ -f $FIO_FOLDER/$job.fio ]] || die "$EXIT_USAGE" "FIO_JOBS=$FIO_JOBS" \
			"no job $job; there are $(known_fio_jobs | xargs)"
	done
	for number in $FIO_THREADS; do
		[[ $number =~ ^[1-9][0-9]?$ ]] || die "$EXIT_USAGE" \
			"THREADS=$FIO_THREADS" "$number is not a number from 1 to 99"
	done
}

known_fio_jobs()
{
	local file

	for file in "$FIO_FOLDER"/*.fio; do
		basename "$file" .fio
	done
}

fio_job_ran() # name
{
	[[ -s $1.log && $(<"$1.code") == 0 && $(tail -n 1 "$1.log") == end\ * ]] &&
		jq -e '.jobs[0].error == 0' "$1.json" >/dev/null
} 2>/dev/null

# A call that was refused took nothing away.
fio_outage_failed() # name
{
	sed -n 's/^outage \([a-z]*\) .* -\([0-9]*\)$/its \1 failed, errno \2/p' "$1.log" |
		sed q || true
} 2>/dev/null

# Whether all jobs ran in FOLDER and left what they should; else one line says
# which did not, and fio's first words on it.
check_fio_results() # folder
{
	local job number name failed

	for job in $FIO_JOBS; do
		for number in $FIO_THREADS; do
			name=$1/$job-$number
			failed=$(fio_outage_failed "$name")
			[[ -z $failed ]] && fio_job_ran "$name" && continue
			say "$job with $number threads" "${failed:-$(grep -m1 -E '^pfnbench|^fio|error' \
				"$name.err" 2>/dev/null || echo "left no result")}"
			return 1
		done
	done
}

# fio.json, of the run.json that describes the kernels.
describe_fio() # run fio-version
{
	jq -n --slurpfile run "$1/run.json" --arg fio "$2" --arg jobs "$FIO_JOBS" \
		--arg threads "$FIO_THREADS" --arg length "${PFNBENCH_LENGTH:-$FIO_LENGTH}" \
		--arg engine "$(sha256_of "$BUILD/pfnbar.so")" '
		$run[0] | {format: 1, mode, bases, variants, seed, fio: $fio,
		 engine_sha256: $engine, length: $length,
		 jobs: ($jobs | split(" ")),
		 threads: ($threads | split(" ") | map(tonumber)),
		 program, qemu, host, kernels}' >"$1/fio/fio.json.partial"
	mv "$1/fio/fio.json.partial" "$1/fio/fio.json"
}
