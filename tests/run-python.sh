#!/bin/sh
# Runs a test written in Python with the python3 that can import scapy, or with any; SKIP where there is none.
# SPDX-License-Identifier: GPL-2.0-or-later
python=${PYTHON3_SCAPY:-${PYTHON3:-}}
if [ -z "$python" ]; then
    echo "SKIP: no python3: apt-get install python3 python3-scapy, then configure again"
    exit 77
fi
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
exec "$python" "$@"
