#!/usr/bin/env bash
# doc/tutorial.md: every command in it works, in order, in an empty directory; and bash completes what it says.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=$(cd "${srcdir:-.}" && pwd) builddir=${builddir:-.}
program=${MIP6SIM:-$builddir/mip6sim}
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
directory=$(mktemp -d "$builddir/tutorial.XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
failures=0
mkdir "$directory/bin" "$directory/study"
ln -s "$program" "$directory/bin/mip6sim"
PATH=$(cd "$directory/bin" && pwd):$PATH
command -v gnuplot >/dev/null || echo "no gnuplot: the plots are not tried"

awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$srcdir/doc/tutorial.md" >"$directory/commands"
count=0
while IFS= read -r line; do
    case $line in
    "mip6sim plot"*) command -v gnuplot >/dev/null || continue ;;
    esac
    count=$((count + 1))
    if ! (cd "$directory/study" && eval "$line") >"$directory/out" 2>&1 </dev/null; then
        echo "FAIL: $line"
        tail -5 "$directory/out"
        failures=$((failures + 1))
    fi
done <"$directory/commands"
[ "$count" -ge 10 ] || { echo "FAIL: only $count commands found"; failures=$((failures + 1)); }
for file in one/visited.pcap one/messages.csv study/handovers.csv large/results.sqlite kept/study.txt; do
    [ -s "$directory/study/$file" ] || { echo "FAIL: no $file"; failures=$((failures + 1)); }
done

# completes WORD... EXPECTED: the last but one word is being written, and EXPECTED is among its completions.
completes()
{
    local words=("${@:1:$#-1}") expected=${!#}
    COMP_WORDS=("${words[@]}") COMP_CWORD=$((${#words[@]} - 1)) COMPREPLY=()
    _mip6sim
    if ! printf '%s\n' "${COMPREPLY[@]}" | grep -qxF -- "$expected"; then
        echo "FAIL: completion of '${words[*]}': not $expected but ${COMPREPLY[*]}"
        failures=$((failures + 1))
    fi
}
# shellcheck disable=SC1091
. "$srcdir/completion/mip6sim"
cd "$directory/study" || exit 1
completes mip6sim ve verify
completes mip6sim sweep --sh --shard
completes mip6sim run st study.ini
completes mip6sim keys mobile mobile-node
completes mip6sim run --log i info
completes mip6sim run --log = info
completes mip6sim run --log = i info
completes mip6sim sweep --out = on one
completes mip6sim replay one/v one/visited.pcap
completes mip6sim help sw sweep
[ "$failures" -eq 0 ] && echo "the tutorial works: $count commands"
exit $((failures > 0))
