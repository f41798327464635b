#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mip6sim report: what is on the page, and that nothing of a scenario is markup in it; that it needs no network and no
# script; and, in a headless Chromium at the widths of a telephone and a screen, no console error and no overflow.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

for scenario in rr-vs-kbm triangle security/access-link; do
    name=${scenario##*/}
    "$program" run "$scenarios/$scenario.ini" --set 'scenario / replications = 2' \
        --set 'scenario / title = <b onclick="x()">"R" & more</b>' --out "$work/$name" >/dev/null 2>&1
    try 0 report "$work/$name"
    page=$work/$name/report.html
    has "$page" '<title>&lt;b onclick=&quot;x()&quot;&gt;&quot;R&quot; &amp; more&lt;/b&gt;</title>'
    has "$page" "mip6sim run $name.ini --seed 1 --set &#39;scenario / replications = 2&#39;"
    has "$page" '[mobile-node mn]'
    grep -qiE '<script|<b |(src|href)="?(https?:)?//|@import' "$page" && fail "$name: markup or addresses from outside"
    "$program" report "$work/$name" -o - >"$work/again"
    same "$page" "$work/again" "the report of the same results"
done
has "$work/triangle/report.html" 'No mobile node moved.'
has "$work/rr-vs-kbm/report.html" '✓ met'
has "$work/rr-vs-kbm/report.html" 'The longest outage'
has "$work/access-link/report.html" 'forged Binding Update'

# Of a sweep nothing need be exported, and the page is the same.
try 0 sweep "$scenarios/rr-vs-kbm.ini" --set 'scenario / replications = 2' --out "$work/sweep"
try 0 report "$work/sweep"
[ ! -e "$work/sweep/run.json" ] || fail "the report leaves a run.json"
try 0 report "$work/sweep/results.sqlite" -o "$work/of-the-database.html"
same "$work/sweep/report.html" "$work/of-the-database.html" "the database by its name"
try 0 export "$work/sweep"
try 0 report "$work/sweep" -o "$work/exported.html"
same "$work/sweep/report.html" "$work/exported.html" "before and after export"

GNUPLOT=/nonexistent/gnuplot try 0 report "$work/access-link" -o "$work/plain.html"
err_has 'no gnuplot'
try 2 report "$work/nowhere"
try 2 report "$work"
try 2 report
try 2 report "$work/triangle" "$work/rr-vs-kbm"
try 1 report "$work/triangle" -o "$work/no/such/file.html"
printf '{"title": ' >"$work/triangle/run.json"
try 2 report "$work/triangle"
rm "$work/triangle/run.json"
try 2 report "$work/triangle"
err_has 'run.json'
[ "$failures" -eq 0 ] || finish

# -- in a browser: the page in a frame of some width, looked at by the page around it --
browser=$(command -v chromium || command -v chromium-browser)
if [ -z "$browser" ]; then
    echo "SKIP: no chromium: apt-get install chromium (everything but the look in a browser holds)"
    exit 77
fi

# around WIDTH PAGE: a page with PAGE in a frame.
around()
{
    printf '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><iframe id="f" style="width:%spx;height:800px;border:0" srcdoc="' "$1"
    sed 's/&/\&amp;/g; s/"/\&quot;/g' "$2"
    cat <<'END'
"></iframe><script>
addEventListener("load", () => {
    const page = document.getElementById("f").contentDocument;
    for (const details of page.querySelectorAll("details"))
        details.open = true;
    const root = page.documentElement, ids = [...page.querySelectorAll("[id]")].map(e => e.id);
    const unnamed = [...page.querySelectorAll("svg")].filter(e => !e.getAttribute("aria-label")).length;
    document.title = `measured overflow=${root.scrollWidth - root.clientWidth} twice=${ids.length - new Set(ids).size} ` +
        `unnamed=${unnamed} headings=${page.querySelectorAll("h1").length} mode=${page.compatMode}`;
});
</script></body></html>
END
}

for name in rr-vs-kbm access-link; do
    for width in 390 1280; do
        around "$width" "$work/$name/report.html" >"$work/around.html"
        HOME=$work timeout 120 "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr \
            --user-data-dir="$work/profile" --virtual-time-budget=5000 --dump-dom \
            "file://$(realpath "$work/around.html")" >"$work/dom" 2>"$work/console"
        has "$work/dom" '<title>measured overflow=0 twice=0 unnamed=0 headings=1 mode=CSS1Compat</title>'
        grep CONSOLE "$work/console" && fail "$name at $width: the console has something to say"
    done
done
finish "the page tells what the results say"
