# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the whole program have in common. A test begins with set -u, or set -eu if each of its steps needs the one
# before, and then
#
#     . "${srcdir:-.}/tests/common.sh"
#
# It has then, all paths absolute, whether make check starts it, in whatever build directory, or a person from the top:
#     $program    the program            $scenarios  the scenarios that ship
#     $srcdir     the source tree        $builddir   the build tree
#     $work       an empty folder of its own, which is gone when it ends; a function called cleanup is called before
# and the functions below. Its last line is: finish "what has been shown".

test_name=$(basename "$0" .sh)
srcdir=$(cd "${srcdir:-$(dirname "${BASH_SOURCE[0]}")/..}" && pwd) || exit 99
builddir=$(cd "${builddir:-.}" && pwd) || exit 99
program=${MIP6SIM:-$builddir/mip6sim}
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program") || exit 99
# shellcheck disable=SC2034 # the tests use it
scenarios=$srcdir/scenarios
export LC_ALL=C TZ=UTC PYTHONDONTWRITEBYTECODE=1
if [ ! -x "$program" ]; then
    echo "$test_name: there is no program $program: make it, or say by MIP6SIM where it is"
    exit 99
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/mip6sim-$test_name.XXXXXX") || exit 99
failures=0

common_at_end()
{
    if declare -F cleanup >/dev/null; then
        cleanup
    fi
    [ -O "$work" ] && chmod -R u+rwx "$work"
    rm -rf "$work"
}
trap common_at_end EXIT
trap 'exit 1' HUP INT TERM

# show FILE: its end, if there is anything, for somebody who has to find out why.
show()
{
    [ ! -s "$1" ] || tail -n 15 "$1" | cut -c 1-300 | sed "s|^|    $(basename "$1"): |"
}

# fail TEXT: one more failure, told (on standard error, also from within $(...)) with what the program has said last. Under
# set -e it is the last one.
fail()
{
    {
        echo "FAIL: $test_name: $*"
        show "$work/stdout"
        show "$work/stderr"
    } >&2
    failures=$((failures + 1))
    case $- in
    *e*) exit 1 ;;
    esac
}

# skip TEXT: this test cannot be made here.
skip()
{
    echo "SKIP: $*"
    exit 77
}

# finish TEXT: the end of the test, which has shown TEXT if nothing has failed.
finish()
{
    if [ "$failures" -ne 0 ]; then
        echo "$test_name: $failures failed"
        exit 1
    fi
    echo "$test_name: $*"
    exit 0
}

# try STATUS ARGUMENT...: runs the program, whose exit status is to be STATUS; what it says is in stdout and stderr in $work.
try()
{
    local expected=$1 status=0 command
    shift
    command="mip6sim $*"
    "$program" "$@" >"$work/stdout" 2>"$work/stderr" </dev/null || status=$?
    [ "$status" -eq "$expected" ] || fail "${command:0:500}: exit status $status, expected $expected"
}

# has FILE TEXT, has_like FILE PATTERN (an extended regular expression, of one line); lacks, lacks_like: it has not.
has()
{
    grep -qF -- "$2" "$1" || common_fail_about "$1" "nothing like: $2"
}

has_like()
{
    grep -qE -- "$2" "$1" || common_fail_about "$1" "nothing like: $2"
}

lacks()
{
    [ -e "$1" ] || fail "there is no $1"
    if grep -qF -- "$2" "$1"; then
        common_fail_about "$1" "there is: $2"
    fi
}

lacks_like()
{
    [ -e "$1" ] || fail "there is no $1"
    if grep -qE -- "$2" "$1"; then
        common_fail_about "$1" "there is: $(grep -E -m 1 -- "$2" "$1")"
    fi
}

common_fail_about()
{
    case $1 in
    "$work/stdout" | "$work/stderr") ;;
    *) show "$1" >&2 ;;
    esac
    fail "$(basename "$1"): $2"
}

# The same of what the program has said last.
out_has()
{
    has "$work/stdout" "$1"
}

out_like()
{
    has_like "$work/stdout" "$1"
}

err_has()
{
    has "$work/stderr" "$1"
}

err_like()
{
    has_like "$work/stderr" "$1"
}

# same FILE FILE WHY: the same octets.
same()
{
    cmp -s "$1" "$2" || {
        diff "$1" "$2" 2>&1 | head -n 10 | cut -c 1-300 | sed 's/^/    /' >&2
        fail "$(basename "$1") and $(basename "$2") differ: $3"
    }
}

# equal WHAT EXPECTED FOUND
equal()
{
    [ "$2" = "$3" ] || fail "$1: expected \"$2\", found \"$3\""
}

# make_namespace NAME: a network namespace with TAPs, for the test to delete; skips where that cannot be had.
make_namespace()
{
    local tool
    [ "$(id -u)" -eq 0 ] || skip "this needs root, to make network namespaces"
    for tool in ip ping; do
        command -v "$tool" >/dev/null || skip "there is no $tool"
    done
    [ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
    ip netns add "$1" 2>/dev/null || skip "no network namespaces can be made here"
    if ! ip netns exec "$1" true 2>/dev/null; then # in a chroot, for one
        ip netns del "$1"
        skip "nothing can be run in a network namespace here"
    fi
}
