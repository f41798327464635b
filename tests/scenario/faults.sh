#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The scenarios of faults that ship: each expects what it is about, and every expectation is met; with the fault taken away
# some are not any more, so that they can fail. Faults are the same in every run of the program, and do not depend on -j.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# run SCENARIO STATUS OPTION...
run()
{
    local name=$1 expected=$2
    shift 2
    try "$expected" run "$scenarios/faults/$name.ini" --out "$work/$name" "$@"
}

for file in "$scenarios"/faults/*.ini; do
    name=$(basename "$file" .ini)
    grep -q '^\[expect' "$file" || fail "$name expects nothing"
    run "$name" 0
done

# Without what is wrong there, something expected does not hold.
run address-collision 3 --set 'mobile-node mn / dad-transmits = 0'
run binding-expiry 3 --set 'fault lost-renewals / probability = 0'
run clock-drift 3 --set 'at 38s / access-edge = loss 0'
run ingress-filtering 3 --set 'attack spoofing / count = 1'
run loss-bursts 3 --set 'access-lan visited / loss = 0' --set 'access-lan visited-2 / loss = 0'
run lost-message 3 --set 'fault lost / nth = 5'
run nonce-expiry 3 --set 'correspondent-node fast / nonce-interval = 30s'
run rough-path 3 --set 'point-to-point access-edge / duplication = 0' --set 'at 5s / access-edge = delay 15ms'
run silent-router 3 --set 'access-lan visited / router-lifetime = 1s'

# A fault that cannot happen is told, with where it stands, and changes nothing.
run lost-message 3 --set 'fault lost / message = MPA'
run binding-expiry 3 --set 'fault lost-renewals / message = MPA'
err_like 'binding-expiry.ini:[0-9]*: fault lost-renewals: it never happened: there was no such packet'
run binding-expiry 3 --set 'fault lost-renewals / nth = 1000'
err_like 'of [1-9][0-9]* such packets none was the one that it is about'

# faults.csv, and the same octets whatever -j.
run lost-message 0 -j 1
equal 'columns of faults.csv' 'point,replication,fault lost / message,peers mn cn / authorization,fault,line,matched,done' \
    "$(head -1 "$work/lost-message/faults.csv")"
has_like "$work/lost-message/faults.csv" '^0,0,HoTI,return-routability,lost,[0-9]*,1,1$'
mv "$work/lost-message" "$work/alone"
run lost-message 0 -j 4
diff -r "$work/alone" "$work/lost-message" > "$work/difference" || fail "-j changes results: $(head -5 "$work/difference")"

finish "every expectation is met, and can fail"
