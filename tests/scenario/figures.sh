#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The figures of a small sweep, straight from its database: every one in every format and style, scripts that run by themselves,
# numbers that summarize has too, and texts that mean something to gnuplot.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

if [ -z "${GNUPLOT=gnuplot}" ] || ! command -v "$GNUPLOT" >/dev/null; then
    skip "no gnuplot: apt-get install gnuplot-nox"
fi
export GNUPLOT

# by_itself DIRECTORY FORMAT...: each script there draws these again, silently.
by_itself()
{
    local directory=$1 script format
    shift
    for script in "$directory"/*.gp; do
        for format in "$@"; do
            rm -f "${script%.gp}.$format"
        done
        (cd "$directory" && LC_ALL=C.UTF-8 "$GNUPLOT" -d "$(basename "$script")") >"$work/words" 2>&1 || fail "$script fails"
        [ -s "$work/words" ] && fail "gnuplot says of $script: $(cat "$work/words")"
        for format in "$@"; do
            [ -s "${script%.gp}.$format" ] || fail "$script draws no $format by itself"
        done
    done
}

# block FILE INDEX: the numbers of one block.
block()
{
    awk -v want="$2" '/^# index / { now = $3 + 0; next } /^#/ || NF == 0 { next } now == want' "$1"
}

# svg_is FILE WIDTH FONT: in pixels, of 96 in an inch.
svg_is()
{
    has "$1" "width=\"$2\""
    has "$1" "font-size=\"$3\""
}

# ---- every figure in every format, of a database, and nothing else is left beside it ----
cat >"$work/small.ini" <<END
[scenario]
extends = $scenarios/rr-vs-kbm.ini
replications = 3
[sweep]
point-to-point ha-access / delay = 1ms; 10ms; 200ms
point-to-point access-edge / delay = 1ms; 50ms
END
try 0 sweep "$work/small.ini" --out "$work/sweep"
try 0 plot "$work/sweep" --format svg,png,pdf
[ -s "$work/stderr" ] && fail "plot has something to say"
sed 's|.*/||; s|\..*||' "$work/stdout" | sort -u | tr '\n' ' ' >"$work/names"
equal "the figures" "bars heat-map latency outage-cdf phases " "$(cat "$work/names")"
equal "what plot prints" 15 "$(wc -l <"$work/stdout")"
[ -e "$work/sweep/run.json" ] && fail "plot has exported"
by_itself "$work/sweep" svg png pdf
for figure in bars heat-map latency outage-cdf phases; do
    path=$work/sweep/$figure
    [ "$(head -c 5 "$path.pdf")" = %PDF- ] || fail "$figure.pdf is no PDF"
    grep -qa 'FontFile' "$path.pdf" || fail "$figure.pdf has no fonts in it"
    grep -qa '/Subtype /Image' "$path.pdf" && fail "$figure.pdf has pixels in it"
    grep -qE '<image' "$path.svg" && fail "$figure.svg has pixels in it"
done
if command -v pdffonts >/dev/null; then
    pdffonts "$work/sweep/latency.pdf" >"$work/fonts" 2>&1
    awk 'NR > 2 && $(NF - 4) != "yes" { bad = 1 } END { exit bad || NR < 3 }' "$work/fonts" || fail "a font is not in latency.pdf: $(cat "$work/fonts")"
fi
lacks "$work/sweep/latency.gp" 'set logscale'

# ---- an axis of values about as many times apart is logarithmic, and the numbers stand at the values ----
sed 's/1ms; 10ms; 200ms/1ms..500ms log 5/' "$work/small.ini" >"$work/wide.ini"
try 0 sweep "$work/wide.ini" --out "$work/wide"
try 0 plot "$work/wide" latency --format svg
has "$work/wide/latency.gp" 'set logscale x'
has "$work/wide/latency.gp" "('1' 1, '22.4' 22.36, '500' 500)"
by_itself "$work/wide" svg

# The same again, octet by octet, whatever the time.
try 0 plot "$work/sweep" --format svg,png,pdf
mkdir "$work/kept"
cp "$work/sweep"/*.{svg,png,pdf,gp,dat} "$work/kept"
sleep 1
try 0 plot "$work/sweep/results.sqlite" --format svg,png,pdf
for file in "$work/kept"/*; do
    same "$file" "$work/sweep/$(basename "$file")" "drawn again"
done

# ---- styles: 88 mm and 181 mm with letters of 8 points; 16:9 with letters of 18 ----
svg_is "$work/sweep/bars.svg" 333 10.67
svg_is "$work/sweep/heat-map.svg" 684 10.67
grep -qaE '/MediaBox \[ 0 0 249(\.[0-9]+)? ' "$work/sweep/bars.pdf" || fail "bars.pdf is not 88 mm wide"
try 0 plot "$work/sweep" heat-map --columns 1 --format svg
svg_is "$work/sweep/heat-map.svg" 333 10.67
try 0 plot "$work/sweep" bars --columns 2 --format svg
svg_is "$work/sweep/bars.svg" 684 10.67
try 0 plot "$work/sweep" --style slide --format svg,pdf
for figure in bars heat-map latency outage-cdf phases; do
    svg_is "$work/sweep/$figure.svg" 1280 24.00
    has "$work/sweep/$figure.svg" 'height="720"'
    grep -qaE '/MediaBox \[ 0 0 960 540 ' "$work/sweep/$figure.pdf" || fail "$figure.pdf is no slide"
    [ ! -e "$work/sweep/$figure.png" ] || fail "an old $figure.png is left"
done
by_itself "$work/sweep" svg pdf

# ---- the numbers are those of summarize ----
try 0 summarize "$work/sweep" --measure outage,mobile_octets,flows.delay_mean --csv
cp "$work/stdout" "$work/summary.csv"
# mean MEASURE METHOD A C [SCALE]
mean()
{
    awk -F, -v measure="$1" -v method="$2" -v a="$3" -v c="$4" -v scale="${5:-1}" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        index($0, "," measure ",") && index($0, "," method ",") && index($0, "," a ",") && index($0, "," c ",") {
            printf "%.4f", scale * $at["mean"] }' "$work/summary.csv"
}
try 0 plot "$work/sweep" heat-map bars --format svg
first=$(mean outage return-routability 10ms 50ms 1000) second=$(mean outage static-key 10ms 50ms 1000)
[ -n "$first" ] && [ -n "$second" ] || fail "summarize has no such mean"
cell='$1 == 2 && $2 == 2 { printf "%.4f", $7 }' # 10 ms across, 50 ms up
equal "outage under return routability" "$first" "$(block "$work/sweep/heat-map.dat" 0 | awk "$cell")"
equal "outage under a static key" "$second" "$(block "$work/sweep/heat-map.dat" 1 | awk "$cell")"
equal "their difference" "$(awk -v a="$first" -v b="$second" 'BEGIN { printf "%.3f", b - a }')" \
    "$(block "$work/sweep/heat-map.dat" 2 | awk "$cell" | awk '{ printf "%.3f", $1 }')"
# Bars: the second bundle (10 ms) of the second panel (50 ms); octets are the second row, the static key its fourth block.
equal "octets" "$(mean mobile_octets static-key 10ms 50ms)" \
    "$(block "$work/sweep/bars.dat" 7 | awk '$1 == 2 { printf "%.4f", $2 }')"
try 0 plot "$work/sweep" latency outage-cdf bars heat-map --measure flows.delay_mean --format svg
equal "delay" "$(mean delay_mean static-key 10ms 50ms 1000)" \
    "$(block "$work/sweep/latency.dat" 3 | awk '$1 == 10 { printf "%.4f", $2 }')"
has "$work/sweep/outage-cdf.svg" 'Share of flows'
has "$work/sweep/heat-map.svg" 'Mean delay (ms)'
# Any number of measures of one table, each in panels of its own.
try 0 plot "$work/sweep" latency outage-cdf bars heat-map --measure link_handover,packets_lost,mobile_messages --format svg
for figure in latency bars heat-map outage-cdf; do
    has "$work/sweep/$figure.svg" 'Link-layer handover (ms)'
    has "$work/sweep/$figure.svg" 'Packets lost'
done
by_itself "$work/sweep" svg

# ---- an axis with units, one that is no number, many values, many series ----
# results NAME AWK: made of those of known numbers, by a program that sets the fields of a row.
results()
{
    mkdir -p "$work/$1"
    awk -v shape=two -v replications=2 -f "$srcdir/tests/data/handovers.awk" |
        awk -F, -v OFS=, "NR == 1 { print; next } { $2; print }" >"$work/$1/handovers.csv"
}

results speeds '$4 = (NR % 3 + 1) * 36 "km/h"; $5 = NR % 2 ? "fast" : "slow and very long to say"'
try 0 plot "$work/speeds" --format svg
has "$work/speeds/latency.svg" 'Delay of ha-core (km/h)'
has "$work/speeds/heat-map.svg" 'Delay of ha-core (km/h)'
equal "places" "1 1" "$(block "$work/speeds/heat-map.dat" 0 | awk 'NR == 1 { print $1, $2 }')"
by_itself "$work/speeds" svg
results many '$5 = NR % 30 * 7 "ms"; $4 = NR % 7 "ms"'
try 0 plot "$work/many" --format svg
err_has 'bars: of the '
by_itself "$work/many" svg
try 0 plot "$work/many" --style slide --format svg
by_itself "$work/many" svg
# A second axis that changes with the first, as where they are zipped, tells nothing apart.
results zipped '$5 = $4'
try 0 plot "$work/zipped" latency --format svg
equal "curves" 4 "$(grep -c '^# index' "$work/zipped/latency.dat")"
try 2 plot "$work/zipped" heat-map
err_has 'heat-map: two axes must have been swept'

# Many moves are put together, so that both methods stay; an axis that is but the method by another name is none.
results moves '$10 = "link-" NR % 6'
try 0 plot "$work/moves" --format svg
err_has 'latency: rows that differ by move alone are put together'
has "$work/moves/latency.svg" 'Static key (RFC 4449)'
equal "curves" 16 "$(grep -c '^# index' "$work/moves/latency.dat")"
results named '$4 = $9 == "static-key" ? "no" : "yes"'
try 0 plot "$work/named" latency --format svg
equal "curves" 4 "$(grep -c '^# index' "$work/named/latency.dat")"
lacks "$work/named/latency.svg" 'Delay of ha-core'

# ---- texts that mean something to gnuplot, to a shell, to XML ----
nasty='q"u'\''o_te{x}^2 @y \n \\ $1 `touch pwned` %d #<b>&amp;é'
quoted=$(printf '%s' "$nasty" | sed 's/"/""/g')
mkdir "$work/nasty"
awk -v shape=two -v replications=2 -f "$srcdir/tests/data/handovers.awk" >"$work/plain.csv"
QUOTED="\"lan $quoted / $quoted\"" VALUE="\"$quoted\"" awk -F, -v OFS=, '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == "point-to-point cn-core / delay") { axis = i; $i = ENVIRON["QUOTED"] } }
    NR > 1 && $axis == "1ms" { $axis = ENVIRON["VALUE"] }
    { print }' "$work/plain.csv" >"$work/nasty/handovers.csv"
try 0 plot "$work/nasty" --format svg,png,pdf
by_itself "$work/nasty" svg png pdf
try 0 plot "$work/nasty" --style slide --format svg
by_itself "$work/nasty" svg
[ -z "$(find "$work" "$PWD" -maxdepth 2 -name 'pwned*' -print -quit)" ] || fail "a text of a table is run"
try 0 plot "$work/sweep" bars --columns 2 --format svg --label "point-to-point ha-access / delay=$nasty"
has "$work/sweep/bars.svg" "q\"u'o_te{x}^2 @y \\n \\\\ \$1 \`touch pwned\` %d #&lt;b>&amp;amp;é (ms)"
by_itself "$work/sweep" svg
long=$(printf 'a very long name %.0s' 1 2 3 4 5 6 7 8 9 10 11 12)
try 0 plot "$work/sweep" --format svg --label "point-to-point ha-access / delay=$long" --label "point-to-point access-edge / delay=$long"
by_itself "$work/sweep" svg

# ---- what is wrong is told ----
# wrong TEXT ARGUMENT...
wrong()
{
    local text=$1
    shift
    try 2 plot "$@"
    err_has "$text"
}

wrong "there is no figure 'luck'; there are latency, outage-cdf, phases, handover, bars, heat-map, outage-offset, acceptance, astray" \
    "$work/sweep" luck
wrong 'outage-offset: no offset was swept' "$work/sweep" outage-offset
wrong 'acceptance: the scenario has no attacks' "$work/sweep" latency acceptance
wrong "--format: 'gif' is none of svg, png, pdf" "$work/sweep" --format svg,gif
wrong "--format: '' is none of svg, png, pdf" "$work/sweep" --format svg,
wrong "--style: 'poster' is neither paper nor slide" "$work/sweep" --style poster
wrong "--columns: '3' is neither 1 nor 2" "$work/sweep" --columns 3
wrong '--columns: a slide has none' "$work/sweep" --style slide --columns 1
wrong "handovers.csv has no measure 'outages'; did you mean 'outage'?" "$work/sweep" --measure outages
wrong "'node' of handovers.csv is text" "$work/sweep" --measure node
wrong "measures are of handovers, flows, attacks" "$work/sweep" --measure luck.delay
wrong "those of one picture are of one table" "$work/sweep" --measure outage,flows.sent
wrong 'there are no attacks in these results' "$work/sweep" bars --measure attacks.replies
wrong 'which directory of results?'
wrong 'no such directory' "$work/nowhere"
: >"$work/foreign.sqlite"
try 2 plot "$work/foreign.sqlite"
GNUPLOT=$work/no-gnuplot try 1 plot "$work/sweep" bars
err_has 'there is no gnuplot'

finish "every figure, format and style; numbers as summarize has them; texts are but texts"
