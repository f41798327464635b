/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.c - see report.h.
 *
 * The page is laid out once for a telephone, a screen and paper: what is wide (tables, pictures) scrolls in
 * its own box, never the page. No figure of it is kept: gnuplot draws in a directory for the time being,
 * beside which the results stay as they are.
 */
#include "sim/output/report.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/experiment/result_csv.h"
#include "sim/experiment/run_json.h"
#include "sim/output/chart.h"
#include "sim/output/figure.h"
#include "sim/output/handovers.h"

#define CONFIDENCE 0.95

static const char style[] =
    ":root{color-scheme:light}\n"
    "body{margin:0 auto;max-width:64rem;padding:1rem;color:#1a1a1a;background:#fff;"
    "font:1rem/1.5 system-ui,\"Segoe UI\",Arial,Helvetica,sans-serif}\n"
    "h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2.2rem;"
    "border-bottom:1px solid #bbb}\n"
    "h3{font-size:1.05rem}h1,h2,h3,p,dd,summary{overflow-wrap:anywhere}\n"
    ".scroll{overflow-x:auto;margin:.6rem 0}.scroll:focus-visible{outline:2px solid #0072b2}\n"
    "table{border-collapse:collapse;font-size:.875rem}\n"
    "th,td{padding:.25rem .6rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}\n"
    "thead th{border-bottom:2px solid #666;vertical-align:bottom}\n"
    "thead th{min-width:4.5rem}tbody th{font-weight:600}td.level{white-space:nowrap}\n"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "td.failed{font-weight:700;color:#a63c00}\n"
    "pre{overflow-x:auto;background:#f4f4f4;padding:.6rem;font-size:.875rem}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.6rem 0}\n"
    "dt{font-weight:600}dd{margin:0}\n"
    "figure{margin:1rem 0}figcaption{font-size:.875rem;color:#4d4d4d}\n"
    "svg{display:block;max-width:100%;height:auto}\n"
    "@media(max-width:44rem){.scroll svg{max-width:none;min-width:36rem}"
    ".fit svg{max-width:100%;min-width:0}}\n"
    "summary{cursor:pointer}small,.small{color:#4d4d4d;font-size:.875rem}\n"
    "@media print{body{max-width:none;padding:0;font-size:10pt}.scroll{overflow:visible}"
    "figure,tr{break-inside:avoid}h2,h3{break-after:avoid}.scroll svg{min-width:0;max-width:100%}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}table{font-size:8pt}"
    /* on paper nothing can be opened; a rule of its own, for a browser that does not know it drops it all */
    "details::details-content{content-visibility:visible;block-size:auto}}\n";

struct report {
    const char *directory;
    const struct report_tools *tools;
    GString *html, *notes;
    struct json_value *run;
    struct handovers *handovers;
};

static const char *of_run(const struct report *report, const char *name)
{
    return json_value_text(json_value_member(report->run, name));
}

/* -- tables -- */

static void open_table(GString *html, const char *label)
{
    g_string_append(html, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    html_append_text(html, label);
    g_string_append(html, "\">\n<table><thead><tr>");
}

static void put_column(GString *html, const char *title, bool number)
{
    g_string_append(html, number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
    html_append_text(html, title);
    g_string_append(html, "</th>");
}

static void begin_rows(GString *html)
{
    g_string_append(html, "</tr></thead><tbody>\n");
}

static void put_cell(GString *html, const char *text, bool number)
{
    g_string_append(html, number ? "<td class=\"n\">" : "<td>");
    html_append_text(html, text);
    g_string_append(html, "</td>");
}

static void close_table(GString *html)
{
    g_string_append(html, "</tbody></table></div>\n");
}

/* -- what was run -- */

static void put_item(GString *html, const char *term, const char *text)
{
    g_string_append(html, "<dt>");
    html_append_text(html, term);
    g_string_append(html, "</dt><dd>");
    html_append_text(html, text);
    g_string_append(html, "</dd>\n");
}

/* For a shell. Whatever the file says now, there are as many replications. */
static char *reproduction(const struct report *report)
{
    const char *count = of_run(report, "replications"), *first = of_run(report, "first_replication");
    const char *name = of_run(report, "file");
    bool plain = name[strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-")] == '\0';
    char *file = plain ? g_strdup(name) : g_shell_quote(name);
    GString *command = g_string_new(NULL);
    g_string_append_printf(command, "mip6sim run %s --seed %s", file, of_run(report, "seed"));
    if (strcmp(first, "0") != 0)
        g_string_append_printf(command, " --run %s", first);
    else
        g_string_append_printf(command, " --set 'scenario / replications = %s'", count);
    g_string_append(command, " --out results/again");
    g_free(file);
    return g_string_free(command, FALSE);
}

static char *describe_runs(const struct report *report)
{
    unsigned points = json_value_count(json_value_member(report->run, "points"));
    const char *replications = of_run(report, "replications");
    bool one = strcmp(replications, "1") == 0;
    if (json_value_count(json_value_member(report->run, "axes")) == 0)
        return g_strdup_printf("%s replication%s", replications, one ? "" : "s");
    return g_strdup_printf("%u point%s of the sweep, %s replication%s each", points, points == 1 ? "" : "s",
                           replications, one ? "" : "s");
}

static void append_head(struct report *report)
{
    GString *html = report->html;
    const char *title = *of_run(report, "title") ? of_run(report, "title") : of_run(report, "file");
    g_string_append(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                          "<meta name=\"generator\" content=\"mip6sim\">\n<title>");
    html_append_text(html, *title ? title : "Results of mip6sim");
    g_string_append_printf(html,
                           "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n%s</style>\n</head>\n"
                           "<body>\n<main>\n<h1>",
                           style);
    html_append_text(html, *title ? title : "Results of mip6sim");
    g_string_append(html, "</h1>\n<dl>\n");
    put_item(html, "Scenario", of_run(report, "file"));
    char *program = g_strdup_printf("mip6sim %s", of_run(report, "version"));
    put_item(html, "Program", program);
    g_free(program);
    put_item(html, "Seed", of_run(report, "seed"));
    char *runs = describe_runs(report);
    put_item(html, "Runs", runs);
    put_item(html, "Handovers",
             json_value_text(json_value_member(json_value_member(report->run, "counts"), "handovers")));
    char *command = reproduction(report);
    g_string_append(html, "</dl>\n<p>To run it again:</p>\n<pre><code>");
    html_append_text(html, command);
    g_string_append(html,
                    "</code></pre>\n<p class=\"small\">Keys that were set on the command line are among the "
                    "parameters at the end.</p>\n");
    g_free(command);
    g_free(runs);
}

/* -- means over handovers -- */

static const struct told {
    enum number_column number;
    const char *title;
    double scale;
    unsigned digits;
} told[] = {
    {COLUMN_BINDING_LATENCY, "Binding latency, ms", 1000, 1},
    {COLUMN_HANDOVER_LATENCY, "Handover latency, ms", 1000, 1},
    {COLUMN_OUTAGE, "Outage, ms", 1000, 1},
    {COLUMN_PACKETS_LOST, "Packets lost", 1, 1},
    {COLUMN_MOBILE_MESSAGES, "Mobile node's messages", 1, 1},
};

static void put_mean(const struct report *report, const struct group *group, const struct told *what)
{
    struct statistics statistics = {0};
    char *text;
    handovers_observe(report->handovers, &g_array_index(group->rows, size_t, 0), group->rows->len,
                      what->number, &statistics);
    if (statistics.count == 0)
        text = g_strdup("–");
    else if (statistics.count == 1)
        text = g_strdup_printf("%.*f", (int)what->digits, statistics_mean(&statistics) * what->scale);
    else
        text =
            g_strdup_printf("%.*f ± %.*f", (int)what->digits, statistics_mean(&statistics) * what->scale,
                            (int)what->digits, statistics_half_width(&statistics, CONFIDENCE) * what->scale);
    put_cell(report->html, text, true);
    g_free(text);
}

static void append_summary(struct report *report)
{
    const struct handovers *handovers = report->handovers;
    GString *html = report->html;
    g_string_append(html, "<h2>Handovers</h2>\n");
    if (handovers->count == 0) {
        g_string_append(html, "<p>No mobile node moved.</p>\n");
        return;
    }
    open_table(html, "Means over handovers");
    for (guint i = 0; i < handovers->dimensions->len; i++)
        put_column(html, ((const struct dimension *)handovers->dimensions->pdata[i])->name, false);
    put_column(html, "n", true);
    for (unsigned i = 0; i < G_N_ELEMENTS(told); i++)
        put_column(html, told[i].title, true);
    begin_rows(html);
    for (guint g = 0; g < handovers->groups->len; g++) {
        const struct group *group = handovers->groups->pdata[g];
        char *count = g_strdup_printf("%u", group->rows->len);
        g_string_append(html, "<tr>");
        for (guint i = 0; i < handovers->dimensions->len; i++) {
            const struct dimension *dimension = handovers->dimensions->pdata[i];
            const char *level = dimension->levels->pdata[group->levels[i]];
            g_string_append(html, "<td class=\"level\">");
            html_append_text(html, *level ? level : "–");
            g_string_append(html, "</td>");
        }
        put_cell(html, count, true);
        for (unsigned i = 0; i < G_N_ELEMENTS(told); i++)
            put_mean(report, group, &told[i]);
        g_string_append(html, "</tr>\n");
        g_free(count);
    }
    close_table(html);
    g_string_append(
        html, "<p class=\"small\">Means over n handovers; ±: half the width of the 95 % confidence interval "
              "(Student’s t) over replications, or over handovers where there is one replication. Binding "
              "latency: from the care-of address being usable until the correspondent’s binding is updated. "
              "Handover latency: from the link going down until then. Outage: the gap in what reaches the "
              "mobile node.</p>\n");
}

/* -- tables of other things, counted -- */

/* Rows that are equal in some columns are one, with how many there are. */
struct tally {
    size_t first; /* row */
    unsigned count, failed;
};

static GArray *tally_rows(const struct csv_table *csv, const char *const *columns)
{
    GArray *tallies = g_array_new(FALSE, TRUE, sizeof(struct tally));
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t row = 0; row < csv->row_count; row++) {
        GString *key = g_string_new(NULL);
        for (unsigned i = 0; columns[i]; i++)
            g_string_append_printf(key, "%s\x1f", csv_field(csv, row, columns[i]));
        gpointer index;
        if (!g_hash_table_lookup_extended(known, key->str, NULL, &index)) {
            struct tally tally = {.first = row};
            index = GUINT_TO_POINTER(tallies->len);
            g_array_append_val(tallies, tally);
            g_hash_table_insert(known, g_strdup(key->str), index);
        }
        struct tally *tally = &g_array_index(tallies, struct tally, GPOINTER_TO_UINT(index));
        tally->count++;
        tally->failed += strcmp(csv_field(csv, row, "verdict"), "failed") == 0;
        g_string_free(key, TRUE);
    }
    g_hash_table_destroy(known);
    return tallies;
}

/* NULL: there is none. */
static struct csv_table *read_table(const struct report *report, enum result_table table)
{
    return result_csv_read(report->directory, table, NULL);
}

static void append_expectations(struct report *report)
{
    static const char *const same[] = {"file", "line", "section", "expectation", "condition", NULL};
    struct csv_table *csv = read_table(report, TABLE_EXPECTATIONS);
    GString *html = report->html;
    if (!csv || csv->row_count == 0) {
        csv_table_free(csv);
        return;
    }
    GArray *tallies = tally_rows(csv, same);
    g_string_append(html, "<h2>Expectations</h2>\n");
    open_table(html, "Expectations and whether they hold");
    put_column(html, "Expected", false);
    put_column(html, "Where", false);
    put_column(html, "Runs", true);
    put_column(html, "Failed", true);
    put_column(html, "Verdict", false);
    begin_rows(html);
    for (guint i = 0; i < tallies->len; i++) {
        const struct tally *tally = &g_array_index(tallies, struct tally, i);
        const char *section = csv_field(csv, tally->first, "section");
        g_string_append(html, "<tr><td>");
        html_append_escaped(html, "%s = %s", csv_field(csv, tally->first, "expectation"),
                            csv_field(csv, tally->first, "condition"));
        g_string_append(html, "</td><td>");
        html_append_text(html,
                         g_str_has_prefix(section, "expect ") ? section + strlen("expect ") : "everywhere");
        g_string_append_printf(html, "</td><td class=\"n\">%u</td><td class=\"n\">%u</td>%s</tr>\n",
                               tally->count, tally->failed,
                               tally->failed ? "<td class=\"failed\">✗ failed</td>" : "<td>✓ met</td>");
    }
    close_table(html);
    g_array_free(tallies, TRUE);
    csv_table_free(csv);
}

static void append_attacks(struct report *report)
{
    static const char *const same[] = {"attack", "title", "attacker", "target", "victim", "method", "outcome",
                                       "status", "reason", NULL};
    static const char *const titles[] = {"Attack", "What it is", "Attacker", "Target", "Victim", "Method",
                                         "Outcome", "Status", "Reason"};
    struct csv_table *csv = read_table(report, TABLE_ATTACKS);
    GString *html = report->html;
    if (!csv || csv->row_count == 0) {
        csv_table_free(csv);
        return;
    }
    GArray *tallies = tally_rows(csv, same);
    g_string_append(html, "<h2>Attacks</h2>\n");
    open_table(html, "Attacks and what came of them");
    for (unsigned i = 0; i < G_N_ELEMENTS(titles); i++)
        put_column(html, titles[i], false);
    put_column(html, "Runs", true);
    begin_rows(html);
    for (guint i = 0; i < tallies->len; i++) {
        const struct tally *tally = &g_array_index(tallies, struct tally, i);
        g_string_append(html, "<tr>");
        for (unsigned k = 0; same[k]; k++) {
            const char *text = csv_field(csv, tally->first, same[k]);
            put_cell(html, *text ? text : "–", false);
        }
        g_string_append_printf(html, "<td class=\"n\">%u</td></tr>\n", tally->count);
    }
    close_table(html);
    g_array_free(tallies, TRUE);
    csv_table_free(csv);
}

/* -- figures -- */

static bool append_figure(struct report *report, const struct figure *figure, const char *scratch,
                          GError **error)
{
    char *file = g_strconcat(figure->name, ".svg", NULL);
    char *path = g_build_filename(scratch, file, NULL), *svg = NULL;
    bool good = g_file_get_contents(path, &svg, NULL, error);
    if (good) {
        g_string_append_printf(report->html,
                               "<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                               "aria-label=\"Figure: %s\">\n",
                               figure->name);
        html_append_svg(report->html, svg, figure->name, figure->caption);
        g_string_append(report->html, "</div><figcaption>");
        html_append_text(report->html, figure->caption);
        g_string_append(report->html, "</figcaption></figure>\n");
    }
    g_free(svg);
    g_free(path);
    g_free(file);
    return good;
}

static bool draw_figure(struct report *report, struct figure_results *results, const struct figure *figure,
                        const char *scratch, bool *any, GError **error)
{
    struct figure_options options = FIGURE_OPTIONS_INITIALIZER;
    options.formats[FIGURE_SVG] = true;
    options.style = FIGURE_STYLE_SCREEN;
    GString *note = g_string_new(NULL);
    GError *why = NULL;
    bool there = figure_write(figure, results, &options, scratch, note, &why);
    if (there && !*any)
        g_string_append(report->html, "<h2>Figures</h2>\n");
    *any = *any || there;
    if (why)
        g_propagate_error(error, why);
    bool good = !why && (!there || (figure_draw(figure, &options, report->tools->gnuplot, scratch, error) &&
                                    append_figure(report, figure, scratch, error)));
    g_string_free(note, TRUE);
    return good;
}

static bool draw_figures(struct report *report, const char *scratch, GError **error)
{
    struct figure_results *results = figure_results_open(report->directory, error);
    bool good = results != NULL, any = false;
    for (unsigned i = 0; good && figure_at(i); i++)
        good = draw_figure(report, results, figure_at(i), scratch, &any, error);
    figure_results_close(results);
    return good;
}

static void remove_scratch(const char *scratch)
{
    for (unsigned i = 0; figure_at(i); i++)
        figure_remove(figure_at(i), scratch);
    g_rmdir(scratch);
}

static bool append_figures(struct report *report, GError **error)
{
    if (!report->tools->gnuplot) {
        g_string_append(report->notes,
                        "there is no gnuplot (Debian package gnuplot-nox): the report has no figures\n");
        return true;
    }
    char *scratch = g_dir_make_tmp("mip6sim-XXXXXX", error);
    bool good = scratch && draw_figures(report, scratch, error);
    if (scratch)
        remove_scratch(scratch);
    g_free(scratch);
    return good;
}

/* -- charts -- */

static int compare_rows(const void *a, const void *b, void *data)
{
    const double *outages = data;
    double left = outages[*(const size_t *)a], right = outages[*(const size_t *)b];
    if (left < right || left > right)
        return left < right ? -1 : 1;
    return *(const size_t *)a < *(const size_t *)b ? -1 : 1;
}

static void append_chart(struct report *report, const struct chart_source *source, size_t row,
                         const char *which)
{
    const struct csv_table *csv = report->handovers->csv;
    struct chart_request request = {
        .node = handovers_text(report->handovers, row, COLUMN_NODE),
        .handover = g_ascii_strtoull(csv_field(csv, row, "handover"), NULL, 10),
        .point = (int64_t)g_ascii_strtoull(csv_field(csv, row, "point"), NULL, 10),
        .replication = (int64_t)g_ascii_strtoull(csv_field(csv, row, "replication"), NULL, 10),
    };
    struct chart *chart = chart_new(source, &request, NULL);
    if (!chart)
        return;
    char *svg = chart_to_svg(chart, false);
    g_string_append(report->html, "<figure><h3>");
    html_append_escaped(report->html, "%s. %s", which, chart->title);
    g_string_append(report->html, "</h3><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    html_append_text(report->html, which);
    g_string_append_printf(report->html, "\">\n%s</div><figcaption>", svg);
    html_append_text(report->html, chart->setting);
    g_string_append(report->html, "</figcaption></figure>\n");
    g_free(svg);
    chart_free(chart);
}

/* The first; of those with an outage the one in the middle and the worst, if they are others. */
static bool append_charts(struct report *report, GError **error)
{
    const struct handovers *handovers = report->handovers;
    if (handovers->count == 0)
        return true;
    struct chart_source *source = chart_source_open(report->directory, error);
    if (!source)
        return false;
    size_t *rows = g_new(size_t, handovers->count), count = 0;
    for (size_t row = 0; row < handovers->count; row++)
        if (!isnan(handovers->numbers[COLUMN_OUTAGE][row]))
            rows[count++] = row;
    g_qsort_with_data(rows, (gint)count, sizeof *rows, compare_rows, handovers->numbers[COLUMN_OUTAGE]);
    g_string_append(report->html,
                    "<h2>Message sequences</h2>\n<p class=\"small\">Times in milliseconds since the "
                    "link went down; not to scale. A cross marks what was lost or discarded.</p>\n");
    append_chart(report, source, 0, "The first handover");
    if (count > 0 && rows[count / 2] != 0)
        append_chart(report, source, rows[count / 2], "The median outage");
    if (count > 1 && rows[count - 1] != 0 && rows[count - 1] != rows[count / 2])
        append_chart(report, source, rows[count - 1], "The longest outage");
    g_free(rows);
    chart_source_free(source);
    return true;
}

/* -- parameters -- */

static void append_value(GString *html, const struct json_value *value)
{
    unsigned count = json_value_count(value);
    html_append_text(html, value->kind == JSON_NULL ? "–" : json_value_text(value));
    for (unsigned i = 0; i < count; i++) {
        g_string_append(html, i ? ", " : "");
        if (value->kind == JSON_OBJECT)
            html_append_escaped(html, "%s: ", json_value_name_at(value, i));
        append_value(html, json_value_at(value, i));
    }
}

static void append_parameters(struct report *report)
{
    const struct json_value *sections =
        json_value_member(json_value_member(report->run, "scenario"), "sections");
    GString *html = report->html;
    g_string_append(html,
                    "<h2>Parameters</h2>\n<p class=\"small\">Every key of the first point of the sweep as it "
                    "was in force.</p>\n");
    for (unsigned i = 0; i < json_value_count(sections); i++) {
        const struct json_value *section = json_value_at(sections, i);
        g_string_append(html, "<details><summary>");
        html_append_escaped(html, "[%s]", json_value_name_at(sections, i));
        g_string_append(html, "</summary>\n");
        open_table(html, json_value_name_at(sections, i));
        put_column(html, "Key", false);
        put_column(html, "Value", false);
        begin_rows(html);
        for (unsigned k = 0; k < json_value_count(section); k++) {
            g_string_append(html, "<tr><th scope=\"row\">");
            html_append_text(html, json_value_name_at(section, k));
            g_string_append(html, "</th><td>");
            append_value(html, json_value_at(section, k));
            g_string_append(html, "</td></tr>\n");
        }
        close_table(html);
        g_string_append(html, "</details>\n");
    }
}

/* -- all of it -- */

static bool read_results(struct report *report, GError **error)
{
    report->handovers = handovers_read(report->directory, error);
    if (!report->handovers)
        return false;
    report->run = run_json_read(report->directory, error);
    return report->run != NULL;
}

GString *report_new(const char *directory, const struct report_tools *tools, GString *notes, GError **error)
{
    struct report report = {
        .directory = directory, .tools = tools, .html = g_string_new(NULL), .notes = notes};
    bool good = read_results(&report, error);
    if (good) {
        append_head(&report);
        good = report_append_topology(report.html, report.run, tools->neato, error);
        append_summary(&report);
        append_expectations(&report);
        append_attacks(&report);
    }
    good = good && append_figures(&report, error) && append_charts(&report, error);
    if (good) {
        append_parameters(&report);
        g_string_append(report.html, "</main>\n</body>\n</html>\n");
    }
    handovers_free(report.handovers);
    json_value_free(report.run);
    if (good)
        return report.html;
    g_string_free(report.html, TRUE);
    return NULL;
}
