#!/usr/bin/env bash
# The program under valgrind: no invalid access, nothing uninitialised, no leak.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
program=${MIP6SIM:-$builddir/mip6sim}
scenario=$srcdir/scenarios/first-handover.ini

if [ -z "${VALGRIND=valgrind}" ]; then
    echo "SKIP: no valgrind: apt-get install valgrind"
    exit 77
elif [ "${INSTRUMENTED:-no}" = yes ]; then
    echo "SKIP: this build looks after itself"
    exit 77
elif [ ! -x "$program" ] || [ ! -e "$scenario" ]; then
    echo "SKIP: no $program or no $scenario"
    exit 77
fi

directory=$(mktemp -d "$builddir/valgrind.XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT

check()
{
    echo "mip6sim $*"
    "$VALGRIND" --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
        --errors-for-leak-kinds=definite,indirect --track-origins=yes "$program" "$@" >"$directory/output"
    status=$?
    if [ "$status" -ne "$expected" ]; then
        echo "FAIL: exit status $status, expected $expected"
        cat "$directory/output"
        exit 1
    fi
}

expected=0
check run "$scenario" --out "$directory/out" --pcap
check check "$scenario"
check keys
printf '[scenario]\nduration = soon\n[router r]\n[router r]\n' >"$directory/broken.ini"
expected=2
check check "$directory/broken.ini"
