#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# doc/tutorial.md: every command in it works, in order, in an empty directory; and bash completes what it says.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

mkdir "$work/bin" "$work/study"
ln -s "$program" "$work/bin/mip6sim"
PATH=$(cd "$work/bin" && pwd):$PATH
command -v gnuplot >/dev/null || echo "no gnuplot: the plots are not tried"

awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$srcdir/doc/tutorial.md" >"$work/commands"
count=0
while IFS= read -r line; do
    case $line in
    "mip6sim plot"*) command -v gnuplot >/dev/null || continue ;;
    esac
    count=$((count + 1))
    if ! (cd "$work/study" && eval "$line") >"$work/stdout" 2>&1 </dev/null; then
        fail "$line"
    fi
done <"$work/commands"
[ "$count" -ge 10 ] || fail "only $count commands found"
for file in one/visited.pcap one/messages.csv study/handovers.csv large/results.sqlite kept/study.txt; do
    [ -s "$work/study/$file" ] || fail "no $file"
done

# completes WORD... EXPECTED: the last but one word is being written, and EXPECTED is among its completions.
completes()
{
    local words=("${@:1:$#-1}") expected=${!#}
    COMP_WORDS=("${words[@]}") COMP_CWORD=$((${#words[@]} - 1)) COMPREPLY=()
    _mip6sim
    if ! printf '%s\n' "${COMPREPLY[@]}" | grep -qxF -- "$expected"; then
        fail "completion of '${words[*]}': not $expected but ${COMPREPLY[*]}"
    fi
}
# shellcheck disable=SC1091
. "$srcdir/completion/mip6sim"
cd "$work/study" || exit 1
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
finish "the tutorial works: $count commands"
