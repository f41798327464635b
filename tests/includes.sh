#!/usr/bin/env bash
# Dependencies run one way, sim -> models -> libc and libcrypto: models/ includes nothing of sim/, no GLib, no clock, no
# stdio, no socket; within them, folders include those before them in the order of doc/architecture.md; and whatever is
# included from the project is named from the top.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
cd "${srcdir:-.}" || exit 1
status=0

refuse()
{
    local pattern=$1 why=$2
    shift 2
    if grep -rnE --include='*.[ch]' "^[[:space:]]*#[[:space:]]*include[[:space:]]*$pattern" "$@"; then
        echo "FAIL: $why"
        status=1
    fi
}

refuse '["<](\.\./)*(sim|tests)/' "models/ includes the simulator" models
refuse '<(glib|gio|gmodule|gobject|gsl/|pcap)' "models/ includes a library of the simulator" models
refuse '<(time|stdio|errno|fcntl|unistd|signal|pthread|threads|locale|netdb)\.h>' "models/ reaches for the system" models
refuse '<(sys|net|netinet|arpa|linux)/' "models/ reaches for the system" models
refuse '["<](\.\./)*tests/' "the simulator includes the tests" sim
refuse '"(\.|[^"]*\.\./)' "an include path does not start at the top" models sim

# in_order FOLDER...: none includes one that stands behind it. Two that know each other are one word: a|b.
in_order()
{
    local folder later
    while [ $# -gt 1 ]; do
        folder=$1
        shift
        later=$(IFS='|' && echo "$*")
        for part in ${folder//|/ }; do
            refuse "\"($later)/" "$part/ includes what comes after it" "$part"
        done
    done
}
in_order models/base 'models/ipv6|models/ipsec' models/mobility models/traffic models/attack
in_order sim/engine sim/format sim/scenario sim/network sim/measure sim/experiment sim/output sim/live sim/command

for folder in models/*/ sim/*/; do
    if ! grep -qE "(^in_order.*| |'|\|)${folder%/}( |'|\||$)" "tests/includes.sh"; then
        echo "FAIL: $folder has no place in the order above"
        status=1
    fi
done
[ "$status" -eq 0 ] && echo "models/ and sim/ include what they may"
exit "$status"
