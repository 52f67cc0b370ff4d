# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Gets packages of Debian into the cache without installing them: by lists of our
# own, checked with Debian's keys. Sourced after lib.sh, never run; the caller sets
# package (its name, for messages), state (a folder for apt) and log (a file).
# shellcheck disable=SC2154 # these three

readonly KEYRING=${PFNBENCH_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}

# The archives of Debian that the user's apt knows; where it has fetched no
# lists yet, those that it would fetch a suite of Debian from.
known_mirrors()
{
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(ORIGIN)/$(LABEL) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null |
		sed -n 's,^Debian/Debian ,,p'
	apt-get update --print-uris 2>/dev/null | sed -nE \
		"s,^'([^']*)/dists/(stable|oldstable|testing|unstable|sid|$(codename))/InRelease' .*,\\1,p"
}

codename()
{
	# shellcheck source=/dev/null
	(. /etc/os-release 2>/dev/null && printf '%s\n' "${VERSION_CODENAME:-stable}") ||
		printf 'stable\n'
}

choose_mirror()
{
	local -a known

	mapfile -t known < <(known_mirrors)
	mirror=${PFNBENCH_MIRROR:-${known[0]:-}}
	[[ -n $mirror ]] || die "$EXIT_USAGE" "$package" \
		"apt knows no archive of Debian to get it from; PFNBENCH_MIRROR=URL names one"
	[[ $mirror =~ ^[a-z+]+:[^[:space:]]+$ ]] ||
		die "$EXIT_USAGE" "PFNBENCH_MIRROR=$mirror" "not a URL"
}

# A state of our own: no list, pin, hook or laxity of the user's apt applies, its
# proxy does.
prepare_apt() # deb|deb-src suite
{
	local target=Packages

	rm -rf "$state"
	mkdir -p "$state/lists" "$state/cache" "$state/none"
	[[ $1 == deb ]] || target=Sources
	printf '%s [arch=amd64 target=%s signed-by=%s] %s %s main\n' \
		"$1" "$target" "$KEYRING" "$mirror" "$2" >"$state/sources.list"
	echo '#clear APT::Update;' >"$state/apt.conf"
	: >"$log"
}

apt() # command arguments...
{
	local -a options=(
		-q -c "$state/apt.conf"
		-o Dir::Etc::SourceList="$state/sources.list"
		-o Dir::Etc::SourceParts="$state/none"
		-o Dir::Etc::Preferences="$state/no-file"
		-o Dir::Etc::PreferencesParts="$state/none"
		-o Dir::State::Lists="$state/lists"
		-o Dir::Cache="$state/cache"
		-o Acquire::Languages=none
		-o Acquire::AllowInsecureRepositories=false
		-o Acquire::AllowWeakRepositories=false
		-o APT::Get::AllowUnauthenticated=false
		-o APT::Update::Error-Mode=any
	)

	# What it leaves in the folder it runs in is what it downloads.
	(cd "$state" && setpriv --pdeathsig TERM apt-get "${options[@]}" "$@") \
		>>"$log" 2>&1 </dev/null
}

# Turns what apt said into one line. An untrusted list is not the same as none.
explain() # doing
{
	local said what=$1

	said=$(grep -m1 '^E: ' "$log" || grep -m1 '^W: ' "$log" || tail -n1 "$log")
	if grep -qE '^[EW]: .*(GPG error|is not signed|signature|Hash Sum mismatch)' "$log"; then
		what="not signed by a key of $KEYRING, nothing is taken"
		said=$(grep -m1 -E '^[EW]: .*(GPG error|signature|Hash Sum mismatch)' "$log" ||
			printf '%s\n' "$said")
	fi
	die "$EXIT_USAGE" "$package" "$what: ${said#?: }; all of it is in $log"
}
