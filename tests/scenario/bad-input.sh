#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong scenarios are told what is wrong with them. Each file of tests/scenario/bad begins with lines "# expect: TEXT", one for each
# message that `mip6sim check` must tell, no more and no fewer; then what no file of a release can be (too large, binary,
# unreadable, no file at all) and wrong command lines. Always exit status 2, nothing on standard output, no crash.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

bad=$srcdir/tests/scenario/bad
good=$srcdir/scenarios/first-handover.ini
cases=0

# refused NAME COMMAND...: exit status 2, silence on standard output, $work/stderr for more.
refused()
{
    local name=$1 status
    shift
    cases=$((cases + 1))
    timeout 60 "$@" > "$work/stdout" 2> "$work/stderr" < /dev/null
    status=$?
    [ $status -eq 2 ] || fail "$name: exit status $status, not 2"
    [ ! -s "$work/stdout" ] || fail "$name: something on standard output"
}

# told NAME TEXT
told()
{
    grep -qF -- "$2" "$work/stderr" || fail "$1: not told \"$2\""
}

cd "$bad" || exit 1
for file in *.ini; do
    name=$(basename "$file" .ini)
    refused "$name" "$program" check "$name.ini"
    expected=0
    while IFS= read -r line; do
        expected=$((expected + 1))
        told "$name" "${line#'# expect: '}"
    done < <(grep -a '^# expect: ' "$file")
    [ "$expected" -gt 0 ] || fail "$name: says nothing of what is expected"
    [ "$(wc -l < "$work/stderr")" -eq "$expected" ] || fail "$name: $expected messages expected"
done
files=$cases

# special NAME TEXT FILE
special()
{
    refused "$1" "$program" check "$3"
    told "$1" "$2"
}

cd "$work" || exit 1
: > empty.ini
special empty 'empty.ini: there is no [scenario] section: the file says nothing' empty.ini
truncate -s 100M huge.ini
special "100 MB" 'huge.ini: cannot be read: it is larger than 16 MiB' huge.ini
yes 'nonsense' | head -c 17000000 > large.ini
special "17 MB of text" 'it is larger than 16 MiB' large.ini
yes 'nonsense' | head -c 900000 > nonsense.ini
special "100,000 mistakes" '... and 99001 more' nonsense.ini
head -c 3000000 /dev/zero | tr '\0' 'x' > line.ini
special "one long line" 'line.ini:1: "xxx' line.ini
printf '[scenario]\nduration = 5s\n\0\n' > null.ini
special "an octet 0" 'null.ini:3: this is a binary file' null.ini
cp "$program" program.ini
special "a program" 'program.ini:1: this is a binary file' program.ini
special "no such file" 'nowhere.ini: cannot be read: No such file or directory' nowhere.ini
special "a directory" 'cannot be read: it is a directory' .
special "a device" '/dev/null: cannot be read: it is not a regular file' /dev/null
mkfifo pipe.ini
special "a named pipe" 'pipe.ini: cannot be read: it is not a regular file' pipe.ini
ln -s loop.ini loop.ini
special "a link to itself" 'loop.ini: cannot be read:' loop.ini
printf 'x' > secret.ini
chmod 000 secret.ini
if [ ! -r secret.ini ]; then
    special "no permission" 'secret.ini: cannot be read: Permission denied' secret.ini
fi
for i in $(seq 0 16); do
    printf '[scenario]\nextends = %s.ini\n' $((i + 1)) > "$i.ini"
done
cp "$good" 17.ini
special "17 files extend each other" 'more than 16 files extend each other' 0.ini
printf '[scenario]\ndu\033[31mration = 5s\n' > escape.ini
special "control characters are not sent to the terminal" 'du\u001b[31mration' escape.ini

# --set
# set_refused SETTING TEXT
set_refused()
{
    refused "--set $1" "$program" check --set "$1" "$good"
    told "--set $1" "$2"
}
set_refused 'point-to-point ha-edge / dealy = 1ms' '--set: point-to-point ha-edge: dealy: [point-to-point] has no such key; did you mean "delay"?'
set_refused 'point-to-point ha-egde / delay = 1ms' '--set: point-to-point ha-egde: delay: there is no section [point-to-point ha-egde]; did you mean "point-to-point ha-edge"?'
set_refused 'point-to-point ha-edge / delay = 1' '--set: point-to-point ha-edge: delay:'
set_refused 'peers mn cn / authorization = statickey' 'did you mean "static-key"?'
set_refused 'peers mn cn' "is not 'section / key = value'"
set_refused 'scenario / extends = x.ini' 'only a file can say what it extends'
set_refused 'scenario / duration = 4s' ': at 5s: 5s is after the end of the scenario (duration = 4s)'
set_refused 'scenario / seed =' '--set: scenario: seed: it has no value'

# command lines
refused "check without a file" "$program" check
refused "unknown option" "$program" check --quite "$good"
refused "unknown kind" "$program" keys acess-lan
told "unknown kind" 'did you mean "access-lan"?'

# run refuses what check refuses, and leaves nothing behind
refused "run" "$program" run --out "$work/results" "$bad/several.ini"
told "run" 'did you mean "seed"?'
[ ! -e "$work/results" ] || fail "run: made its output directory all the same"

for list in --pcap= --pcap=,; do
    refused "run $list" "$program" run --out "$work/results" "$list" "$good"
    [ ! -e "$work/results" ] || fail "run $list: made its output directory all the same"
done
refused "run --pcap=" "$program" run --out "$work/results" --pcap= "$good"
told "run --pcap=" 'which link?'

# One wrong file does not hide the others, and right ones are told so.
"$program" check "$good" "$bad/several.ini" "$good" > "$work/stdout" 2> "$work/stderr"
[ $? -eq 2 ] || fail "right and wrong files: not exit status 2"
[ "$(grep -c 'good:' "$work/stdout")" -eq 2 ] || fail "right and wrong files: not two that are good"
printf '\357\273\277' > windows.ini
sed 's/$/\r/' "$good" >> windows.ini
"$program" check windows.ini > /dev/null || fail "a byte order mark and CR LF are refused"
"$program" check "$srcdir"/scenarios/*.ini > /dev/null || fail "a scenario that ships is refused"

[ "$files" -ge 60 ] || fail "only $files files in $bad"
finish "$cases wrong inputs ($files files) refused, each with its message"
