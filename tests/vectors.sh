#!/usr/bin/env bash
# The vectors that unit tests read are what the scripts beside them print: keygen.py needs hashlib and hmac alone,
# the others need scapy. Independent sources, run again here, so that nobody edits an expectation by hand.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.}
status=77
export PYTHONDONTWRITEBYTECODE=1

compare()
{
    local python=$1 file=$2 needs=$3
    local script=${file%.*}.py
    if [ -z "$python" ]; then
        echo "SKIP: $file is not made again: apt-get install $needs"
        return
    fi
    if "$python" "$srcdir/tests/vectors/$script" | cmp - "$srcdir/tests/vectors/$file"; then
        echo "$file is what $script prints"
        [ "$status" -eq 77 ] && status=0
    else
        echo "FAIL: $file is not what $script prints"
        status=1
    fi
}

compare "${PYTHON3:-${PYTHON3_SCAPY:-}}" keygen.txt python3
for file in mobility_header.txt ipv6_vectors.h neighbor_discovery.h home_agent.h esp.h discovery.h mobile_node.h attacker.h; do
    compare "${PYTHON3_SCAPY:-}" "$file" "python3 python3-scapy"
done
exit "$status"
