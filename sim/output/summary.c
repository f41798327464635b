/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summary.c - see summary.h.
 *
 * Numbers of a column all have the same decimals, as many as its largest needs: a table is read down the
 * column, and more digits than the confidence interval is wide would only be in the way. The exact numbers
 * are in handovers.csv.
 */
#include "sim/output/summary.h"

#include <math.h>
#include <string.h>

#include "sim/format/table.h"
#include "sim/output/handovers.h"

#define CONFIDENCE      0.95
#define SINGLE_ROWS_MAX 60 /* handovers of one run that are shown one by one */

/* What a column of the grouped table shows. */
struct measure {
    enum number_column number;
    const char *header;
    double scale;
    bool interval;
};

static const struct measure measures[] = {
    {COLUMN_BINDING_LATENCY, "binding\nlatency\n(ms)", 1000, true},
    {COLUMN_OUTAGE, "outage\n(ms)", 1000, true},
    {COLUMN_PACKETS_LOST, "packets\nlost", 1, false},
    {COLUMN_MOBILE_MESSAGES, "messages", 1, false},
};

static unsigned decimals_for(double largest)
{
    return largest >= 100 ? 1 : largest >= 10 ? 2 : 3;
}

static void add_number(struct table *table, double number, unsigned decimals)
{
    if (isnan(number))
        table_add_cell(table, "–");
    else
        table_add_cell_printf(table, "%.*f", (int)decimals, number);
}

/* -- one row for each handover -- */

static const char *const phase_headers[PHASE_COUNT] = {
    "L2", "movement\ndetection", "address", "home", "tests", "binding",
};

static void add_move_columns(struct table *table, bool methods)
{
    table_add_column(table, "node", TABLE_LEFT);
    table_add_column(table, "down at\n(s)", TABLE_RIGHT);
    table_add_column(table, "move", TABLE_LEFT);
    table_add_column(table, "with", TABLE_LEFT);
    if (methods)
        table_add_column(table, "authorization", TABLE_LEFT);
    for (unsigned i = 0; i < PHASE_COUNT; i++)
        table_add_column(table, phase_headers[i], TABLE_RIGHT);
    table_add_column(table, "total", TABLE_RIGHT);
    table_add_column(table, "outage", TABLE_RIGHT);
    table_add_column(table, "lost", TABLE_RIGHT);
}

static void add_move(struct table *table, const struct handovers *handovers, size_t row, bool methods)
{
    const char *from = handovers_text(handovers, row, COLUMN_FROM_LINK);
    const char *to = handovers_text(handovers, row, COLUMN_TO_LINK);
    const char *home = handovers_home(handovers, row);
    double phases[PHASE_COUNT];

    table_add_cell(table, handovers_text(handovers, row, COLUMN_NODE));
    add_number(table, handovers->numbers[COLUMN_LINK_DOWN][row], 3);
    table_add_cell_printf(table, "%s → %s", *from == '\0' ? "nowhere" : from, *to == '\0' ? "nowhere" : to);
    table_add_cell_printf(table, "%s%s%s", handovers_text(handovers, row, COLUMN_CORRESPONDENT),
                          *home ? " as " : "", home);
    if (methods)
        table_add_cell(table, handovers_text(handovers, row, COLUMN_AUTHORIZATION));
    (void)handovers_row_phases(handovers, row, phases); /* of one that never ended: as far as it got */
    for (unsigned i = 0; i < PHASE_COUNT; i++)
        add_number(table, phases[i] * 1000, 1);
    add_number(table, handovers->numbers[COLUMN_HANDOVER_LATENCY][row] * 1000, 1);
    add_number(table, handovers->numbers[COLUMN_OUTAGE][row] * 1000, 1);
    add_number(table, handovers->numbers[COLUMN_PACKETS_LOST][row], 0);
}

static void summarize_moves(const struct handovers *handovers, GString *text)
{
    const struct dimension *method = handovers_method(handovers);
    struct table *table = table_new();
    bool methods = method->levels->len > 1;

    add_move_columns(table, methods);
    for (size_t row = 0; row < handovers->count; row++)
        add_move(table, handovers, row, methods);
    table_to_text(table, text);
    table_free(table);
    g_string_append(text, "\nMilliseconds, one after the other: link-layer handover, movement detection, "
                          "address configuration (DAD),\n"
                          "home registration, return routability tests, correspondent registration; total: "
                          "link down until the\n"
                          "correspondent's binding is updated. Outage: the gap in what reaches the mobile "
                          "node. Lost: packets.\n");
    const char *name = method->levels->pdata[0];
    if (!methods && *name != '\0')
        g_string_append_printf(text, "Authorization: %s.\n", name);
}

/* -- one row for each group -- */

/* The method is worth a column when there is more than one, or the sweep has chosen it. */
static bool dimension_is_shown(const struct dimension *dimension)
{
    return dimension->swept || dimension->levels->len > 1;
}

/* The methods stand beneath each other, all else being equal. */
static bool dimension_comes_last(const struct dimension *dimension)
{
    return dimension->kind == DIMENSION_METHOD;
}

static int compare_groups(const void *a, const void *b, void *context)
{
    const struct group *const *first = a, *const *second = b;
    const struct handovers *handovers = context;

    for (int last = 0; last <= 1; last++)
        for (guint i = 0; i < handovers->dimensions->len; i++) {
            uint32_t level = (*first)->levels[i], other = (*second)->levels[i];
            if (dimension_comes_last(handovers->dimensions->pdata[i]) == last && level != other)
                return level < other ? -1 : 1;
        }
    return 0;
}

/* "point-to-point ha-core / delay" becomes three lines. */
static char *dimension_header(const struct dimension *dimension)
{
    char **parts = g_strsplit(dimension->name, " / ", 2);
    char *header = g_strjoinv("\n", parts);

    if (parts[0] != NULL && parts[1] != NULL)
        for (char *c = header; *c != '\n'; c++)
            if (*c == ' ' && c != header) {
                *c = '\n';
                break;
            }
    g_strfreev(parts);
    return header;
}

static void add_dimension_columns(struct table *table, const struct handovers *handovers)
{
    for (int last = 0; last <= 1; last++)
        for (guint i = 0; i < handovers->dimensions->len; i++) {
            const struct dimension *dimension = handovers->dimensions->pdata[i];
            if (!dimension_is_shown(dimension) || dimension_comes_last(dimension) != last)
                continue;
            char *header = dimension_header(dimension);
            table_add_column(table, header, dimension->kind == DIMENSION_AXIS ? TABLE_RIGHT : TABLE_LEFT);
            g_free(header);
        }
}

static void add_dimension_cells(struct table *table, const struct handovers *handovers,
                                const struct group *group)
{
    for (int last = 0; last <= 1; last++)
        for (guint i = 0; i < handovers->dimensions->len; i++) {
            const struct dimension *dimension = handovers->dimensions->pdata[i];
            if (dimension_is_shown(dimension) && dimension_comes_last(dimension) == last)
                table_add_cell(table, dimension->levels->pdata[group->levels[i]]);
        }
}

/* Everything that the table shows, group by group, before any of it is rounded. */
struct grouped {
    const struct group **groups; /* as the table has them */
    struct statistics (*cells)[G_N_ELEMENTS(measures)];
    bool intervals;  /* some group has one */
    bool replicated; /* some group has several replications */
    unsigned decimals[G_N_ELEMENTS(measures)];
    size_t *incomplete; /* handovers of each group */
    size_t incomplete_total;
};

static void grouped_measure(const struct handovers *handovers, struct grouped *grouped)
{
    double largest[G_N_ELEMENTS(measures)] = {0};

    for (guint g = 0; g < handovers->groups->len; g++) {
        const struct group *group = grouped->groups[g];
        const size_t *rows = (const void *)group->rows->data;
        const double *replications = handovers->numbers[COLUMN_REPLICATION];
        for (unsigned m = 0; m < G_N_ELEMENTS(measures); m++) {
            struct statistics *cell = &grouped->cells[g][m];
            handovers_observe(handovers, rows, group->rows->len, measures[m].number, cell);
            if (cell->count > 0)
                largest[m] = fmax(largest[m], fabs(statistics_mean(cell)) * measures[m].scale);
            grouped->intervals |= measures[m].interval && cell->count > 1;
        }
        for (guint i = 0; i < group->rows->len; i++)
            grouped->incomplete[g] += handovers_row_unfinished(handovers, rows[i]);
        grouped->incomplete_total += grouped->incomplete[g];
        grouped->replicated |= replications[rows[group->rows->len - 1]] > replications[rows[0]];
    }
    for (unsigned m = 0; m < G_N_ELEMENTS(measures); m++)
        grouped->decimals[m] = measures[m].scale > 1 ? decimals_for(largest[m]) : 1;
}

static void add_columns(struct table *table, const struct handovers *handovers, const struct grouped *grouped)
{
    add_dimension_columns(table, handovers);
    table_add_column(table, "n", TABLE_RIGHT);
    for (unsigned m = 0; m < G_N_ELEMENTS(measures); m++) {
        table_add_column(table, measures[m].header, TABLE_RIGHT);
        if (measures[m].interval && grouped->intervals)
            table_add_column(table, "± 95 %", TABLE_LEFT);
    }
    if (grouped->incomplete_total > 0)
        table_add_column(table, "never\ncompleted", TABLE_RIGHT);
}

static void add_group(struct table *table, const struct handovers *handovers, const struct grouped *grouped,
                      guint g)
{
    const struct group *group = grouped->groups[g];

    add_dimension_cells(table, handovers, group);
    table_add_cell_printf(table, "%u", group->rows->len);
    for (unsigned m = 0; m < G_N_ELEMENTS(measures); m++) {
        const struct statistics *cell = &grouped->cells[g][m];
        double half_width = statistics_half_width(cell, CONFIDENCE);
        add_number(table, statistics_mean(cell) * measures[m].scale, grouped->decimals[m]);
        if (!measures[m].interval || !grouped->intervals)
            continue;
        if (isnan(half_width))
            table_add_cell(table, NULL);
        else
            table_add_cell_printf(table, "± %.*f", (int)grouped->decimals[m], half_width * measures[m].scale);
    }
    if (grouped->incomplete_total > 0)
        table_add_cell_printf(table, "%zu", grouped->incomplete[g]);
}

static void summarize_groups(const struct handovers *handovers, GString *text)
{
    struct grouped grouped = {0};
    struct table *table = table_new();

    grouped.cells = g_malloc0(sizeof(*grouped.cells) * handovers->groups->len);
    grouped.incomplete = g_new0(size_t, handovers->groups->len);
    grouped.groups = g_memdup2(handovers->groups->pdata, sizeof(*grouped.groups) * handovers->groups->len);
    g_qsort_with_data(grouped.groups, (gint)handovers->groups->len, sizeof(*grouped.groups), compare_groups,
                      (void *)(uintptr_t)handovers);
    grouped_measure(handovers, &grouped);
    add_columns(table, handovers, &grouped);
    for (guint g = 0; g < handovers->groups->len; g++)
        add_group(table, handovers, &grouped, g);
    table_to_text(table, text);
    table_free(table);
    g_string_append(
        text, "\nMeans over n handovers. Binding latency: from the care-of address being usable until the\n"
              "correspondent's binding is updated. Outage: the gap in what reaches the mobile node. "
              "Messages: mobility\n"
              "signalling that the mobile node sends and receives.\n");
    if (grouped.intervals)
        g_string_append_printf(text,
                               "±: half the width of the 95 %% confidence interval of the mean, over %s.\n",
                               grouped.replicated ? "replications" : "handovers");
    g_free(grouped.groups);
    g_free(grouped.cells);
    g_free(grouped.incomplete);
}

/* -- either -- */

static void append_warning(const struct handovers *handovers, GString *text)
{
    size_t incomplete = 0;

    for (size_t row = 0; row < handovers->count; row++)
        incomplete += handovers_row_unfinished(handovers, row);
    if (incomplete > 0)
        g_string_append_printf(
            text,
            "warning: %zu of %zu handovers %s never completed: the binding was not updated before the node\n"
            "moved on or the run ended\n",
            incomplete, handovers->count, incomplete == 1 ? "was" : "were");
}

static bool is_single_run(const struct handovers *handovers)
{
    if (handovers->count > SINGLE_ROWS_MAX)
        return false;
    for (guint i = 0; i < handovers->dimensions->len; i++) {
        const struct dimension *dimension = handovers->dimensions->pdata[i];
        if (dimension->swept && dimension->levels->len > 1)
            return false;
    }
    for (size_t row = 1; row < handovers->count; row++)
        if (handovers->numbers[COLUMN_REPLICATION][row] > handovers->numbers[COLUMN_REPLICATION][0])
            return false;
    return true;
}

static void append_handovers(const struct handovers *handovers, GString *text)
{
    if (handovers->count == 0) {
        g_string_append(text, "No mobile node moved: there is no handover to tell of.\n");
        return;
    }
    if (is_single_run(handovers))
        summarize_moves(handovers, text);
    else
        summarize_groups(handovers, text);
    append_warning(handovers, text);
}

bool summary_append(const char *directory, GString *text, GError **error)
{
    struct handovers *handovers = handovers_read(directory, error);

    if (handovers == NULL)
        return false;
    append_handovers(handovers, text);
    handovers_free(handovers);
    return true;
}
