#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mip6sim chart: which receipt belongs to which message, on messages written by hand (retransmitted, lost, duplicated,
# overtaken, altered, of an attacker); the same as a well-formed picture; what is said to who asks for what is not there.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

export COLUMNS=100

# has_row TEXT: one line of the chart, blanks and lines squeezed.
has_row()
{
    LC_ALL=C.UTF-8 sed 's/[│┼├┤─╌]/ /g; s/  */ /g' "$work/stdout" >"$work/squeezed"
    has "$work/squeezed" "$1"
}

results=$work/results
mkdir "$results"
"$program" run "$scenarios/rr-vs-kbm.ini" --set 'scenario / replications = 1' --out "$results" >/dev/null || exit 1
try 0 chart "$results"
has_row ' 1107.362 in the tunnel → 1128.362'
[ "$(awk '{ if (length($0) > most) most = length($0) } END { print most }' "$work/stdout")" -gt 0 ] || fail "nothing drawn"
try 0 chart "$results" --svg "$work/chart.svg"
if [ -n "${PYTHON3:-}" ]; then
    "$PYTHON3" -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$work/chart.svg" || fail "no XML"
fi
has "$work/chart.svg" 'Care-of Test Init'

try 2 chart "$results" --node mnn
err_has "did you mean 'mn'"
try 2 chart "$results" --handover 9
err_has 'there are 1 to 1'
try 2 chart "$results" --handover x
try 2 chart "$results" --point 99
err_has 'points are 0 to 39'
try 2 chart "$results" --correspondent xn
err_has "did you mean 'cn'"
try 2 chart "$work/nowhere"
try 2 chart "$work"
try 2 chart
try 1 chart "$results" --svg "$work/no/such/file.svg"

# The same handover with other messages: the Home Test Init is sent at 1, 2 and 3 s after the link went down, the one of
# 1 s is lost, that of 2 s arrives twice; Binding Updates overtake each other; one is altered; one is nobody's.
head -n 2 "$results/handovers.csv" >"$work/handovers"
cp "$work/handovers" "$results/handovers.csv"
{
    echo 'point,replication,time,node,action,reason,message,source,destination,home_address,care_of_address,sequence,status,lifetime,octets,tunnelled'
    cat <<'END'
0,0,8,mn,sent,,Home Test Init,h,c,h,,,,,140,yes
0,0,8.01,mn,sent,,Binding Update,m,c,h,m,1,,420,96,no
0,0,8.02,mn,sent,,Binding Update,m,c,h,m,2,,420,96,no
0,0,8.03,cn,received,,Binding Update,m,c,h,m,2,,420,96,no
0,0,8.04,cn,discarded,sequence number out of window,Binding Update,m,c,h,m,1,,420,96,no
0,0,8.05,mn,sent,,Binding Update,m,c,h,m,3,,420,96,no
0,0,8.06,cn,received,,Binding Update,m,c,h,m,4,,420,96,no
0,0,8.07,cn,received,,Care-of Test Init,x,c,2001:db8:1::1:0:1,m,,,,56,no
0,0,8.1,cn,sent,,Care-of Test,c,m,,m,,,,64,no
END
    echo '0,0,9,mn,sent,,Home Test Init,h,c,h,,,,,140,yes'
    echo '0,0,9.01,cn,received,,Home Test Init,h,c,h,,,,,56,no'
    echo '0,0,9.02,cn,received,,Home Test Init,h,c,h,,,,,56,no'
    echo '0,0,10,mn,sent,,Home Test Init,h,c,h,,,,,140,yes'
    echo '0,0,10.01,cn,received,,Home Test Init,h,c,h,,,,,56,no'
} >"$results/messages.csv"
try 0 chart "$results" --all
has_row ' 1000.000 in the tunnel × lost'
has_row ' 2000.000 in the tunnel → 2010.000'
has_row 'Home Test Init, once more'
has_row ' 3000.000 in the tunnel → 3010.000'
has_row ' 1010.000 seq 1, lifetime 420 s × 1040.000'
has_row 'discarded: sequence number out of window'
has_row ' 1020.000 seq 2, lifetime 420 s → 1030.000'
has_row ' 1050.000 seq 3, lifetime 420 s → 1060.000'
has_row 'sent by somebody who does not report'

finish "every receipt beside its message"
