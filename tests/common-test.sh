#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # what is in single quotes is for the tests that are made here
# The functions of tests/common.sh, by which all other tests judge: each can fail, says so, and passes what is right; what
# a test leaves behind is gone, however it ends.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# A program that says what it is given on both its outputs, and ends with the status that is its first argument.
cat >"$work/program" <<'END'
#!/usr/bin/env bash
echo "out: $*"
echo "err: $*" >&2
exit "$1"
END
chmod +x "$work/program"
mkdir "$work/kept"

# judges STATUS SAID FLAGS LINES: a test with these lines, started with these flags of set, ends with STATUS and says SAID
# (an extended regular expression), and leaves nothing behind.
judges()
{
    local status=0 expected=$1 said=$2 flags=$3
    printf 'set -%s\n. "%s/tests/common.sh"\n%s\nfinish "all is well"\n' "$flags" "$srcdir" "$4" >"$work/test.sh"
    TMPDIR=$work/kept MIP6SIM=$work/program bash "$work/test.sh" >"$work/stdout" 2>&1 || status=$?
    [ "$status" -eq "$expected" ] || fail "$4: status $status, expected $expected"
    out_like "$said"
    [ -z "$(ls "$work/kept")" ] || fail "$4: something is left behind"
}

judges 0 '^test: all is well$' u 'try 0 0 word; out_has "out: 0 word"; err_has "err: 0 word"; out_like "^out: 0 w.rd$"
    err_like "^err: 0 w.rd$"; lacks "$work/stdout" err; lacks_like "$work/stdout" "e.r"; equal it 1 1
    same "$work/stdout" "$work/stdout" "the same file"'
judges 1 'FAIL: test: here it is' u 'fail "here it is"'
judges 1 '^test: 2 failed$' u 'fail one; fail two'
judges 1 'FAIL: test: one' eu 'fail one; echo >"$TMPDIR/not reached"'
judges 1 'FAIL: test: mip6sim 3 word: exit status 3, expected 0' u 'try 0 3 word'
judges 1 '^    stderr: err: 3 word' u 'try 0 3 word'
judges 1 'exit status 3, expected 0' eu 'try 0 3'
judges 1 'FAIL: test: stdout: nothing like: words' u 'try 0 0 word; out_has words'
judges 1 'FAIL: test: stderr: nothing like: words' u 'try 0 0 word; err_has words'
judges 1 'FAIL: test: stdout: nothing like: \^word' u 'try 0 0 word; out_like "^word"'
judges 1 'FAIL: test: stderr: nothing like: \^word' u 'try 0 0 word; err_like "^word"'
judges 1 'FAIL: test: stdout: nothing like: w.rd' u 'try 0 0 word; out_has "w.rd"'
judges 1 'FAIL: test: stdout: there is: word' u 'try 0 0 word; lacks "$work/stdout" word'
judges 1 'FAIL: test: stdout: there is: out: 0 word' u 'try 0 0 word; lacks_like "$work/stdout" "w.rd$"'
judges 1 'FAIL: test: there is no .*/missing' u 'lacks "$work/missing" word'
judges 1 'FAIL: test: there is no .*/missing' u 'lacks_like "$work/missing" word'
judges 1 'FAIL: test: missing: nothing like: word' u 'has "$work/missing" word'
judges 1 '^    file: what is there' u 'echo "what is there" >"$work/file"; has "$work/file" word'
judges 1 'FAIL: test: stdout and stderr differ: two outputs' u 'try 0 0; same "$work/stdout" "$work/stderr" "two outputs"'
judges 1 'FAIL: test: missing and stderr differ: none' u 'try 0 0; same "$work/missing" "$work/stderr" none'
judges 1 'FAIL: test: it: expected "1", found "2"' u 'equal it 1 2'
judges 77 '^SKIP: not here' u 'skip "not here"'
judges 3 '^gone at [0-9]+ files$' u 'touch "$work/a"; cleanup() { echo "gone at $(ls "$work" | wc -l) files"; }; exit 3'
judges 0 '^test: all is well$' u 'mkdir "$work/closed"; touch "$work/closed/file"; chmod a-rwx "$work/closed"'
judges 1 '^gone$' u 'cleanup() { echo gone; }; kill -TERM $$; sleep 5'
status=0
MIP6SIM=$work/nowhere bash "$work/test.sh" >"$work/stdout" 2>&1 || status=$?
equal "no program: exit status" 99 "$status"
out_like 'there is no program .*/nowhere'
finish "every function can fail"
