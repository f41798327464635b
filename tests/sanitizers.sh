#!/usr/bin/env bash
# The unit tests, the fuzz programs' corpus and the small scenarios once more, in a build of their own with the address and
# undefined behaviour sanitizers. The build is kept in sanitized/ and only what changed is made anew.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
if [ "${INSTRUMENTED:-no}" = yes ]; then
    echo "SKIP: this build has its own instruments"
    exit 77
fi
if ! echo 'int main(void) { return 0; }' |
    ${CC:-cc} -x c -fsanitize=address,undefined -o /dev/null - >/dev/null 2>&1; then
    echo "SKIP: ${CC:-cc} cannot link with the sanitizers"
    exit 77
fi

# The outer make's job server is out of reach here.
unset MAKEFLAGS MFLAGS MAKELEVEL
make=${MAKE:-make}
sanitized=$builddir/sanitized

fail()
{
    echo "FAIL: $*"
    exit 1
}

# A copy of what a release holds: a source tree that is configured in place cannot be configured a second time outside.
copy_sources()
{
    mkdir -p "$sanitized"
    "$make" -s -C "$builddir" --no-print-directory print-distfiles >"$sanitized.list" &&
        tar -C "$srcdir" -cf - -T "$sanitized.list" | tar -C "$sanitized" -xf - &&
        chmod -R u+w "$sanitized" &&
        rm -f "$sanitized.list"
}

copy_sources || fail "the sources could not be copied"
cd "$sanitized" || exit 1
if [ ! -e config.status ] || [ configure -nt config.status ]; then
    ./configure -q --enable-sanitizers CC="${CC:-cc}" CFLAGS='-O1 -g' PKG_CONFIG="${PKG_CONFIG:-pkg-config}" \
        >configure.out 2>&1 || { cat configure.out; fail "configure --enable-sanitizers"; }
fi

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
tests=$("$make" -s --no-print-directory print-sanitized-tests)
"$make" -s -j2 all >make.out 2>&1 || { cat make.out; fail "the build with the sanitizers"; }
if [ -n "$tests" ]; then
    # shellcheck disable=SC2086 # a list
    "$make" -s -j2 check VERBOSE=1 check_PROGRAMS="$tests" TESTS="$tests" >check.out 2>&1 ||
        { cat check.out; fail "tests under the sanitizers"; }
    sed -n '/^# TOTAL/p; /^# PASS/p; /^# SKIP/p' check.out
fi

for scenario in first-handover return-home ten-handovers two-mobile-nodes plain-correspondent overlapping-links; do
    [ -x mip6sim ] && [ -e "scenarios/$scenario.ini" ] || continue
    rm -rf "out-$scenario"
    ./mip6sim run "scenarios/$scenario.ini" --out "out-$scenario" --pcap >run.out 2>&1 ||
        { cat run.out; fail "$scenario.ini under the sanitizers"; }
    echo "$scenario.ini: clean"
done
