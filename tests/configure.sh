#!/usr/bin/env bash
# configure tells everything that is missing in one message, with the Debian packages; quickstart knows its arguments.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
if [ -e "$srcdir/config.status" ]; then
    echo "SKIP: configured in the source tree, where configure runs nowhere else"
    exit 77
fi
directory=$(mktemp -d "$builddir/configure.XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
cd "$directory" || exit 1

fail()
{
    echo "FAIL: $*"
    cat output
    exit 1
}

# A machine on which two of the libraries are not installed.
cat >pkg-config <<'END'
#!/bin/sh
case "$*" in
*gsl* | *libpcap*) exit 1 ;;
*--atleast-pkgconfig-version* | *--exists* | *--print-errors*) exit 0 ;;
esac
echo
END
chmod +x pkg-config
"$srcdir/configure" PKG_CONFIG="$PWD/pkg-config" PYTHON3_SCAPY= >output 2>&1 &&
    fail "configure went on without libpcap and GSL"
grep -q 'libpcap, version' output && grep -q 'gsl, version' output || fail "not both libraries were told"
grep -qE 'apt-get install .*\blibpcap-dev libgsl-dev\b' output || fail "the packages were not told"
[ ! -e Makefile ] || fail "a Makefile was made all the same"

"$srcdir/quickstart" --help >output 2>&1 || fail "quickstart --help"
grep -q 'quickstart check' output || fail "quickstart --help does not tell of check"
"$srcdir/quickstart" nonsense >output 2>&1
[ $? -eq 2 ] || fail "quickstart nonsense: not status 2"
echo "configure and quickstart say what they should"
