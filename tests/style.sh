#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What doc/architecture.md says of the look of files, as far as a machine can see it. C: the license in the first line, an
# essay behind it, at most 110 columns, no tabs, a guard named after the header. Scripts: the license near the top. All: no
# blanks at the end of a line, and an end of the last line.
set -u
export LC_ALL=C.UTF-8
cd "${srcdir:-.}" || exit 99
failures=0

# Vectors are printed by scripts; what is wrong on purpose, and what fuzzing has found, is as it is.
mapfile -t c_files < <(find models sim tests -name '*.[ch]' ! -path 'tests/vectors/*' | sort)
mapfile -t scripts < <(find tests quickstart bootstrap -name '*.sh' -o -name '*.py' -o -name '*.awk' -o -name quickstart \
    -o -name bootstrap | sort)
mapfile -t texts < <(find README.md Makefile.am configure.ac doc models sim tests scenarios \( -name '*.md' -o -name '*.mk' \
    -o -name '*.ini' -o -name Makefile.am -o -name configure.ac \) ! -path 'tests/scenario/bad/*' ! -path 'tests/fuzz/*' | sort)

# told WHY: what standard input lists is wrong.
told()
{
    local what
    what=$(head -n 20 | cut -c 1-160 | sed 's/^/    /')
    [ -z "$what" ] && return
    printf 'FAIL: %s:\n%s\n' "$1" "$what"
    failures=$((failures + 1))
}

told "the first line is not the license" < <(
    awk 'FNR == 1 && $0 != "/* SPDX-License-Identifier: GPL-2.0-or-later */" { print FILENAME }' "${c_files[@]}")
told "no essay behind the license" < <(awk 'FNR == 2 && $0 !~ /^\/\*/ { print FILENAME }' "${c_files[@]}")
told "a line of more than 110 columns" < <(grep -nHE '.{111}' "${c_files[@]}")
told "a tab" < <(grep -nHP '\t' "${c_files[@]}")
told "the guard is not MIP6SIM_ and the header's path" < <(
    for file in "${c_files[@]}"; do
        case $file in
        *.h) grep -qx "#ifndef MIP6SIM_$(tr 'a-z/.-' 'A-Z___' <<<"$file")" "$file" || echo "$file" ;;
        esac
    done)
told "no license near the top" < <(
    for file in "${scripts[@]}"; do
        head -n 12 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || echo "$file"
    done)
told "blanks at the end of a line" < <(grep -nHE '[[:blank:]]$' "${c_files[@]}" "${scripts[@]}" "${texts[@]}")
told "the last line has no end" < <(
    for file in "${c_files[@]}" "${scripts[@]}" "${texts[@]}"; do
        [ -z "$(tail -c 1 "$file")" ] || echo "$file"
    done)

# The lists are what they should be: a test that looks at nothing finds nothing.
if [ "${#c_files[@]}" -lt 300 ] || [ "${#scripts[@]}" -lt 40 ] || [ "${#texts[@]}" -lt 50 ]; then
    told "where are the files?" <<<"${#c_files[@]} files of C, ${#scripts[@]} scripts, ${#texts[@]} texts"
fi
echo "${#c_files[@]} files of C, ${#scripts[@]} scripts, ${#texts[@]} texts: $failures kinds of faults"
[ "$failures" -eq 0 ]
