#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# doc/rfc-map.md names functions, tests and files: every one of them must be there.
#
#     `name()`            defined in models/ or sim/: its name, with a parenthesis, in the first column's line that does not end
#                         in a semicolon
#     `file/name`         START_TEST(name) in tests/unit/file.c or tests/lab/file.c; with * for the name, such a file
#     `models/a/b.c`      a file of that name from the top
set -u
LC_ALL=C
export LC_ALL
cd "${srcdir:-.}" || exit 99
page=doc/rfc-map.md
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# What is there: definitions begin in the first column. What a macro makes a test of is START_TEST's.
find models sim -name '*.[ch]' -exec grep -h '^[a-z].*[a-z0-9_](' {} + |
    grep -v ';[[:space:]]*$' | sed 's/\([a-z0-9_]*\)(.*/\1()/; s/.*[^a-z0-9_]\([a-z0-9_]*()\)$/\1/' >"$work/there"
for source in tests/unit/test_*.c tests/lab/test_*.c tests/lab/model_check.c; do
    file=$(basename "$source" .c)
    echo "$file/*"
    sed -n "s|^START_TEST(\([a-zA-Z0-9_]*\)).*|$file/\1|p" "$source"
done >>"$work/there"
find models sim tests doc -type f >>"$work/there"
sort -u "$work/there" -o "$work/there"

# What the page names: in a row's code spans, what ends in () or holds a slash.
grep -o '`[^`]*`' "$page" | tr -d '`' | grep -E '^[a-z0-9_]+\(\)$|^[a-zA-Z0-9_.*/-]+/[a-zA-Z0-9_.*/-]+$' |
    grep -v -x -E 'tests/(unit|lab)/file\.c|file/(name|\*)' | grep -v -x 'name()' | sort -u >"$work/named"

count=$(wc -l <"$work/named")
if [ "$count" -lt 300 ]; then
    echo "$page: only $count names found; is this test still looking at what is written there?"
    exit 1
fi
missing=$(comm -23 "$work/named" "$work/there")
if [ -n "$missing" ]; then
    echo "$page names what is not there:"
    for name in $missing; do
        echo "    $name (line $(grep -n -F "\`$name\`" "$page" | head -n 1 | cut -d: -f1))"
    done
    exit 1
fi
echo "$page: $count names, all there"
