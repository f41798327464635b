#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mip6sim plot on results with known numbers (tests/data/handovers.awk): the numbers in the .dat files, scripts that run by
# themselves, well-formed pictures, and what is said where there is nothing to draw, no gnuplot, no room.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

if [ -z "${GNUPLOT=gnuplot}" ] || ! command -v "$GNUPLOT" >/dev/null; then
    skip "no gnuplot: apt-get install gnuplot-nox"
fi
export GNUPLOT

# results SHAPE [REPLICATIONS]: makes them in a directory called so.
results()
{
    mkdir -p "$work/$1"
    awk -v shape="$1" -v replications="${2:-5}" -f "$srcdir/tests/data/handovers.awk" >"$work/$1/handovers.csv"
}

well_formed()
{
    if [ -n "${PYTHON3:-}" ]; then
        "$PYTHON3" -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$1"
    else
        grep -q '</svg>' "$1"
    fi
}

# drawn SHAPE FIGURE...: these figures, and no others, are in the directory; and the scripts draw them again by themselves.
drawn()
{
    local shape=$1 figure
    shift
    for figure in latency outage-cdf phases bars heat-map outage-offset; do
        case " $* " in
        *" $figure "*)
            well_formed "$work/$shape/$figure.svg" || fail "$shape: $figure.svg is not well-formed"
            [ "$(head -c 4 "$work/$shape/$figure.png" | tail -c 3)" = PNG ] || fail "$shape: $figure.png is no PNG"
            rm -f "$work/$shape/$figure".{svg,png}
            (cd "$work/$shape" && LC_ALL=C.UTF-8 "$GNUPLOT" -d "$figure.gp") >"$work/words" 2>&1 || fail "$shape: $figure.gp fails"
            [ -s "$work/words" ] && fail "$shape: gnuplot says of $figure.gp: $(cat "$work/words")"
            [ -s "$work/$shape/$figure.svg" ] && [ -s "$work/$shape/$figure.png" ] ||
                fail "$shape: $figure.gp draws nothing by itself"
            ;;
        *)
            for ending in svg png gp dat; do
                [ ! -e "$work/$shape/$figure.$ending" ] || fail "$shape: $figure.$ending, of which there is no data"
            done
            ;;
        esac
    done
}

# block FILE INDEX: the numbers of one block.
block()
{
    awk -v want="$2" '/^# index / { now = $3 + 0; next } /^#/ || NF == 0 { next } now == want' "$1"
}

# Two delay axes and the method. a = 1, 10, 25, 50, 100 ms across, c = 1, 10, 25, 50 ms in panels:
# return routability 2a + 2(2a + c) + c, static key 2a + c, the same in every replication.
results two
try 0 plot "$work/two"
equal "what plot prints" 10 "$(wc -l <"$work/stdout")"
[ -s "$work/stderr" ] && fail "plot has something to say"
equal "return routability, c = 10 ms" "1 36 36 36 5;10 90 90 90 5;25 180 180 180 5;50 330 330 330 5;100 630 630 630 5;" \
    "$(block "$work/two/latency.dat" 2 | tr '\n' ';')"
equal "static key, c = 50 ms" "1 52 52 52 5;10 70 70 70 5;25 100 100 100 5;50 150 150 150 5;100 250 250 250 5;" \
    "$(block "$work/two/latency.dat" 7 | tr '\n' ';')"
# The distribution of the outage rises from 0 to 1 in five steps; return routability at a = 1 ms, c = 25 ms.
equal "outage: shares" "0 0.2 0.4 0.6 0.8 1 1 " \
    "$(block "$work/two/outage-cdf.dat" 0 | awk '{ print $2 }' | tr '\n' ' ')"
# One handover taken apart: bars end where link down to bound ends: from handovers.csv at a = 100 ms, c = 25 ms.
longest=$(awk -F, 'NR == 1 { while ($++column != "handover_latency"); next }
    $3 == "return-routability" && $4 == "100ms" && $5 == "25ms" { sum += $column; n++ }
    END { printf "%.3f", 1000 * sum / n }' "$work/two/handovers.csv")
equal "phases: the longest bar" "$longest" \
    "$(block "$work/two/phases.dat" 6 | awk '$1 > m { m = $1 } END { printf "%.3f", m }')"
equal "phases: address configuration" 1000 \
    "$(block "$work/two/phases.dat" 2 | awk '$1 != "?" { print $7 }' | sort -u)"
equal "phases: return routability, under that method alone" 4 "$(block "$work/two/phases.dat" 4 | grep -vc '?')"
drawn two latency outage-cdf phases bars heat-map
grep -q 'Return routability (RFC 6275)' "$work/two/latency.svg" || fail "the method's name is not in the picture"
grep -q 'Delay of ha-core (ms)' "$work/two/latency.svg" || fail "the axis' name is not in the picture"

# The other formats, measures and labels, on what is there already.
try 0 plot "$work/two" --format svg --measure packets_lost,mobile_messages --label 'point-to-point ha-core / delay=MN to HA'
[ -e "$work/two/latency.png" ] && fail "--format svg makes a PNG, or leaves an old one"
grep -q 'MN to HA (ms)' "$work/two/latency.svg" || fail "--label is not in the picture"
grep -q 'Packets lost' "$work/two/latency.svg" || fail "--measure is not in the picture"
equal "messages" "1 8 8 8 5" "$(block "$work/two/latency.dat" 8 | head -n 1)"

# An offset between the moves of two: a panel for each, a line for each method; the numbers are those of handovers.csv.
cat >"$work/offset.ini" <<END
[scenario]
extends = $scenarios/simultaneous-mobility.ini
replications = 2
[sweep]
parameters / offset = -1s..1s step 500ms
END
try 0 run "$work/offset.ini" --out "$work/offset"
try 0 plot "$work/offset"
drawn offset latency outage-cdf phases bars outage-offset
equal "offsets" "-1000 -500 0 500 1000 " \
    "$(block "$work/offset/outage-offset.dat" 3 | awk '{ print $1 }' | tr '\n' ' ')"
mean=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["node"] == "b" && $at["authorization"] == "static-key" && $at["parameters / offset"] == "-500ms" { sum += $at["outage"]; n++ }
    END { printf "%.3f", 1000 * sum / n }' "$work/offset/handovers.csv")
equal "outage of b under a static key" "$mean" \
    "$(block "$work/offset/outage-offset.dat" 3 | awk '$1 == -500 { printf "%.3f", $2 }')"
grep -q 'What is sent to b' "$work/offset/outage-offset.gp" || fail "the panel of b is not in the picture"

# One axis; an axis that is no number; none; no traffic; one run, with a handover that is never completed.
for shape in one category none silent single; do
    results "$shape"
done
try 0 plot "$work/one"
drawn one latency outage-cdf phases bars
try 0 plot "$work/category"
drawn category latency outage-cdf phases bars
try 0 plot "$work/none"
[ -s "$work/stderr" ] && fail "plot tells of figures that nobody asked for"
drawn none outage-cdf phases bars
try 2 plot "$work/none" phases latency
err_has 'latency: nothing was swept'
try 0 plot "$work/silent"
drawn silent latency phases bars
try 2 plot "$work/silent" outage-cdf
err_has 'outage-cdf: no outage was measured'
try 0 plot "$work/single"
drawn single outage-cdf phases bars

# One replication has no interval.
results one 1
try 0 plot "$work/one"
equal "no interval" "1 36 ? ? 1" "$(block "$work/one/latency.dat" 0 | head -n 1)"
drawn one latency outage-cdf phases bars

# A figure of other results does not stay.
cp "$work/none/handovers.csv" "$work/one/handovers.csv"
try 0 plot "$work/one"
drawn one outage-cdf phases bars

# What results say is text to gnuplot, and stays on its line of the numbers.
results category
awk '{ gsub(/uniform\(40ms, 80ms\)/, "7 7 7\n8 8 8 '"'"'`touch mark`"); print }' "$work/category/handovers.csv" >"$work/lines.csv"
mv "$work/lines.csv" "$work/category/handovers.csv"
try 0 plot "$work/category"
grep -q '# .*8 8 8' "$work/category/phases.dat" || fail "the level is not in the numbers' remarks"
if sed 's/#.*//' "$work"/category/*.dat | grep '[^-+0-9.e? ]'; then
    fail "text among the numbers"
fi
[ ! -e "$work/category/mark" ] || fail "gnuplot took a level for a command"

# Mistakes.
mkdir -p "$work/empty" "$work/header" "$work/broken" "$work/nothing"
: >"$work/empty/handovers.csv"
head -n 1 "$work/two/handovers.csv" >"$work/header/handovers.csv"
sed '3s/$/,more/' "$work/two/handovers.csv" >"$work/broken/handovers.csv"
try 2 plot "$work/no-such-directory"
err_has 'no-such-directory: no such directory'
try 2 plot "$work/two/handovers.csv"
err_has 'not a directory'
try 2 plot "$work/nothing"
err_has "no handovers.csv"
try 2 plot "$work/empty"
err_has 'handovers.csv:1: empty'
try 2 plot "$work/header"
err_has 'nothing in these results can be drawn'
try 2 plot "$work/broken"
err_has 'handovers.csv:3: a row of '
try 2 plot "$work/two" "$work/one"
err_has 'there is no figure'
try 2 plot "$work/two" latency luck
err_has "there is no figure 'luck'; there are latency, outage-cdf, phases, "
try 2 plot "$work/two" --format svg,gif
err_has "'gif' is none of svg, png, pdf"
try 2 plot "$work/two" --measure luck
err_has "handovers.csv has no measure 'luck'; it has "
try 2 plot "$work/two" --label nonsense
err_has "'section / key=text'"
try 0 plot "$work/two" --label 'lan x / delay=y'
err_has "no axis 'lan x / delay'"

# No gnuplot: the scripts are there all the same. A gnuplot that fails: its words are told.
results none
rm -f "$work"/none/*.{gp,dat,svg,png}
GNUPLOT=$work/no-gnuplot try 1 plot "$work/none"
err_has 'gnuplot-nox'
[ -s "$work/none/phases.gp" ] && [ -s "$work/none/phases.dat" ] || fail "no scripts without gnuplot"
printf '#!/bin/sh\necho "the pen is broken" >&2\nexit 1\n' >"$work/broken-gnuplot"
chmod +x "$work/broken-gnuplot"
GNUPLOT=$work/broken-gnuplot try 1 plot "$work/none"
err_has 'the pen is broken'
printf '#!/bin/sh\nexit 0\n' >"$work/broken-gnuplot"
GNUPLOT=$work/broken-gnuplot try 1 plot "$work/none"
err_has 'gnuplot did not make it'
if [ "$(id -u)" -ne 0 ]; then
    chmod a-w "$work/none"
    try 1 plot "$work/none"
    err_has 'Permission denied'
fi

finish "mip6sim plot draws what it should"
