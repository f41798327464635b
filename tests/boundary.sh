#!/usr/bin/env bash
# The boundary of doc/architecture.md, held against the objects themselves:
#  1. libmip6.a calls nothing but what tests/boundary-allowed.txt allows;
#  2. no model asks which attack caused a packet: only models/base/ carries the mark along, and an adversary sets it;
#  3. neither library has static data that can be written, so that many simulations run in one process.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
failures=0

if [ -z "${NM=nm}" ] || [ -z "${OBJDUMP=objdump}" ]; then
    echo "SKIP: no nm and objdump: apt-get install binutils"
    exit 77
fi

check_undefined_symbols()
{
    local library=$builddir/libmip6.a defined symbol pattern allowed patterns=() symbols
    while read -r pattern; do
        case $pattern in '' | '#'*) continue ;; esac
        patterns+=("$pattern")
    done <"$srcdir/tests/boundary-allowed.txt"
    defined=$("$NM" -g --defined-only -P "$library" 2>/dev/null | awk 'NF > 2 { print $1 }' | sort -u)
    if [ -z "$defined" ]; then
        echo "FAIL: $library defines nothing"
        failures=$((failures + 1))
    fi
    symbols=$("$NM" -u -P "$library" 2>/dev/null | awk 'NF > 1 { print $1 }' | sort -u |
        comm -23 - <(printf '%s\n' "$defined"))
    for symbol in $symbols; do
        allowed=no
        for pattern in "${patterns[@]}"; do
            # shellcheck disable=SC2254 # the pattern is meant as one
            case $symbol in $pattern) allowed=yes && break ;; esac
        done
        if [ "$allowed" = no ]; then
            echo "FAIL: libmip6.a calls $symbol, which tests/boundary-allowed.txt does not allow:"
            "$NM" -A -u "$library" | awk -v symbol="$symbol" '$NF == symbol { print "    " $1 }'
            failures=$((failures + 1))
        fi
    done
}

check_marks()
{
    local found
    found=$(grep -rnE '(->|\.)mark\b|packet_pool_(set_)?mark|packet_mark_cause' "$srcdir/models" --include='*.[ch]' |
        grep -vE '/models/(base/packet\.[ch]|attack/[a-z_]*\.[ch]|environment\.h):')
    if [ -n "$found" ]; then
        echo "FAIL: a model looks at a packet's mark:"
        echo "$found"
        failures=$((failures + 1))
    fi
}

# .data.rel.ro is written by the loader only. Sections are looked at by size, so that a nameless object counts as well.
check_static_data()
{
    local library=$builddir/$1 found
    found=$("$OBJDUMP" -h "$library" | awk '
        /file format/ { member = $1 }
        $1 ~ /^[0-9]+$/ && $2 ~ /^\.(data|bss|tdata|tbss)/ && $2 !~ /^\.data\.rel\.ro/ && $3 !~ /^0+$/ {
            print "    " member " " $2 " of 0x" $3 " octets"
        }')
    found+=$("$OBJDUMP" -t "$library" | awk '$0 ~ /\*COM\*/ { print "    " $NF " (common)" }')
    if [ -n "$found" ]; then
        echo "FAIL: $1 has static data that can be written:"
        echo "$found"
        "$NM" -A "$library" 2>/dev/null | awk '$(NF - 1) ~ /^[bBdDC]$/ { print "    " $1 " " $NF }'
        failures=$((failures + 1))
    fi
}

check_undefined_symbols
check_marks
if [ "${INSTRUMENTED:-no}" = no ]; then
    check_static_data libmip6.a
    check_static_data libmip6sim.a
else
    echo "static data is not looked at: the sanitizers' and gcov's own is there"
fi
[ "$failures" -eq 0 ]
