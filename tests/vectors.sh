#!/usr/bin/env bash
# The vectors that unit tests read are what the scripts beside them print: keygen.py needs hashlib and hmac alone,
# mobility_header.py needs scapy. Independent sources, run again here, so that nobody edits an expectation by hand.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.}
status=77
export PYTHONDONTWRITEBYTECODE=1

compare()
{
    local python=$1 name=$2 needs=$3
    if [ -z "$python" ]; then
        echo "SKIP: $name.txt is not made again: apt-get install $needs"
        return
    fi
    if "$python" "$srcdir/tests/vectors/$name.py" | cmp - "$srcdir/tests/vectors/$name.txt"; then
        echo "$name.txt is what $name.py prints"
        [ "$status" -eq 77 ] && status=0
    else
        echo "FAIL: $name.txt is not what $name.py prints"
        status=1
    fi
}

compare "${PYTHON3:-${PYTHON3_SCAPY:-}}" keygen python3
compare "${PYTHON3_SCAPY:-}" mobility_header "python3 python3-scapy"
exit "$status"
