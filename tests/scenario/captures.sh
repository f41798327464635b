#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The captures of every shipped scenario, judged by programs that are not ours: tshark finds nothing malformed, no bad checksum and
# the messages in the order that the protocol gives them, those under ESP decrypted with the keys that the run has written; scapy reads each Mobility Header and, told to make it again from
# what it has read, checksum included, gets the same octets.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

tshark=${TSHARK:-}
python=${PYTHON3_SCAPY:-}
if [ -z "$tshark" ] && [ -z "$python" ]; then
    skip "neither tshark nor python3 with scapy is here"
fi

# A sweep is captured at its first and last point, once each.
for file in "$scenarios"/*.ini; do
    name=$(basename "$file" .ini)
    if grep -q '^\[sweep\]' "$file"; then
        "$program" run "$file" --run 0 --pcap --out "$work/all" > /dev/null || fail "cannot run $file"
        points=$(ls -d "$work/all"/point-* | sed 's/.*point-\([0-9]*\)-.*/\1/' | sort -n)
        for point in $(printf '%s\n' "$points" | sed -n '1p;$p'); do
            mkdir -p "$work/kept/$name-$point"
            mv "$work/all/point-$point-replication-0"/* "$work/kept/$name-$point/"
        done
        rm -rf "$work/all"
    else
        "$program" run "$file" --pcap --out "$work/kept/$name" > /dev/null || fail "cannot run $file"
    fi
done
find "$work/kept" -name '*.pcap' -size +24c | sort > "$work/list"
[ -s "$work/list" ] || fail "nothing was captured"
count=$(wc -l < "$work/list")
judges=

# ---- tshark ----

# The directory of a capture holds the keys where tshark looks for them.
# look FILE FILTER FIELD...: what matches, checksums and ESP verified.
look()
{
    local capture=$1 filter=$2
    shift 2
    WIRESHARK_CONFIG_DIR=$(dirname "$capture") "$tshark" -n -r "$capture" -o udp.check_checksum:TRUE \
        -o esp.enable_encryption_decode:TRUE -o esp.enable_authentication_check:TRUE -Y "$filter" -T fields "$@" 2> "$work/errors" ||
        fail "tshark: $(cat "$work/errors")"
}

if [ -n "$tshark" ]; then
    # What an ICMPv6 error quotes is judged where it was sent: of a packet with a type 2 routing header, quoted, tshark takes
    # the address in the IPv6 header for the one that the checksum is over.
    bad='_ws.malformed or icmpv6.checksum.status == 0'
    bad="$bad or (not icmpv6.type < 128 and (udp.checksum.status == 0 or _ws.expert.severity == 0x00800000))"
    bad="$bad or esp.icv_bad == 1 or (esp and not esp.icv_good == 1)"
    while read -r capture; do
        found=$(look "$capture" "$bad" -e frame.number -e _ws.expert.message | head -n 5)
        [ -z "$found" ] || fail "$capture: tshark finds fault: $found"
    done < "$work/list"
    # A test that cannot fail is none: one octet changed must be found.
    damaged=$work/damaged.pcap
    sample=$(ls "$work"/kept/first-handover/*.pcap | head -n 1)
    for candidate in "$work"/kept/first-handover/*.pcap; do
        [ -z "$(look "$candidate" 'udp' -e frame.number | head -n 1)" ] || sample=$candidate
    done
    "$tshark" -n -r "$sample" -Y udp -c 100000 -F nsecpcap -w "$damaged" 2> "$work/errors" || fail "tshark: $(cat "$work/errors")"
    size=$(wc -c < "$damaged")
    printf '\377' | dd of="$damaged" bs=1 seek=$((size - 1)) conv=notrunc 2> /dev/null
    [ -n "$(look "$damaged" "$bad" -e frame.number)" ] || fail "tshark does not see a damaged packet"

    # Home registration, both tests, correspondent registration: as seen on the visited link, each message when first seen.
    expected='5 6 1 2 3 4 5 6'
    visited=$(ls "$work"/kept/first-handover/visited*.pcap | head -n 1)
    seen=$(look "$visited" 'mipv6' -E occurrence=l -e mip6.mhtype | awk '{ print $1 }' | head -n 8)
    firsts=$(printf '%s\n' "$seen" | awk '$1 == 1 || $1 == 2 { i++ } { print }' | tr '\n' ' ' | sed 's/ $//')
    ordered=$(printf '%s' "$firsts" | sed 's/2 1/1 2/; s/4 3/3 4/')
    [ "$ordered" = "$expected" ] || fail "first-handover: expected message types $expected, tshark sees $firsts"
    judges="tshark"
fi

# ---- scapy ----

if [ -n "$python" ]; then
    xargs -d '\n' "$python" "$srcdir/tests/scenario/rebuild.py" < "$work/list" || fail "scapy disagrees"
    judges="${judges:+$judges and }scapy"
fi
finish "$judges find no fault in $count files"
