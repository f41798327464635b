#!/usr/bin/env bash
# The command line itself: help, version, wrong commands and options, exit statuses, a full disk, a reader who leaves.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
program=${MIP6SIM:-$builddir/mip6sim}
directory=$(mktemp -d "$builddir/usage.XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
failures=0

fail()
{
    echo "FAIL: $*"
    sed 's/^/    out: /' "$directory/out"
    sed 's/^/    err: /' "$directory/err"
    failures=$((failures + 1))
}

# try STATUS ARGUMENT...: runs the program; its output is in out and err.
try()
{
    local expected=$1 status
    shift
    "$program" "$@" >"$directory/out" 2>"$directory/err" </dev/null
    status=$?
    [ "$status" -eq "$expected" ] || fail "mip6sim $*: exit status $status, expected $expected"
}

out_has()
{
    grep -qF -- "$1" "$directory/out" || fail "nothing on standard output like: $1"
}

err_has()
{
    grep -qF -- "$1" "$directory/err" || fail "nothing on standard error like: $1"
}

silent()
{
    [ ! -s "$directory/$1" ] || fail "something on $1"
}

for help in --help -h help; do
    try 0 "$help"
    silent err
    out_has 'Usage: mip6sim COMMAND'
    for command in run check keys plot; do
        out_has "  $command "
    done
    out_has 'mip6sim run scenarios/rr-vs-kbm.ini'
done

try 2
silent out
err_has 'Usage: mip6sim COMMAND'

for version in --version -V; do
    try 0 "$version"
    silent err
    grep -qE '^mip6sim [0-9]+\.[0-9]+' "$directory/out" || fail "no version"
    out_has 'GPL-2.0-or-later'
done

for command in run check keys plot; do
    try 0 "$command" --help
    silent err
    out_has "mip6sim $command"
    cp "$directory/out" "$directory/expected"
    try 0 help "$command"
    cmp -s "$directory/out" "$directory/expected" || fail "help $command and $command --help differ"
    try 2 "$command" --no-such-option
    silent out
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
: >"$directory/scenario.ini"
try 2 "$directory/scenario.ini"
err_has "mip6sim run $directory/scenario.ini"

# Neither commands without their arguments nor files that are not there do anything but say so.
for command in run check plot; do
    try 2 "$command"
    silent out
    try 2 "$command" "$directory/no-such-file"
    err_has 'no-such-file'
done

# Jobs as make takes them, and as GOption does.
for jobs in -j2 '-j 2' --jobs=2; do
    # shellcheck disable=SC2086 # a list
    try 0 run $jobs "$srcdir/scenarios/first-handover.ini" --out "$directory/results"
    silent err
done
try 2 run -j0 "$srcdir/scenarios/first-handover.ini" --out "$directory/results"
err_has '--jobs'

if [ -e /dev/full ]; then
    for arguments in --help --version keys 'run --help'; do
        # shellcheck disable=SC2086 # a list
        "$program" $arguments >/dev/full 2>"$directory/err"
        status=$?
        : >"$directory/out"
        [ "$status" -eq 1 ] || fail "mip6sim $arguments on a full disk: exit status $status, expected 1"
        err_has 'cannot write to standard output'
    done
fi

"$program" keys 2>"$directory/err" | head -n 1 >"$directory/out"
status=${PIPESTATUS[0]}
[ "$status" -eq 0 ] || [ "$status" -eq 141 ] || fail "mip6sim keys | head: exit status $status"
silent err

# The man page names every option that --help names, and this version.
for command in run check keys plot; do
    try 0 "$command" --help
    for option in $(sed -n '/^Application Options:/,/^$/s/^ .*\(--[a-z]*\).*/\1/p' "$directory/out"); do
        sed 's/\\-/-/g' "$srcdir/doc/mip6sim.1" | grep -q -- "$option" || fail "$option of $command is not in mip6sim.1"
    done
done
try 0 --help
for command in $(awk '/^Commands:/ { inside = 1; next } inside && NF == 0 { exit } inside { print $1 }' "$directory/out"); do
    grep -qx "\.SS $command" "$srcdir/doc/mip6sim.1" || fail "mip6sim.1 says nothing of $command"
done
try 0 --version
version=$(sed -n '1s/^mip6sim //p' "$directory/out")
grep -q "^\.TH MIP6SIM 1 [0-9-]* \"mip6sim $version\"" "$srcdir/doc/mip6sim.1" || fail "mip6sim.1 is not of version $version"

# The scenario that README.md explains is right.
awk -v folder="$(cd "$srcdir" && pwd)/scenarios/" '/^```ini/ { inside = 1; next } /^```/ { inside = 0 }
    inside { sub(/^extends = /, "&" folder); print }' "$srcdir/README.md" >"$directory/readme.ini"
try 0 check "$directory/readme.ini"

[ "$failures" -eq 0 ] && echo "the command line does what it says"
[ "$failures" -eq 0 ]
