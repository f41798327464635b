#!/usr/bin/env bash
# Dependencies run one way, sim -> models -> libc and libcrypto: models/ includes nothing of sim/, no GLib, no clock, no
# stdio, no socket; and whatever is included from the project is named from the top.
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
[ "$status" -eq 0 ] && echo "models/ and sim/ include what they may"
exit "$status"
