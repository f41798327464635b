#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The reference page says what the program's table of keys says: everything from its line "## Sections and keys" on is what
# `mip6sim keys --markdown` prints.
#
#     tests/scenario/reference.sh --write     (with MIP6SIM=path of the program) brings the page up to date
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-$(dirname "$0")/../..}/tests/common.sh"

page=$srcdir/doc/scenario-reference.md
sed '/^## Sections and keys$/q' "$page" >"$work/page"
"$program" keys --markdown >>"$work/page"
if [ "${1:-}" = --write ]; then
    cat "$work/page" >"$page"
    exit 0
fi
if ! diff -u "$page" "$work/page" >"$work/stdout"; then
    fail "doc/scenario-reference.md is not what the program's table of keys says; bring it up to date:
    MIP6SIM=./mip6sim tests/scenario/reference.sh --write"
fi
# The scenario in the page's introduction is a right one.
awk '/^```ini$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$page" >"$work/example.ini"
[ -s "$work/example.ini" ] || fail "the page has no example"
try 0 check "$work/example.ini"
finish "the page says what the program says"
