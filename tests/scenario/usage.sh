#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The command line itself: help, version, wrong commands and options, exit statuses, a full disk, a reader who leaves.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# silent stdout, silent stderr: nothing was said there.
silent()
{
    [ ! -s "$work/$1" ] || fail "something on $1"
}

for help in --help -h help; do
    try 0 "$help"
    silent stderr
    out_has 'Usage: mip6sim COMMAND'
    for command in run check keys plot; do
        out_has "  $command "
    done
    out_has 'mip6sim run scenarios/rr-vs-kbm.ini'
done

try 2
silent stdout
err_has 'Usage: mip6sim COMMAND'

for version in --version -V; do
    try 0 "$version"
    silent stderr
    out_like '^mip6sim [0-9]+\.[0-9]+'
    out_has 'GPL-2.0-or-later'
done

for command in run check keys plot; do
    try 0 "$command" --help
    silent stderr
    out_has "mip6sim $command"
    cp "$work/stdout" "$work/expected"
    try 0 help "$command"
    same "$work/stdout" "$work/expected" "help $command and $command --help"
    try 2 "$command" --no-such-option
    silent stdout
    err_has 'no-such-option'
done

try 2 rnu scenario.ini
err_has "there is no command 'rnu': did you mean 'run'?"
try 2 plto
err_has "did you mean 'plot'?"
try 2 help chekc
err_has "did you mean 'check'?"
try 2 frobnicate
err_has "there is no command 'frobnicate'"
err_has 'mip6sim --help'
try 2 --verbose
err_has "there is no option '--verbose'"
: >"$work/scenario.ini"
try 2 "$work/scenario.ini"
err_has "mip6sim run $work/scenario.ini"

# Neither commands without their arguments nor files that are not there do anything but say so.
for command in run check plot; do
    try 2 "$command"
    silent stdout
    try 2 "$command" "$work/no-such-file"
    err_has 'no-such-file'
done

# Jobs as make takes them, and as GOption does.
for jobs in -j2 '-j 2' --jobs=2; do
    # shellcheck disable=SC2086 # a list
    try 0 run $jobs "$scenarios/first-handover.ini" --out "$work/results"
    silent stderr
done
try 2 run -j0 "$scenarios/first-handover.ini" --out "$work/results"
err_has '--jobs'

if [ -e /dev/full ]; then
    for arguments in --help --version keys 'run --help'; do
        # shellcheck disable=SC2086 # a list
        "$program" $arguments >/dev/full 2>"$work/stderr"
        status=$?
        : >"$work/stdout"
        [ "$status" -eq 1 ] || fail "mip6sim $arguments on a full disk: exit status $status, expected 1"
        err_has 'cannot write to standard output'
    done
fi

"$program" keys 2>"$work/stderr" | head -n 1 >"$work/stdout"
status=${PIPESTATUS[0]}
[ "$status" -eq 0 ] || [ "$status" -eq 141 ] || fail "mip6sim keys | head: exit status $status"
silent stderr

# The man page names every option that --help names, and this version.
for command in run check keys plot; do
    try 0 "$command" --help
    for option in $(sed -n '/^Application Options:/,/^$/s/^ .*\(--[a-z]*\).*/\1/p' "$work/stdout"); do
        sed 's/\\-/-/g' "$srcdir/doc/mip6sim.1" | grep -q -- "$option" || fail "$option of $command is not in mip6sim.1"
    done
done
try 0 --help
for command in $(awk '/^Commands:/ { inside = 1; next } inside && NF == 0 { exit } inside { print $1 }' "$work/stdout"); do
    grep -qx "\.SS $command" "$srcdir/doc/mip6sim.1" || fail "mip6sim.1 says nothing of $command"
done
try 0 --version
version=$(sed -n '1s/^mip6sim //p' "$work/stdout")
grep -q "^\.TH MIP6SIM 1 [0-9-]* \"mip6sim $version\"" "$srcdir/doc/mip6sim.1" || fail "mip6sim.1 is not of version $version"

# The scenario that README.md explains is right.
awk -v folder="$scenarios/" '/^```ini/ { inside = 1; next } /^```/ { inside = 0 }
    inside { sub(/^extends = /, "&" folder); print }' "$srcdir/README.md" >"$work/readme.ini"
try 0 check "$work/readme.ini"

finish "the command line does what it says"
