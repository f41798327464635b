#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every attack of scenarios/security has the outcome that its [expect] says, under each method; and with the defence switched
# off that stops it, it has another: a test that cannot fail shows nothing. The table of attacks and methods is printed.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

try 0 run "$scenarios"/security/*.ini --out "$work/all"
sed -n '/^=== Attacks and methods/,$p' "$work/stdout"
for scenario in "$scenarios"/security/*.ini; do
    grep -q '^\[expect' "$scenario" || [ "$(basename "$scenario")" = network.ini ] || fail "$scenario expects nothing"
done

# succeeds SCENARIO METHOD TITLE SETTING...: with this set the attack has the outcome "accepted" (or ANOTHER=OUTCOME) under
# the method, and run says by its exit status that this was not to be expected.
succeeds()
{
    local scenario=$1 method=$2 title=$3 settings=() setting outcome=${OUTCOME:-accepted}
    shift 3
    for setting; do
        settings+=(--set "$setting")
    done
    try 3 run "$scenarios/security/$scenario.ini" --out "$work/open" "${settings[@]}"
    if ! grep -E "^\"?$title" "$work/stdout" | grep -E "  $method +$outcome" >/dev/null; then
        fail "$scenario with $*: not $outcome under $method"
        grep -E "^\"?$title" "$work/stdout"
    fi
}

cn='correspondent-node cn / unsafe'
rr=return-routability
key=static-key
forged='forged Binding Update'
replayed='replayed Binding Update'
succeeds forged-off-path $rr "$forged, off path" "$cn = no-authenticator-check"
succeeds forged-off-path $key "$forged, off path" "$cn = no-authenticator-check"
succeeds forged-off-path $rr "$forged, off path" "$cn = no-home-test"
succeeds forged-mobile-node-path $rr "$forged, on the path mobile node" "$cn = no-home-test"
succeeds forged-home-agent-path $key "$forged, on the path home agent" "$cn = bidding-down"
succeeds forged-home-agent-path $key "$forged, on the path home agent" 'attacker mallory / knows = mn cn' \
    'attack forged / home-token = static-key' 'attack forged / care-of-token = static-key'
succeeds access-link $rr "$forged, on the mobile node's link" 'mobile-node mn / ipsec = no'
succeeds replay-living $rr "$replayed, while the binding lives" "$cn = no-sequence-check"
succeeds replay-living $key "$replayed, while the binding lives" "$cn = no-sequence-check"
succeeds replay-deleted $rr "$replayed, after the binding's deletion" "$cn = forget-deleted-bindings"
succeeds replay-deleted $key "$replayed, after the binding's deletion" "$cn = forget-deleted-bindings"
succeeds replay-expired $rr "$replayed, after the binding's end" "$cn = forget-deleted-bindings"
succeeds replay-expired $key "$replayed, after the nonces' end" "$cn = forget-deleted-bindings"
succeeds replay-expired $rr "$replayed, after the nonces' end" "$cn = forget-deleted-bindings" \
    'correspondent-node cn / nonce-interval = 300s'
succeeds replay-rebooted $key "$replayed, after the correspondent's reboot" "$cn = no-sequence-storage"
succeeds sequence-wrap $key "$replayed, after the sequence numbers have wrapped" "$cn = no-key-wear"
succeeds flooding-off-link $rr 'flooding a third party' "$cn = no-care-of-test"
succeeds return-to-home $rr 'return-to-home flooding' "$cn = no-home-test"
succeeds bidding-down $key 'bidding down' "$cn = bidding-down"
succeeds home-address-option $rr 'reflection by the Home Address option' "$cn = no-home-address-check"
succeeds other-home-address $rr "another's home address" 'home-agent ha / unsafe = no-association-check'
OUTCOME='rejected 135' succeeds replay-esp $rr 'replayed ESP' 'home-agent ha / unsafe = no-anti-replay'
OUTCOME='accepted|rejected 138' succeeds time-shifting $rr 'time shifting' "$cn = no-lifetime-limit" \
    'attack flood / lifetime = 4000s'
OUTCOME='limited|accepted' succeeds routing-header $rr 'routing header' 'mobile-node mn / unsafe = open-routing-header'
OUTCOME=. succeeds exhaustion-state $rr 'a million forged' "$cn = stateful-tests" 'attack exhaustion / count = 5000' \
    'attack exhaustion / message = Home Test Init'
OUTCOME=. succeeds inducing $key 'inducing route' 'mobile-node mn / other-correspondents = on-traffic' \
    'peers mn cn / authorization = static-key'
OUTCOME=. succeeds exhaustion-cache $rr 'exhaustion of the binding cache' 'correspondent-node cn / binding-limit = unlimited'
OUTCOME=. succeeds reflection $key 'reflection of Care-of' 'correspondent-node cn / return-routability = yes' \
    'peers mn cn / authorization = static-key'
finish "each attack fails or succeeds as its scenario says, and its defence is what stops it"
