#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mip6sim new and describe: what new writes is right, runs, and is not written over anything; describe tells what is there,
# and its graph is one that Graphviz reads, where there is Graphviz.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

for template in handover comparison; do
    try 0 new --template "$template" "$work/$template.ini"
    try 0 check "$work/$template.ini"
    try 0 run "$work/$template.ini" --run 0 --out "$work/results"
    out_has "Results:"
done
cp "$work/handover.ini" "$work/before"
try 2 new "$work/handover.ini"
err_has "is there already"
same "$work/before" "$work/handover.ini" "what stood there was overwritten"
try 2 new --template nothing "$work/x.ini"
err_has "there is no template 'nothing'"
try 2 new
try 1 new "$work/no/such/directory/x.ini"
if [ -c /dev/full ]; then
    ln -s /dev/full "$work/full.ini"
    try 2 new "$work/full.ini" # a link is something that is there
fi

try 0 describe "$scenarios/two-mobile-nodes.ini"
out_has "a, mobile node: home address 2001:db8:1::1:0:1 on home-a"
out_has "ha-a-core, point-to-point link from ha-a to core"
out_has "delay 10ms"
try 0 describe --set 'scenario / duration = 7s' "$scenarios/triangle.ini"
out_has "7s, 1 point"
try 2 describe "$work/missing.ini"
try 2 describe
try 2 describe "$scenarios/triangle.ini" "$scenarios/triangle.ini"
try 0 describe --dot "$scenarios/many-mobile-nodes.ini"
out_has '"n mn" -- "l home" [style=dashed];'
out_has "mn-1 to mn-100"
if command -v neato >/dev/null; then
    neato -Tsvg -o "$work/piped.svg" <"$work/stdout" || fail "Graphviz does not read the graph"
    try 0 describe --svg "$work/drawn.svg" "$scenarios/many-mobile-nodes.ini"
    has "$work/drawn.svg" "</svg>"
    try 1 describe --svg "$work/no/such/drawn.svg" "$scenarios/many-mobile-nodes.ini"
else
    mkdir "$work/empty"
    PATH=$work/empty "$program" describe --svg "$work/drawn.svg" "$scenarios/triangle.ini" \
        2>"$work/stderr"
    [ $? -eq 1 ] || fail "no Graphviz, and exit status is not 1"
    err_has "install graphviz"
fi
finish "new and describe: as they should be"
