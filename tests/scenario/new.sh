#!/usr/bin/env bash
# mip6sim new and describe: what new writes is right, runs, and is not written over anything; describe tells what is there,
# and its graph is one that Graphviz reads, where there is Graphviz.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
program=${MIP6SIM:-$builddir/mip6sim}
directory=$(mktemp -d "$builddir/new.XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
failures=0

fail()
{
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# try STATUS ARGUMENT...
try()
{
    local expected=$1 status
    shift
    "$program" "$@" >"$directory/out" 2>"$directory/err"
    status=$?
    if [ "$status" -ne "$expected" ]; then
        fail "mip6sim $*: exit status $status, expected $expected"
        cat "$directory/out" "$directory/err"
    fi
}

has()
{
    grep -qF -- "$2" "$directory/$1" || { fail "nothing in $1 like: $2"; cat "$directory/$1"; }
}

for template in handover comparison; do
    try 0 new --template "$template" "$directory/$template.ini"
    try 0 check "$directory/$template.ini"
    try 0 run "$directory/$template.ini" --run 0 --out "$directory/results"
    has out "Results:"
done
cp "$directory/handover.ini" "$directory/before"
try 2 new "$directory/handover.ini"
has err "is there already"
cmp -s "$directory/before" "$directory/handover.ini" || fail "what stood there was overwritten"
try 2 new --template nothing "$directory/x.ini"
has err "there is no template 'nothing'"
try 2 new
try 1 new "$directory/no/such/directory/x.ini"
if [ -c /dev/full ]; then
    ln -s /dev/full "$directory/full.ini"
    try 2 new "$directory/full.ini" # a link is something that is there
fi

try 0 describe "$srcdir/scenarios/two-mobile-nodes.ini"
has out "a, mobile node: home address 2001:db8:1::1:0:1 on home-a"
has out "ha-a-core, point-to-point link from ha-a to core"
has out "delay 10ms"
try 0 describe --set 'scenario / duration = 7s' "$srcdir/scenarios/triangle.ini"
has out "7s, 1 point"
try 2 describe "$directory/missing.ini"
try 2 describe
try 2 describe "$srcdir/scenarios/triangle.ini" "$srcdir/scenarios/triangle.ini"
try 0 describe --dot "$srcdir/scenarios/many-mobile-nodes.ini"
has out '"n mn" -- "l home" [style=dashed];'
has out "mn-1 to mn-100"
if command -v neato >/dev/null; then
    neato -Tsvg -o "$directory/piped.svg" <"$directory/out" || fail "Graphviz does not read the graph"
    try 0 describe --svg "$directory/drawn.svg" "$srcdir/scenarios/many-mobile-nodes.ini"
    grep -q "</svg>" "$directory/drawn.svg" || fail "no picture"
    try 1 describe --svg "$directory/no/such/drawn.svg" "$srcdir/scenarios/many-mobile-nodes.ini"
else
    mkdir "$directory/empty"
    program_path=$(command -v "$program")
    PATH=$directory/empty "$program_path" describe --svg "$directory/drawn.svg" "$srcdir/scenarios/triangle.ini" \
        2>"$directory/err"
    [ $? -eq 1 ] || fail "no Graphviz, and exit status is not 1"
    has err "install graphviz"
fi
[ "$failures" -eq 0 ] && echo "new and describe: as they should be"
exit $((failures > 0))
