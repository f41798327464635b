#!/usr/bin/env bash
# Every header compiles alone, and twice, without a warning; those of models/ with no GLib on the include path.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
cd "${srcdir:-.}" || exit 1
failures=0 count=0

check_headers()
{
    local folder=$1 header
    shift
    while read -r header; do
        count=$((count + 1))
        # shellcheck disable=SC2086 # CC, CPPFLAGS and CHECKED_CFLAGS are lists
        if ! printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
            ${CC:-cc} -I. "$@" ${CPPFLAGS:-} ${CHECKED_CFLAGS:--Wall -Wextra} -Werror -fsyntax-only -x c -; then
            echo "FAIL: $header does not compile alone"
            failures=$((failures + 1))
        fi
    done < <(find "$folder" -name '*.h' | sort)
}

# The flags name the source tree relative to the build tree; -I. above is the same place, seen from here.
# shellcheck disable=SC2086
check_headers models ${BOUNDARY_CPPFLAGS:--D_GNU_SOURCE}
# shellcheck disable=SC2086
check_headers sim ${SIM_CPPFLAGS:--D_GNU_SOURCE}
echo "$count headers, $failures of them do not compile alone"
[ "$count" -gt 0 ] && [ "$failures" -eq 0 ]
