#!/usr/bin/env bash
# mip6sim report: what is on the page, and that nothing of a scenario is markup in it; that it needs no network and no
# script; and, in a headless Chromium at the widths of a telephone and a screen, no console error and no overflow.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
program=${MIP6SIM:-$builddir/mip6sim}
directory=$(mktemp -d "$builddir/report.XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
failures=0

fail()
{
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# try STATUS ARGUMENT...
try()
{
    local expected=$1 status
    shift
    "$program" report "$@" >"$directory/out" 2>"$directory/err"
    status=$?
    [ "$status" -eq "$expected" ] || { fail "report $*: exit status $status, expected $expected"; cat "$directory/err"; }
}

has()
{
    grep -qF -- "$2" "$1" || fail "$1 lacks: $2"
}

for scenario in rr-vs-kbm triangle security/access-link; do
    name=${scenario##*/}
    "$program" run "$srcdir/scenarios/$scenario.ini" --set 'scenario / replications = 2' \
        --set 'scenario / title = <b onclick="x()">"R" & more</b>' --out "$directory/$name" >/dev/null 2>&1
    try 0 "$directory/$name"
    page=$directory/$name/report.html
    has "$page" '<title>&lt;b onclick=&quot;x()&quot;&gt;&quot;R&quot; &amp; more&lt;/b&gt;</title>'
    has "$page" "mip6sim run $name.ini --seed 1 --set &#39;scenario / replications = 2&#39;"
    has "$page" '[mobile-node mn]'
    grep -qiE '<script|<b |(src|href)="?(https?:)?//|@import' "$page" && fail "$name: markup or addresses from outside"
    "$program" report "$directory/$name" -o - >"$directory/again"
    cmp -s "$page" "$directory/again" || fail "$name: the report of the same results differs"
done
has "$directory/triangle/report.html" 'No mobile node moved.'
has "$directory/rr-vs-kbm/report.html" '✓ met'
has "$directory/rr-vs-kbm/report.html" 'The longest outage'
has "$directory/access-link/report.html" 'forged Binding Update'

GNUPLOT=/nonexistent/gnuplot try 0 "$directory/access-link" -o "$directory/plain.html"
has "$directory/err" 'no gnuplot'
try 2 "$directory/nowhere"
try 2 "$directory"
try 2
try 2 "$directory/triangle" "$directory/rr-vs-kbm"
try 1 "$directory/triangle" -o "$directory/no/such/file.html"
printf '{"title": ' >"$directory/triangle/run.json"
try 2 "$directory/triangle"
rm "$directory/triangle/run.json"
try 2 "$directory/triangle"
has "$directory/err" 'run.json'
[ "$failures" -eq 0 ] || exit 1

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
        around "$width" "$directory/$name/report.html" >"$directory/around.html"
        HOME=$directory timeout 120 "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr \
            --user-data-dir="$directory/profile" --virtual-time-budget=5000 --dump-dom \
            "file://$(realpath "$directory/around.html")" >"$directory/dom" 2>"$directory/console"
        has "$directory/dom" '<title>measured overflow=0 twice=0 unnamed=0 headings=1 mode=CSS1Compat</title>'
        grep CONSOLE "$directory/console" && fail "$name at $width: the console has something to say"
    done
done
[ "$failures" -eq 0 ]
