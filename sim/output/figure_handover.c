/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_handover.c - one handover as its packets saw it: the delay of each against the time at which it was
 * sent, told apart by the way it took; crosses below for those that were lost; and lines at the instants of
 * the handover.
 *
 * A panel for each method, one above the other on the same scales: the same handover (node, number,
 * correspondent, replication) at the point of the sweep that differs in nothing but the method. Time begins
 * with the handover, when the link goes down; where links overlap, when the new one comes up.
 *
 * The names of the instants stand above their lines, in as many rows as they need not to meet each other's
 * lines. A slide has no room for that: there are letters, and a line says what they mean.
 */
#include "sim/output/figure_plan.h"

#include <math.h>
#include <string.h>

#define MARGIN_BOTTOM 54
#define PANEL_HEIGHT  130
#define PANEL_GAP     12
#define TITLE_HEIGHT  20
#define ROW_HEIGHT    17
#define STYLES_BEFORE 10 /* of the marks: the first is style 11 */
#define PANELS_MOST   6
#define SERIES_BEFORE 0.15 /* shown before the handover and behind it, of its duration */
#define SERIES_LEAST  0.1  /* and at least so many seconds */
#define SERIES_BEHIND 0.2
#define ROUNDING      1e-9 /* of instants, s */
#define RUG           0.13 /* room for those lost, of the highest delay */

/* -- what is drawn -- */

enum mark {
    MARK_DIRECT,
    MARK_TUNNELLED,
    MARK_OPTIMIZED,
    MARK_DUPLICATE,
    MARK_LOST,
    MARK_MISDIRECTED,
    MARK_COUNT
};

/* In Okabe and Ito's colours; no two of one shape. */
static const struct {
    const char *name, *style;
    double size;
} marks[MARK_COUNT] = {
    [MARK_DIRECT] = {"direct", "pt 7 lc rgb '#0072B2'", 0.5},
    [MARK_TUNNELLED] = {"through the home agent", "pt 9 lc rgb '#D55E00'", 0.75},
    [MARK_OPTIMIZED] = {"route-optimized", "pt 5 lc rgb '#009E73'", 0.5},
    [MARK_DUPLICATE] = {"duplicate", "pt 6 lc rgb '#56B4E9'", 0.9},
    [MARK_LOST] = {"lost", "pt 2 lc rgb '#000000'", 0.8},
    [MARK_MISDIRECTED] = {"lost, misdirected", "pt 1 lc rgb '#000000'", 0.8},
};

struct instant {
    const char *column, *name; /* %s: the correspondent */
};

static const struct instant instants[] = {
    {"link_down", "link down"},
    {"link_up", "link up"},
    {"care_of_address_usable", "care-of address"},
    {"home_acknowledgement_received", "BA from home agent"},
    {"correspondent_bound", "binding at %s"},
};

struct line {
    double at; /* in the unit, since the handover's start */
    char *name;
    char *told; /* above it: the name, or a letter */
    unsigned row;
};

struct panel {
    size_t row; /* of handovers.csv */
    const char *point, *replication;
    double start; /* of the handover, seconds */
    struct line lines[G_N_ELEMENTS(instants)];
    unsigned line_count;
    GArray *packets[MARK_COUNT]; /* struct seen_packet */
};

struct seen_packet {
    double at, delay; /* in the unit; NAN: lost */
    double sequence;
};

struct view {
    struct figure_task *task;
    const struct handovers *handovers;
    const struct csv_table *packets;
    const char *node, *flow, *other; /* the other end */
    bool to_node;                    /* the flow goes to the node */
    struct panel panels[PANELS_MOST];
    unsigned count;
    double from, to, top; /* what is shown, in the unit */
    double scale;
    const char *unit;
    unsigned label_rows;
    char *key;                 /* what letters mean; NULL: there are none */
    double left, width, right; /* of the panels, on the canvas */
};

static bool number_is(const struct csv_table *table, size_t row, const char *column, int64_t wanted)
{
    double number = csv_field_number(table, row, column);

    return !isnan(number) && fabs(number - (double)wanted) < 0.5;
}

/* -- which handover -- */

/* Why there is nothing to draw: %s is for the caller. */
G_GNUC_PRINTF(2, 3)
static bool nothing(const struct view *view, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_string_append_vprintf(view->task->note, format, arguments);
    va_end(arguments);
    g_string_append_c(view->task->note, '\n');
    return false;
}

/* Is the packet's flow one that may be drawn, for this node? The better of two goes to it. */
static int suitability(const struct view *view, size_t packet, const char *node)
{
    const char *wanted = view->task->options->flow;

    if (wanted != NULL && strcmp(csv_field(view->packets, packet, "flow"), wanted) != 0)
        return 0;
    if (strcmp(csv_field(view->packets, packet, "to"), node) == 0)
        return 2;
    return strcmp(csv_field(view->packets, packet, "from"), node) == 0 ? 1 : 0;
}

/* The flow of the node's that is drawn. False: it has none. */
static bool find_flow(struct view *view, const char *node)
{
    const char *last = NULL;
    int best = 0;

    for (size_t row = 0; row < view->packets->row_count; row++) {
        const char *flow = csv_field(view->packets, row, "flow");
        if (last != NULL && strcmp(last, flow) == 0)
            continue;
        last = flow;
        int suits = suitability(view, row, node);
        if (suits <= best)
            continue;
        best = suits;
        view->node = node;
        view->flow = flow;
        view->to_node = suits == 2;
        view->other = csv_field(view->packets, row, view->to_node ? "from" : "to");
        if (best == 2)
            break;
    }
    return best > 0;
}

/* The flows that have packets: "voice, answer". Free with g_free. */
static char *flow_names(const struct view *view)
{
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    GString *names = g_string_new(NULL);

    for (size_t row = 0; row < view->packets->row_count; row++) {
        const char *flow = csv_field(view->packets, row, "flow");
        if (!g_hash_table_add(known, (void *)(uintptr_t)flow))
            continue;
        if (g_hash_table_size(known) <= 10)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", flow);
    }
    if (g_hash_table_size(known) > 10)
        g_string_append_printf(names, ", … (%u)", g_hash_table_size(known));
    g_hash_table_destroy(known);
    return g_string_free(names, FALSE);
}

/* The node that is asked for, or the first that moved and has packets. */
static bool find_node(struct view *view)
{
    const struct figure_options *options = view->task->options;
    const char *last = NULL;

    for (size_t row = 0; row < view->handovers->count; row++) {
        const char *node = handovers_text(view->handovers, row, COLUMN_NODE);
        if ((last != NULL && strcmp(node, last) == 0) ||
            (options->node != NULL && strcmp(node, options->node) != 0))
            continue;
        last = node;
        if (find_flow(view, node))
            return true;
    }
    char *all = flow_names(view);
    if (options->node != NULL && last == NULL)
        nothing(view, "no mobile node '%s' has moved", options->node);
    else if (*all == '\0')
        nothing(view, "no packet of the flows in [output] packets was sent");
    else if (options->flow != NULL)
        nothing(view, "there are no packets of a flow '%s'%s%s; there are of: %s", options->flow,
                options->node ? " to or from " : " to or from a node that has moved",
                options->node ? options->node : "", all);
    else
        nothing(view, "there are packets of no flow to or from %s; there are of: %s",
                options->node ? options->node : "a node that has moved", all);
    g_free(all);
    return false;
}

/* Is the row about the handover that is asked for, whatever the point and replication? */
static bool is_the_handover(const struct view *view, size_t row)
{
    const struct csv_table *csv = view->handovers->csv;
    int64_t handover = view->task->options->handover;

    return strcmp(handovers_text(view->handovers, row, COLUMN_NODE), view->node) == 0 &&
           number_is(csv, row, "handover", handover < 0 ? 1 : handover);
}

static bool is_with_other(const struct view *view, size_t row)
{
    return strcmp(handovers_text(view->handovers, row, COLUMN_CORRESPONDENT), view->other) == 0;
}

/* The first that is asked for, with the flow's other end if it has a row. */
static bool find_base(const struct view *view, size_t *base)
{
    const struct figure_options *options = view->task->options;
    const struct csv_table *csv = view->handovers->csv;
    bool found = false;

    for (size_t row = 0; row < view->handovers->count; row++) {
        if (!is_the_handover(view, row) ||
            (options->point >= 0 && !number_is(csv, row, "point", options->point)) ||
            (options->replication >= 0 && !number_is(csv, row, "replication", options->replication)))
            continue;
        if (is_with_other(view, row)) {
            *base = row;
            return true;
        }
        if (!found)
            *base = row;
        found = true;
    }
    if (found)
        return true;
    GString *where = g_string_new(NULL);
    if (options->point >= 0)
        g_string_append_printf(where, " at point %" G_GINT64_FORMAT, options->point);
    if (options->replication >= 0)
        g_string_append_printf(where, " in replication %" G_GINT64_FORMAT, options->replication);
    nothing(view, "%s has no handover %" G_GINT64_FORMAT "%s", view->node,
            options->handover < 0 ? 1 : options->handover, where->str);
    g_string_free(where, TRUE);
    return false;
}

/* The same handover where nothing is swept but the method? */
static bool differs_by_method(const struct view *view, size_t base, size_t row)
{
    const struct csv_table *csv = view->handovers->csv;

    if (!is_the_handover(view, row) || is_with_other(view, row) != is_with_other(view, base) ||
        strcmp(csv_field(csv, row, "replication"), csv_field(csv, base, "replication")) != 0 ||
        strcmp(handovers_home(view->handovers, row), handovers_home(view->handovers, base)) != 0)
        return false;
    for (guint i = 0; i < view->handovers->dimensions->len; i++) {
        const struct dimension *dimension = view->handovers->dimensions->pdata[i];
        if (dimension->kind == DIMENSION_AXIS && dimension->of_row[row] != dimension->of_row[base])
            return false;
    }
    return true;
}

static void find_panels(struct view *view, size_t base)
{
    const struct dimension *method = handovers_method(view->handovers);

    for (guint level = 0; level < method->levels->len; level++) {
        size_t row = base;
        bool found = method->of_row[base] == level;
        for (size_t i = 0; !found && method->swept && i < view->handovers->count; i++)
            if (method->of_row[i] == level && differs_by_method(view, base, i)) {
                row = i;
                found = true;
            }
        if (!found)
            continue;
        if (view->count == PANELS_MOST) {
            g_string_append_printf(view->task->note, "the methods behind the first %d are left out\n",
                                   PANELS_MOST);
            return;
        }
        struct panel *panel = &view->panels[view->count++];
        panel->row = row;
        panel->point = csv_field(view->handovers->csv, row, "point");
        panel->replication = csv_field(view->handovers->csv, row, "replication");
    }
}

/* -- when -- */

static double start_of(const struct view *view, size_t row)
{
    double down = view->handovers->numbers[COLUMN_LINK_DOWN][row];

    return isnan(down) ? view->handovers->numbers[COLUMN_LINK_UP][row] : down;
}

/* Seconds from its start to the last of its instants; *next: to that of the node's next handover, or
 * INFINITY. */
static double length_of(const struct view *view, const struct panel *panel, double *next)
{
    static const char *const last[] = {"correspondent_acknowledgement_received", "first_tunnelled_packet",
                                       "first_optimized_downlink", "first_optimized_uplink"};
    const struct csv_table *csv = view->handovers->csv;
    double length = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(instants); i++)
        length = fmax(length, csv_field_number(csv, panel->row, instants[i].column) - panel->start);
    for (unsigned i = 0; i < G_N_ELEMENTS(last); i++)
        length = fmax(length, csv_field_number(csv, panel->row, last[i]) - panel->start);
    *next = INFINITY;
    for (size_t row = 0; row < csv->row_count; row++) {
        double start = start_of(view, row);
        if (start > panel->start && strcmp(csv_field(csv, row, "point"), panel->point) == 0 &&
            strcmp(csv_field(csv, row, "replication"), panel->replication) == 0 &&
            strcmp(csv_field(csv, row, "node"), view->node) == 0)
            *next = fmin(*next, start - panel->start);
    }
    return length;
}

/* In seconds still. */
static bool find_times(struct view *view)
{
    double length = 0, room = INFINITY;

    for (unsigned i = 0; i < view->count; i++) {
        struct panel *panel = &view->panels[i];
        double next;
        panel->start = start_of(view, panel->row);
        if (isnan(panel->start))
            return nothing(view, "the handover has neither gone from a link nor to one");
        length = fmax(length, length_of(view, panel, &next));
        room = fmin(room, next);
    }
    if (length <= 0)
        length = 1;
    view->from = -fmax(SERIES_BEFORE * length, SERIES_LEAST);
    view->to = fmin(length + fmax(SERIES_BEHIND * length, SERIES_LEAST), fmax(room, length));
    return true;
}

/* -- packets -- */

static enum mark mark_of(const struct view *view, size_t row)
{
    const char *fate = csv_field(view->packets, row, "fate"), *path = csv_field(view->packets, row, "path");

    if (strcmp(fate, "misdirected") == 0)
        return MARK_MISDIRECTED;
    if (strcmp(fate, "duplicate") == 0)
        return MARK_DUPLICATE;
    if (strcmp(fate, "delivered") != 0)
        return strcmp(fate, "lost") == 0 ? MARK_LOST : MARK_COUNT;
    return strcmp(path, "optimized") == 0   ? MARK_OPTIMIZED
           : strcmp(path, "tunnelled") == 0 ? MARK_TUNNELLED
                                            : MARK_DIRECT;
}

static void take_packet(struct view *view, struct panel *panel, size_t row)
{
    struct seen_packet packet = {.at = csv_field_number(view->packets, row, "sent") - panel->start,
                                 .delay = csv_field_number(view->packets, row, "delay"),
                                 .sequence = csv_field_number(view->packets, row, "sequence")};
    enum mark mark = mark_of(view, row);

    if (mark == MARK_COUNT || isnan(packet.at) || packet.at < view->from - ROUNDING ||
        packet.at > view->to + ROUNDING)
        return;
    if (mark == MARK_LOST || mark == MARK_MISDIRECTED)
        packet.delay = NAN;
    else if (isnan(packet.delay))
        return;
    else
        view->top = fmax(view->top, packet.delay);
    g_array_append_val(panel->packets[mark], packet);
}

static bool take_packets(struct view *view)
{
    guint taken = 0;

    for (unsigned i = 0; i < view->count; i++)
        for (unsigned mark = 0; mark < MARK_COUNT; mark++)
            view->panels[i].packets[mark] = g_array_new(FALSE, FALSE, sizeof(struct seen_packet));
    for (size_t row = 0; row < view->packets->row_count; row++) {
        if (strcmp(csv_field(view->packets, row, "flow"), view->flow) != 0)
            continue;
        for (unsigned i = 0; i < view->count; i++) {
            struct panel *panel = &view->panels[i];
            if (strcmp(csv_field(view->packets, row, "point"), panel->point) == 0 &&
                strcmp(csv_field(view->packets, row, "replication"), panel->replication) == 0)
                take_packet(view, panel, row);
        }
    }
    for (unsigned i = 0; i < view->count; i++)
        for (unsigned mark = 0; mark < MARK_COUNT; mark++)
            taken += view->panels[i].packets[mark]->len;
    return taken > 0 || nothing(view, "no packet of %s was sent around the handover", view->flow);
}

/* -- the unit -- */

static void choose_unit(struct view *view)
{
    bool seconds = view->to - view->from >= 10;

    view->scale = seconds ? 1 : 1000;
    view->unit = seconds ? "s" : "ms";
    double edge = 0.006 * (view->to - view->from); /* so that a mark at the end is seen as a whole */
    view->from = (view->from - edge) * view->scale;
    view->to = (view->to + edge) * view->scale;
    view->top *= 1000;
    if (view->top <= 0)
        view->top = 1;
    for (unsigned i = 0; i < view->count; i++)
        for (unsigned mark = 0; mark < MARK_COUNT; mark++) {
            GArray *packets = view->panels[i].packets[mark];
            for (guint k = 0; k < packets->len; k++) {
                g_array_index(packets, struct seen_packet, k).at *= view->scale;
                g_array_index(packets, struct seen_packet, k).delay *= 1000;
            }
        }
}

/* -- the instants -- */

static double place_of(const struct view *view, double at)
{
    return view->width * (at - view->from) / (view->to - view->from);
}

static double width_of(const char *text)
{
    return text_width(text) + 8;
}

static int compare_lines(const void *a, const void *b)
{
    const struct line *left = a, *right = b;

    return (left->at > right->at) - (left->at < right->at);
}

/* From the last to the first: a name stands above those whose lines it would meet. */
static void place_lines(struct view *view, struct panel *panel)
{
    for (unsigned i = panel->line_count; i-- > 0;) {
        struct line *line = &panel->lines[i];
        double end = place_of(view, line->at) + width_of(line->told);
        line->row = 0;
        for (unsigned k = i + 1; k < panel->line_count; k++)
            if (place_of(view, panel->lines[k].at) < end)
                line->row = MAX(line->row, panel->lines[k].row + 1);
        view->label_rows = MAX(view->label_rows, line->row + 1);
    }
}

static void find_lines(struct view *view)
{
    for (unsigned p = 0; p < view->count; p++) {
        struct panel *panel = &view->panels[p];
        const char *correspondent = handovers_text(view->handovers, panel->row, COLUMN_CORRESPONDENT);
        for (unsigned i = 0; i < G_N_ELEMENTS(instants); i++) {
            double at = csv_field_number(view->handovers->csv, panel->row, instants[i].column);
            const char *blank = strstr(instants[i].name, "%s");
            if (isnan(at) || (blank != NULL && *correspondent == '\0'))
                continue;
            at = (at - panel->start) * view->scale;
            if (at < view->from || at > view->to)
                continue;
            struct line *line = &panel->lines[panel->line_count++];
            line->at = at;
            line->name = blank == NULL ? g_strdup(instants[i].name)
                                       : g_strdup_printf("%.*s%s", (int)(blank - instants[i].name),
                                                         instants[i].name, correspondent);
        }
        qsort(panel->lines, panel->line_count, sizeof(panel->lines[0]), compare_lines);
    }
}

/* Names above the lines; or letters, with a key. */
static void name_lines(struct view *view, bool letters)
{
    GPtrArray *known = g_ptr_array_new();
    GString *key = g_string_new(NULL);

    for (unsigned p = 0; p < view->count; p++)
        for (unsigned i = 0; i < view->panels[p].line_count; i++) {
            struct line *line = &view->panels[p].lines[i];
            guint index;
            if (!g_ptr_array_find_with_equal_func(known, line->name, g_str_equal, &index)) {
                index = known->len;
                g_ptr_array_add(known, line->name);
                g_string_append_printf(key, "%s%c: %s", index == 0 ? "" : "    ", (int)('a' + index),
                                       line->name);
            }
            line->told = letters ? g_strdup_printf("%c", (int)('a' + index)) : g_strdup(line->name);
        }
    view->key = g_string_free(key, !letters || known->len == 0);
    g_ptr_array_free(known, TRUE);
}

/* The panels become as much narrower as the name of an instant needs that goes beyond the right edge. */
static void find_width(struct view *view)
{
    double room = view->task->canvas->width - view->left, right = 18;

    for (unsigned p = 0; p < view->count; p++)
        for (unsigned i = 0; i < view->panels[p].line_count; i++) {
            const struct line *line = &view->panels[p].lines[i];
            double share = (line->at - view->from) / (view->to - view->from);
            if (share > 0.3)
                right = fmax(right, room - (room - width_of(line->told)) / share);
        }
    view->right = fmin(right, 0.4 * room);
    view->width = room - view->right;
}

/* -- drawing -- */

static unsigned write_packets(struct figure_canvas *canvas, const struct view *view,
                              const struct panel *panel, enum mark mark)
{
    const GArray *packets = panel->packets[mark];
    bool lost = mark == MARK_LOST || mark == MARK_MISDIRECTED;
    char *what = g_strdup_printf("%s, point %s, replication %s: %s", view->flow, panel->point,
                                 panel->replication, marks[mark].name);
    unsigned block = data_begin(canvas, what);

    g_free(what);
    g_string_append_printf(canvas->data, "# sent, in %s since the handover began, delay in ms%s, number\n",
                           view->unit, lost ? " (none: lost)" : "");
    for (guint i = 0; i < packets->len; i++) {
        const struct seen_packet *packet = &g_array_index(packets, struct seen_packet, i);
        g_string_append_printf(canvas->data, "%.9g ", packet->at);
        if (lost)
            g_string_append(canvas->data, "?");
        else
            g_string_append_printf(canvas->data, "%.9g", packet->delay);
        g_string_append_printf(canvas->data, " %.0f\n", packet->sequence);
    }
    return block;
}

static void put_packets(struct figure_canvas *canvas, const struct view *view, const struct panel *panel)
{
    const char *name = view->task->figure->name;
    bool first = true;

    for (unsigned mark = 0; mark < MARK_COUNT; mark++) {
        if (panel->packets[mark]->len == 0)
            continue;
        unsigned block = write_packets(canvas, view, panel, (enum mark)mark);
        bool lost = mark == MARK_LOST || mark == MARK_MISDIRECTED;
        g_string_append_printf(canvas->script,
                               "%s'%s.dat' index %u using 1:", first ? "    plot " : ", \\\n        ", name,
                               block);
        if (lost)
            g_string_append_printf(canvas->script, "(%.6g)", -RUG / 2 * view->top);
        else
            g_string_append(canvas->script, "2");
        g_string_append_printf(canvas->script, " with points ls %u notitle", STYLES_BEFORE + 1 + mark);
        first = false;
    }
    g_string_append(canvas->script, first ? "    plot NaN notitle\n" : "\n");
}

static void put_lines(struct figure_canvas *canvas, const struct view *view, const struct panel *panel,
                      double top, double height)
{
    for (unsigned i = 0; i < panel->line_count; i++) {
        const struct line *line = &panel->lines[i];
        double x = view->left + place_of(view, line->at), y = top + 4 + ROW_HEIGHT * line->row;
        GString *quoted = g_string_new(NULL);
        script_append_string(quoted, line->told);
        script_append(canvas,
                      "set arrow from screen %.4f, screen %.4f to screen %.4f, screen %.4f nohead lc rgb "
                      "'#777777' lw 0.8 dt (4,3) back",
                      x / canvas->width, (top - height) / canvas->height, x / canvas->width,
                      (y + ROW_HEIGHT - 4) / canvas->height);
        script_append(canvas, "set label %s at screen %.4f, screen %.4f left front tc rgb '#333333'",
                      quoted->str, (x + 4) / canvas->width, (y + ROW_HEIGHT / 2.0 - 1) / canvas->height);
        g_string_free(quoted, TRUE);
    }
}

static bool is_drawn(const struct view *view, enum mark mark)
{
    for (unsigned p = 0; p < view->count; p++)
        if (view->panels[p].packets[mark]->len > 0)
            return true;
    return false;
}

/* Entries of the legend; returns how many. */
static unsigned find_legend(const struct view *view, struct legend_entry entries[MARK_COUNT])
{
    unsigned count = 0;

    for (unsigned mark = 0; mark < MARK_COUNT; mark++)
        if (is_drawn(view, (enum mark)mark))
            entries[count++] =
                (struct legend_entry){marks[mark].name, LEGEND_POINTS, STYLES_BEFORE + 1 + mark, NULL};
    return count;
}

/* Few packets have room for larger marks. */
static double enlargement(const struct view *view)
{
    guint most = 0;
    for (unsigned p = 0; p < view->count; p++) {
        guint packets = 0;
        for (unsigned mark = 0; mark < MARK_COUNT; mark++)
            packets += view->panels[p].packets[mark]->len;
        most = MAX(most, packets);
    }
    return most <= 50 ? 1.6 : most <= 100 ? 1.3 : 1;
}

static void define_marks(struct figure_canvas *canvas, const struct view *view)
{
    for (unsigned mark = 0; mark < MARK_COUNT; mark++)
        script_append(canvas, "set style line %u %s ps %g * point_size", STYLES_BEFORE + 1 + mark,
                      marks[mark].style, marks[mark].size * enlargement(view));
}

/* Free with g_free. */
static char *heading(const struct view *view)
{
    size_t row = view->panels[0].row;
    const char *from = handovers_text(view->handovers, row, COLUMN_FROM_LINK),
               *to = handovers_text(view->handovers, row, COLUMN_TO_LINK);
    const char *ways[2] = {view->other, view->node};

    return g_strdup_printf("%s, from %s to %s; %s goes from %s to %s", view->flow, ways[!view->to_node],
                           ways[view->to_node], view->node, *from ? from : "nowhere", *to ? to : "nowhere");
}

/* "10 ms" for 10ms. */
static void append_level(GString *text, const char *level)
{
    double value;
    size_t digits = strspn(level, "-0123456789.");
    bool duration = figure_level_value(level, &value) == SCALE_DURATION && g_ascii_isalpha(level[digits]);

    g_string_append_len(text, level, (gssize)digits);
    g_string_append_printf(text, "%s%s", duration ? " " : "", level + digits);
}

/* What the sweep has set besides the method; NULL: nothing. Free with g_free. */
static char *held(const struct view *view)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < view->handovers->dimensions->len; i++) {
        const struct dimension *dimension = view->handovers->dimensions->pdata[i];
        if (dimension->kind != DIMENSION_AXIS || dimension->levels->len < 2)
            continue;
        char *label = figure_axis_label(dimension->name, view->task->options);
        if (text->len > 0)
            figure_label_lower(label);
        g_string_append_printf(text, "%s%s: ", text->len > 0 ? "; " : "", label);
        append_level(text, dimension->levels->pdata[dimension->of_row[view->panels[0].row]]);
        g_free(label);
    }
    return g_string_free(text, text->len == 0);
}

static void draw(struct view *view)
{
    struct figure_canvas *canvas = view->task->canvas;
    struct legend_entry entries[MARK_COUNT];
    unsigned count = find_legend(view, entries);
    double tic = script_tic_step(view->top, 4);

    name_lines(view, canvas->height > 0);
    view->left = 24 + script_tic_width(0, view->top * 1.1, tic) + 12;
    find_width(view);
    for (unsigned p = 0; p < view->count; p++)
        place_lines(view, &view->panels[p]);
    char *over = heading(view), *under = held(view);
    double legend = script_legend_height(canvas, entries, count), head = 22;
    head += (under == NULL ? 0 : 18) + (view->key == NULL ? 0 : 18);
    double labels = view->label_rows * ROW_HEIGHT + 4.0, height = PANEL_HEIGHT;
    double others = legend + head + MARGIN_BOTTOM + view->count * (TITLE_HEIGHT + labels + PANEL_GAP);
    if (canvas->height > 0)
        height = fmax((canvas->height - others) / view->count, 20);
    else
        canvas->height = others + view->count * height;
    double step = TITLE_HEIGHT + labels + height + PANEL_GAP, middle = view->left + view->width / 2;

    define_marks(canvas, view);
    script_put_legend(canvas, entries, count);
    double top = canvas->height - legend;
    script_put_text(canvas, over, canvas->width / 2, top - 10);
    if (under != NULL)
        script_put_text(canvas, under, canvas->width / 2, top - 28);
    if (view->key != NULL)
        script_put_text(canvas, view->key, canvas->width / 2, top - (under == NULL ? 28 : 46));
    g_free(over);
    g_free(under);
    bool down = !isnan(view->handovers->numbers[COLUMN_LINK_DOWN][view->panels[0].row]);
    char *label =
        g_strdup_printf("Sent, time since the link %s (%s)", down ? "went down" : "came up", view->unit);
    script_put_text(canvas, label, middle, 11);
    g_free(label);
    script_put_side_text(canvas, "Delay (ms)", 11, MARGIN_BOTTOM + view->count * step / 2 - labels / 2,
                         canvas->height);
    script_append(canvas, "set border 3 lw 0.8; set grid ytics lt 1 lc rgb '#dddddd' lw 0.6; set grid back");
    script_append(canvas, "set xrange [%.10g:%.10g]; set yrange [%.6g:%.6g]", view->from, view->to,
                  -RUG * view->top, view->top * 1.1);
    /* Delays begin at 0: what is below is where those are that have none. */
    script_append(canvas, "set ytics out nomirror scale tic_scale 0, %.10g; set format y '%%g'", tic);
    for (unsigned p = 0; p < view->count; p++) {
        const struct panel *panel = &view->panels[p];
        top = canvas->height - legend - head - p * step - TITLE_HEIGHT - labels;
        script_set_margins(canvas, view->left, view->left + view->width, top - height, top);
        script_append(canvas,
                      "set xtics out nomirror scale tic_scale offset 0,tic_shift %.10g; set format x '%s'",
                      script_tic_step(view->to - view->from, script_tics_across(view->width, view->to)),
                      p + 1 == view->count ? "%g" : "");
        script_put_text(canvas,
                        figure_method_name(handovers_text(view->handovers, panel->row, COLUMN_AUTHORIZATION)),
                        middle, top + labels + TITLE_HEIGHT / 2.0);
        put_lines(canvas, view, panel, top, height);
        put_packets(canvas, view, panel);
        script_append(canvas, "unset label; unset arrow");
    }
}

static void clear(struct view *view)
{
    g_free(view->key);
    for (unsigned p = 0; p < view->count; p++) {
        for (unsigned mark = 0; mark < MARK_COUNT; mark++)
            if (view->panels[p].packets[mark])
                g_array_unref(view->panels[p].packets[mark]);
        for (unsigned i = 0; i < view->panels[p].line_count; i++) {
            g_free(view->panels[p].lines[i].name);
            g_free(view->panels[p].lines[i].told);
        }
    }
}

static bool has_columns(const struct csv_table *packets, GError **error)
{
    static const char *const columns[] = {"point", "replication", "flow",  "from", "to",
                                          "sent",  "sequence",    "delay", "fate", "path"};

    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++)
        if (csv_table_column(packets, columns[i]) < 0) {
            g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT, "%s:1: there is no column '%s'", packets->path,
                        columns[i]);
            return false;
        }
    return true;
}

bool figure_handover(struct figure_task *task, GError **error)
{
    struct view view = {.task = task, .handovers = figure_results_handovers(task->results)};
    GError *why = NULL;
    size_t base = 0;

    view.packets = figure_results_table(task->results, TABLE_PACKETS, &why);
    if (why != NULL) {
        g_propagate_error(error, why);
        return false;
    }
    if (view.packets == NULL)
        return nothing(&view,
                       "the results have no packets: say 'packets = FLOW' in the scenario's [output], and "
                       "run it again");
    if (!has_columns(view.packets, error))
        return false;
    if (view.handovers->count == 0)
        return nothing(&view, "no mobile node moved");
    if (!find_node(&view) || !find_base(&view, &base))
        return false;
    find_panels(&view, base);
    bool good = find_times(&view) && take_packets(&view);
    if (good) {
        choose_unit(&view);
        find_lines(&view);
        draw(&view);
    }
    clear(&view);
    return good;
}
