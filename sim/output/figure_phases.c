/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_phases.c - handovers taken apart: bars of phases that follow one another (handovers.h says along
 * which path).
 *
 * A bar for each series, in one bundle for each of some values of the axis across; a second axis is held
 * at the value in its middle. A bar is the mean of the handovers that were completed; the mean of sums is
 * the sum of means, so a bar is as long as the mean handover. In grey the phases differ by their shades,
 * which alternate.
 */
#include "sim/output/figure_plan.h"

#include <math.h>

#define BUNDLES_MOST  4
#define BAR_HEIGHT    22
#define BAR_GAP       6
#define BUNDLE_GAP    32 /* with its title in it */
#define MARGIN_RIGHT  14
#define NAMES_SHARE   0.36 /* of the width that names take at most */
#define MARGIN_BOTTOM 54

static const struct {
    const char *name;
    const char *fill; /* how gnuplot fills it */
    const char *ink;  /* of the number inside */
} phases_drawn[PHASE_COUNT] = {
    {"Link-layer handover", "fs solid 1 border lc rgb 'black' fc rgb '#404040'", "white"},
    {"Movement detection", "fs solid 1 border lc rgb 'black' fc rgb '#F0E442'", "black"},
    {"Address configuration", "fs solid 1 border lc rgb 'black' fc rgb '#0072B2'", "white"},
    {"Home registration", "fs solid 1 border lc rgb 'black' fc rgb '#E69F00'", "black"},
    {"Return routability", "fs solid 1 border lc rgb 'black' fc rgb '#D55E00'", "white"},
    {"Correspondent registration", "fs solid 0.35 border lc rgb 'black' fc rgb '#009E73'", "black"},
};

struct bar {
    guint series;
    unsigned bundle;
    double phases[PHASE_COUNT]; /* mean, seconds */
    double total;
    double y; /* of its middle, in points above the axis */
};

struct bars {
    const struct handovers *handovers;
    unsigned bundle_count;
    unsigned x[BUNDLES_MOST];
    double title_y[BUNDLES_MOST];
    unsigned held;
    GArray *bars; /* struct bar */
    double height;
    double longest; /* seconds */
    double scale;
    const char *unit;
};

static bool mean_phases(const struct handovers *handovers, const struct group *group, struct bar *bar)
{
    struct statistics means[PHASE_COUNT] = {{0}};
    double phases[PHASE_COUNT];

    for (guint i = 0; group != NULL && i < group->rows->len; i++)
        if (handovers_row_phases(handovers, g_array_index(group->rows, size_t, i), phases))
            for (unsigned p = 0; p < PHASE_COUNT; p++)
                statistics_add(&means[p], phases[p]);
    if (means[0].count == 0)
        return false;
    bar->total = 0;
    for (unsigned p = 0; p < PHASE_COUNT; p++) {
        bar->phases[p] = statistics_mean(&means[p]);
        bar->total += bar->phases[p];
    }
    return true;
}

/* From the top down: bundle by bundle, series by series; then turned round, since y grows upwards. */
static void find_bars(const struct figure_plan *plan, struct bars *bars)
{
    double depth = 0;

    g_array_set_size(bars->bars, 0);
    bars->longest = 0;
    for (unsigned b = 0; b < bars->bundle_count; b++) {
        guint before = bars->bars->len;
        depth += plan->x == NULL ? BAR_GAP : BUNDLE_GAP;
        bars->title_y[b] = depth - 13;
        for (guint s = 0; s < plan->series->len; s++) {
            struct bar bar = {.series = s, .bundle = b};
            if (!mean_phases(bars->handovers,
                             figure_plan_group(plan, plan->series->pdata[s], bars->x[b], bars->held), &bar))
                continue;
            bar.y = depth + BAR_HEIGHT / 2.0;
            depth += BAR_HEIGHT + BAR_GAP;
            bars->longest = fmax(bars->longest, bar.total);
            g_array_append_val(bars->bars, bar);
        }
        if (bars->bars->len == before)
            bars->title_y[b] = NAN;
    }
    bars->height = depth + BAR_GAP;
    for (unsigned b = 0; b < bars->bundle_count; b++)
        bars->title_y[b] = bars->height - bars->title_y[b];
    for (guint i = 0; i < bars->bars->len; i++) {
        struct bar *bar = &g_array_index(bars->bars, struct bar, i);
        bar->y = bars->height - bar->y;
    }
    bars->unit = figure_duration_unit(bars->longest, &bars->scale);
}

/* Block p: the pieces of phase p; the last block: the ends of the bars. */
static void write_bars(const struct figure_plan *plan, const struct bars *bars, struct figure_canvas *canvas)
{
    for (unsigned p = 0; p < PHASE_COUNT; p++) {
        data_begin(canvas, phases_drawn[p].name);
        g_string_append_printf(canvas->data, "# middle, y, from (%s), to, lower edge, upper edge, duration\n",
                               bars->unit);
        for (guint i = 0; i < bars->bars->len; i++) {
            const struct bar *bar = &g_array_index(bars->bars, struct bar, i);
            double from = 0;
            for (unsigned before = 0; before < p; before++)
                from += bar->phases[before] * bars->scale;
            double length = bar->phases[p] * bars->scale;
            if (length > 0)
                g_string_append_printf(canvas->data, "%.10g %.10g %.10g %.10g %.10g %.10g %.10g\n",
                                       from + length / 2, bar->y, from, from + length,
                                       bar->y - BAR_HEIGHT / 2.0, bar->y + BAR_HEIGHT / 2.0, length);
        }
        g_string_append(canvas->data, "? ? ? ? ? ? ?\n"); /* a block of its own, whatever it holds */
    }
    data_begin(canvas, "link down until the correspondent's binding is updated");
    for (guint i = 0; i < bars->bars->len; i++) {
        const struct bar *bar = &g_array_index(bars->bars, struct bar, i);
        const struct figure_series *series = plan->series->pdata[bar->series];
        g_string_append_printf(canvas->data, "%.10g %.10g # ", bar->total * bars->scale, bar->y);
        data_append_remark(canvas, series->name);
        if (plan->x != NULL) {
            g_string_append(canvas->data, ", ");
            data_append_remark(canvas, plan->x->label);
            g_string_append_c(canvas->data, ' ');
            data_append_remark(canvas, plan->x->texts[bars->x[bar->bundle]]);
        }
        g_string_append_c(canvas->data, '\n');
    }
}

/* -- drawing -- */

/* Of the series: whole, or, where they would take too much room, all without what may be left out. *width:
 * the widest, with room for broader letters. Free with g_strfreev. */
static char **bar_names(const struct figure_plan *plan, const struct figure_canvas *canvas, double *width)
{
    char **names = g_new0(char *, plan->series->len + 1);

    for (unsigned brief = 0; brief < 2; brief++) {
        *width = 40;
        for (guint s = 0; s < plan->series->len; s++) {
            const struct figure_series *series = plan->series->pdata[s];
            g_free(names[s]);
            names[s] = brief ? figure_short_name(series->name) : g_strdup(series->name);
            *width = fmax(*width, text_width(names[s]));
        }
        if (*width <= 0.3 * canvas->width)
            break;
    }
    *width = fmin(*width, NAMES_SHARE * canvas->width);
    for (guint s = 0; s < plan->series->len; s++) {
        char *whole = names[s];
        names[s] = text_shorten(whole, *width);
        g_free(whole);
    }
    *width *= 1.1;
    return names;
}

static void put_names(struct figure_canvas *canvas, const struct figure_plan *plan, const struct bars *bars,
                      char *const *names, double width)
{
    g_string_append(canvas->script, "    set ytics scale 0 nomirror (");
    for (guint i = 0; i < bars->bars->len; i++) {
        const struct bar *bar = &g_array_index(bars->bars, struct bar, i);
        if (i > 0)
            g_string_append(canvas->script, ", ");
        script_append_tic(canvas->script, names[bar->series], canvas->width);
        g_string_append_printf(canvas->script, " %.10g", bar->y);
    }
    g_string_append(canvas->script, ")\n");
    for (unsigned b = 0; plan->x != NULL && b < bars->bundle_count; b++) {
        char *title = g_strdup_printf("%s: %s", plan->x->label, plan->x->texts[bars->x[b]]);
        char *fitting = text_shorten(title, canvas->width - width - 40);
        GString *quoted = g_string_new(NULL);
        script_append_string(quoted, fitting);
        if (!isnan(bars->title_y[b]))
            script_append(canvas, "set label %s at first 0, first %.10g left offset 0.6,0 front", quoted->str,
                          bars->title_y[b]);
        g_string_free(quoted, TRUE);
        g_free(fitting);
        g_free(title);
    }
}

/* Of all bars, the longest that the phase takes; in the unit of the axis. */
static double longest_phase(const struct bars *bars, unsigned phase)
{
    double longest = 0;

    for (guint i = 0; i < bars->bars->len; i++)
        longest = fmax(longest, g_array_index(bars->bars, struct bar, i).phases[phase] * bars->scale);
    return longest;
}

static const char *total_format(const struct bars *bars)
{
    return bars->longest * bars->scale >= 100 ? "%.0f" : "%.1f";
}

/* Phases that take no time anywhere are not drawn; numbers are written where there is room for them. */
static void put_bars(struct figure_canvas *canvas, const struct bars *bars, double room)
{
    const char *format = total_format(bars);

    g_string_append(canvas->script, "    plot ");
    for (unsigned p = 0; p < PHASE_COUNT; p++)
        if (longest_phase(bars, p) > 0)
            g_string_append_printf(canvas->script,
                                   "'%s.dat' index %u using 1:2:3:4:5:6 with boxxyerror %s lw 0.6 notitle, "
                                   "\\\n        ",
                                   canvas->name, p, phases_drawn[p].fill);
    for (unsigned p = 0; p < PHASE_COUNT; p++)
        if (longest_phase(bars, p) > room)
            g_string_append_printf(canvas->script,
                                   "'%s.dat' index %u using 1:($7 > %.6g ? $2 : NaN):(sprintf('%s', $7)) "
                                   "with labels tc rgb '%s' notitle, \\\n        ",
                                   canvas->name, p, room, format, phases_drawn[p].ink);
    g_string_append_printf(
        canvas->script,
        "'%s.dat' index %u using 1:2:(sprintf('%s %s', $1)) with labels left offset 0.6 notitle\n",
        canvas->name, PHASE_COUNT, format, bars->unit);
}

static void draw_bars(struct figure_canvas *canvas, const struct figure_plan *plan, const struct bars *bars)
{
    struct legend_entry legend[PHASE_COUNT];

    for (unsigned p = 0; p < PHASE_COUNT; p++)
        legend[p] = (struct legend_entry){phases_drawn[p].name, LEGEND_BOX, 1, phases_drawn[p].fill};
    double legend_height = script_legend_height(canvas, legend, PHASE_COUNT),
           heading = plan->panels == NULL ? 0 : 24;
    double names_width;
    char **names = bar_names(plan, canvas, &names_width);
    double left = names_width + 14;
    double height =
        canvas->height > 0 ? canvas->height - legend_height - heading - MARGIN_BOTTOM : bars->height;
    canvas->height = legend_height + heading + height + MARGIN_BOTTOM;
    char *total = g_strdup_printf(bars->longest * bars->scale >= 100 ? "%.0f %s" : "%.1f %s",
                                  bars->longest * bars->scale, bars->unit);
    double width = canvas->width - left - MARGIN_RIGHT - text_width(total) - 10;
    g_free(total);
    double range = bars->longest > 0 ? bars->longest * bars->scale * 1.02 : 1;
    script_put_legend(canvas, legend, PHASE_COUNT);
    if (plan->panels != NULL) {
        char *held = g_strdup_printf("%s: %s", plan->panels->label, plan->panels->texts[bars->held]);
        script_put_text(canvas, held, left + width / 2, canvas->height - legend_height - 12);
        g_free(held);
    }
    script_append(canvas, "set border 3 lw 0.8");
    script_set_margins(canvas, left, left + width, MARGIN_BOTTOM, MARGIN_BOTTOM + height);
    script_append(canvas, "set xrange [0:%.10g]; set yrange [0:%.10g]", range, bars->height);
    script_append(canvas,
                  "set xtics out nomirror scale tic_scale offset 0,tic_shift %.10g; set format x '%%g'",
                  script_tic_step(range, script_tics_across(width, range)));
    script_append(canvas, "set grid xtics lt 1 lc rgb '#dddddd' lw 0.6; set grid back");
    char *label = figure_label_with_unit("Time since the link went down", bars->unit);
    script_put_text(canvas, label, left + width / 2, 11);
    g_free(label);
    put_names(canvas, plan, bars, names, names_width);
    g_strfreev(names);
    char *number = g_strdup_printf("%.1f", bars->longest * bars->scale);
    put_bars(canvas, bars, range * (text_width(number) + 6) / width);
    g_free(number);
    script_append(canvas, "unset label");
}

/* A slide has room for so many bundles only. */
static void fit_bundles(const struct figure_plan *plan, const struct figure_canvas *canvas, struct bars *bars)
{
    unsigned most = BUNDLES_MOST;

    do {
        bars->bundle_count = plan->x == NULL ? 1 : figure_pick(plan->x->count, most, bars->x);
        find_bars(plan, bars);
    } while (canvas->height > 0 && bars->height > 0.66 * canvas->height && --most > 0 && plan->x != NULL);
}

bool figure_phases(struct figure_task *task, GError **error)
{
    const struct figure_rows *rows = figure_results_rows(task->results, TABLE_HANDOVERS, error);
    struct figure_plan *plan = figure_plan_new(rows, PLAN_LONGEST, task->options);
    struct bars bars = {.handovers = figure_results_handovers(task->results),
                        .bundle_count = 1,
                        .bars = g_array_new(FALSE, FALSE, sizeof(struct bar))};

    figure_plan_select(plan, &bars.handovers->numbers[COLUMN_HANDOVER_LATENCY], 1);
    for (guint s = 0; s < plan->series->len; s++) {
        const struct figure_series *series = plan->series->pdata[s];
        char *brief = figure_short_name(series->name);
        if (text_width(brief) > NAMES_SHARE * task->canvas->width)
            canvas_choose_width(task->canvas, 3); /* both columns, if that may be chosen */
        g_free(brief);
    }
    if (plan->panels != NULL)
        bars.held = plan->panels->count / 2;
    fit_bundles(plan, task->canvas, &bars);
    bool good = bars.bars->len > 0;
    if (good) {
        write_bars(plan, &bars, task->canvas);
        draw_bars(task->canvas, plan, &bars);
        figure_plan_note(plan, task->note);
    } else {
        g_string_append(task->note,
                        "no handover from a link that went down was completed with a correspondent\n");
    }
    g_array_free(bars.bars, TRUE);
    figure_plan_free(plan);
    return good;
}
