#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Same scenario, seed and replication: the same octets in every file, whether run twice, on one thread or two, or from a copy
# of the scenarios in another place. Another seed gives others, or the comparison would prove nothing.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# run NAME ARGUMENT...: results and what is printed.
run()
{
    local out=$1
    shift
    "$program" run "$@" --out "$work/$out" > "$work/$out.txt" || fail "run $* failed"
    sed -i '/^Results: /d' "$work/$out.txt"
}

# alike NAME NAME WHY
alike()
{
    diff -r "$work/$1" "$work/$2" > /dev/null || fail "$1 and $2 differ: $3"
    same "$work/$1.txt" "$work/$2.txt" "the tables: $3"
}

mkdir -p "$work/copied tree"
cp -r "$scenarios" "$work/copied tree/scenarios"
few='scenario / replications = 3'

for name in first-handover return-home ten-handovers two-mobile-nodes many-mobile-nodes plain-correspondent overlapping-links; do
    file=$scenarios/$name.ini
    run "$name-1" "$file" --pcap -j 1
    run "$name-2" "$file" --pcap -j 1
    alike "$name-1" "$name-2" "two runs of $name"
    run "$name-3" "$work/copied tree/scenarios/$name.ini" --pcap -j 1
    alike "$name-1" "$name-3" "$name from a copied tree"
    [ "$(find "$work/$name-1" -name '*.pcap' -size +24c | wc -l)" -gt 0 ] || fail "$name captured nothing"
done

run sweep-1 "$scenarios/rr-vs-kbm.ini" --set "$few" -j 1
run sweep-2 "$scenarios/rr-vs-kbm.ini" --set "$few" -j 2
alike sweep-1 sweep-2 "one thread and two"
run sweep-3 "$scenarios/rr-vs-kbm.ini" --set "$few" -j 2 --seed 4711
if cmp -s "$work/sweep-1/handovers.csv" "$work/sweep-3/handovers.csv"; then
    fail "another seed changes nothing"
fi

# One replication by itself is what it is among others.
run alone "$scenarios/rr-vs-kbm.ini" --set "$few" --run 2
awk -F, 'NR > 1 && $2 == 2' "$work/sweep-1/handovers.csv" > "$work/among"
awk -F, 'NR > 1' "$work/alone/handovers.csv" > "$work/by-itself"
[ -s "$work/among" ] || fail "replication 2 has no handovers"
same "$work/among" "$work/by-itself" "replication 2 depends on the others"
finish "the same octets throughout"
