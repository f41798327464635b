/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_plan.c - see figure_plan.h.
 *
 * Values of an axis are sorted, since a sweep may name them in any order; the level of a dimension stays
 * what it is, a number in order of appearance, so a table translates places on the axis into levels.
 */
#include "sim/output/figure_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/duration.h"

/* -- reading levels as values -- */

/* Seconds, or a plain number, or nothing. */
enum scale_kind figure_level_value(const char *level, double *value)
{
    time_ns duration;
    char *end;

    *value = g_ascii_strtod(level, &end);
    if (end != level && *end == '\0' && isfinite(*value))
        return SCALE_NUMBER;
    if (end != level && strcmp(end, "%") == 0)
        return SCALE_NUMBER;
    bool negative = *level == '-';
    if (!duration_parse(level + negative, &duration, NULL) || duration == TIME_NEVER)
        return SCALE_CATEGORY;
    *value = (double)(negative ? -duration : duration) / 1e9;
    return SCALE_DURATION;
}

/* "0" goes with durations too. Numbers and per cents do not mix. */
static enum scale_kind dimension_scale(const struct dimension *dimension)
{
    bool numbers = true, durations = true;
    unsigned per_cents = 0;
    double value;

    if (dimension->kind != DIMENSION_AXIS)
        return SCALE_CATEGORY;
    for (guint i = 0; i < dimension->levels->len; i++) {
        const char *level = dimension->levels->pdata[i];
        enum scale_kind kind = figure_level_value(level, &value);
        numbers = numbers && kind == SCALE_NUMBER;
        durations =
            durations && (kind == SCALE_DURATION || (kind == SCALE_NUMBER && value <= 0 && value >= 0));
        per_cents += g_str_has_suffix(level, "%") ? 1 : 0;
    }
    if (numbers && (per_cents == 0 || per_cents == dimension->levels->len))
        return SCALE_NUMBER;
    return durations ? SCALE_DURATION : SCALE_CATEGORY;
}

/* -- axes -- */

struct place {
    uint32_t level;
    double value;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *first = a, *second = b;

    if (first->value < second->value || first->value > second->value)
        return first->value < second->value ? -1 : 1;
    return (first->level > second->level) - (first->level < second->level);
}

/* "point-to-point ha-core / delay" is the "Delay of ha-core": the kind of section helps nobody in a
 * picture. */
char *figure_axis_label(const char *name, const struct figure_options *options)
{
    const char *given = options->labels == NULL ? NULL : g_hash_table_lookup(options->labels, name);
    const char *key = strstr(name, " / ");

    if (given != NULL)
        return g_strdup(given);
    if (key == NULL)
        return g_strdup(name);
    char *section = g_strndup(name, (gsize)(key - name));
    const char *blank = strchr(section, ' ');
    char *label = strcmp(section, "parameters") == 0
                      ? g_strdup(key + 3)
                      : g_strdup_printf("%s of %s", key + 3, blank == NULL ? section : blank + 1);
    label[0] = g_ascii_toupper(label[0]);
    for (char *c = label; c < label + strlen(key + 3); c++)
        if (*c == '-')
            *c = ' ';
    g_free(section);
    return label;
}

/* The unit in which the largest value is at least 1. */
static const char *axis_unit(double largest, double *scale)
{
    static const struct {
        const char *name;
        double scale;
    } units[] = {{"s", 1}, {"ms", 1e3}, {"µs", 1e6}};

    for (unsigned i = 0; i < G_N_ELEMENTS(units); i++)
        /* Delays of a second are told in milliseconds as well: next to others of a few. */
        if (largest >= (i == 0 ? 10 : 1 / units[i].scale)) {
            *scale = units[i].scale;
            return units[i].name;
        }
    *scale = 1e9;
    return "ns";
}

static struct figure_axis *axis_new(const struct figure_plan *plan, unsigned index,
                                    const struct figure_options *options)
{
    const struct dimension *dimension = plan->handovers->dimensions->pdata[index];
    struct figure_axis *axis = g_new0(struct figure_axis, 1);
    struct place *places = g_new0(struct place, dimension->levels->len);
    double scale = 1;

    axis->dimension = index;
    axis->kind = dimension_scale(dimension);
    axis->count = dimension->levels->len;
    axis->label = figure_axis_label(dimension->name, options);
    for (unsigned i = 0; i < axis->count; i++) {
        places[i].level = i;
        if (axis->kind == SCALE_CATEGORY)
            places[i].value = i + 1.0;
        else
            (void)figure_level_value(dimension->levels->pdata[i], &places[i].value);
    }
    qsort(places, axis->count, sizeof(*places), compare_places);
    axis->unit = "";
    if (axis->kind == SCALE_DURATION)
        axis->unit = axis_unit(fmax(places[axis->count - 1].value, -places[0].value), &scale);
    else if (axis->kind == SCALE_NUMBER && g_str_has_suffix(dimension->levels->pdata[0], "%"))
        axis->unit = "%";
    axis->levels = g_new0(uint32_t, axis->count);
    axis->values = g_new0(double, axis->count);
    axis->texts = g_new0(char *, axis->count + 1);
    for (unsigned i = 0; i < axis->count; i++) {
        axis->levels[i] = places[i].level;
        axis->values[i] = places[i].value * scale;
        axis->texts[i] = axis->kind == SCALE_CATEGORY ? g_strdup(dimension->levels->pdata[places[i].level])
                         : *axis->unit == '\0'        ? g_strdup_printf("%.10g", axis->values[i])
                                               : g_strdup_printf("%.10g %s", axis->values[i], axis->unit);
    }
    g_free(places);
    return axis;
}

static void axis_free(struct figure_axis *axis)
{
    if (axis == NULL)
        return;
    g_free(axis->levels);
    g_free(axis->values);
    g_strfreev(axis->texts);
    g_free(axis->label);
    g_free(axis);
}

/* The best axis of a kind that is not taken; -1: none. */
static int choose_axis(const struct handovers *handovers, enum scale_kind least, int taken)
{
    int best = -1;
    enum scale_kind best_kind = SCALE_CATEGORY;
    guint best_count = 1;

    for (guint i = 0; i < handovers->dimensions->len; i++) {
        const struct dimension *dimension = handovers->dimensions->pdata[i];
        enum scale_kind kind = dimension_scale(dimension);
        if (dimension->kind != DIMENSION_AXIS || (int)i == taken || dimension->levels->len < 2 ||
            kind < least)
            continue;
        if (best < 0 || kind > best_kind || (kind == best_kind && dimension->levels->len > best_count)) {
            best = (int)i;
            best_kind = kind;
            best_count = dimension->levels->len;
        }
    }
    return best;
}

/* -- series -- */

const char *figure_method_name(const char *method)
{
    if (strcmp(method, "return-routability") == 0)
        return "Return routability (RFC 6275)";
    if (strcmp(method, "static-key") == 0)
        return "Static key (RFC 4449)";
    return *method == '\0' ? "Home registration alone" : method;
}

static bool is_placed(const struct figure_plan *plan, unsigned dimension)
{
    const struct dimension *record = plan->handovers->dimensions->pdata[dimension];
    return (plan->any_move && record->kind == DIMENSION_MOVE) ||
           (plan->x != NULL && plan->x->dimension == dimension) ||
           (plan->panels != NULL && plan->panels->dimension == dimension);
}

static char *series_name(const struct figure_plan *plan, const uint32_t *levels,
                         const struct figure_options *options)
{
    GString *name = g_string_new(NULL);
    const struct handovers *handovers = plan->handovers;

    for (guint i = 0; i < handovers->dimensions->len; i++) {
        const struct dimension *dimension = handovers->dimensions->pdata[i];
        const char *level = dimension->levels->pdata[levels[i]];
        if (dimension->kind == DIMENSION_METHOD)
            g_string_prepend(name, figure_method_name(level));
        else if (dimension->kind == DIMENSION_MOVE && !plan->any_move)
            g_string_append_printf(name, ", %s", level);
        else if (dimension->kind == DIMENSION_HOME)
            g_string_append_printf(name, "%s%s", *level ? ", as " : "", level);
        else if (dimension->kind == DIMENSION_AXIS && !is_placed(plan, i) && dimension->levels->len > 1) {
            char *label = figure_axis_label(dimension->name, options);
            figure_label_lower(label);
            g_string_append_printf(name, ", %s %s", label, level);
            g_free(label);
        }
    }
    return g_string_free(name, FALSE);
}

static bool same_series(const struct figure_plan *plan, const uint32_t *a, const uint32_t *b)
{
    for (guint i = 0; i < plan->handovers->dimensions->len; i++)
        if (!is_placed(plan, i) && a[i] != b[i])
            return false;
    return true;
}

static void series_free(void *data)
{
    struct figure_series *series = data;

    g_free(series->levels);
    g_free(series->name);
    g_free(series);
}

static void find_series(struct figure_plan *plan, const struct figure_options *options)
{
    GPtrArray *groups = plan->handovers->groups;
    guint dimensions = plan->handovers->dimensions->len;

    for (guint g = 0; g < groups->len; g++) {
        const struct group *group = groups->pdata[g];
        bool known = false;
        for (guint i = 0; i < plan->series->len && !known; i++) {
            const struct figure_series *other = plan->series->pdata[i];
            known = same_series(plan, other->levels, group->levels);
        }
        if (known)
            continue;
        struct figure_series *series = g_new0(struct figure_series, 1);
        series->levels = g_memdup2(group->levels, sizeof(*series->levels) * dimensions);
        series->name = series_name(plan, group->levels, options);
        g_ptr_array_add(plan->series, series);
    }
    if (plan->series->len > FIGURE_SERIES_MAX) {
        plan->series_left_out = plan->series->len - FIGURE_SERIES_MAX;
        g_ptr_array_set_size(plan->series, FIGURE_SERIES_MAX);
    }
}

struct figure_plan *figure_plan_new(const struct handovers *handovers, const struct figure_options *options)
{
    struct figure_plan *plan = g_new0(struct figure_plan, 1);

    plan->handovers = handovers;
    plan->series = g_ptr_array_new_with_free_func(series_free);
    int x = choose_axis(handovers, SCALE_CATEGORY, -1);
    if (x >= 0) {
        plan->x = axis_new(plan, (unsigned)x, options);
        int panels = choose_axis(handovers, SCALE_NUMBER, x);
        if (panels >= 0)
            plan->panels = axis_new(plan, (unsigned)panels, options);
    }
    find_series(plan, options);
    return plan;
}

struct figure_plan *figure_plan_new_offset(const struct handovers *handovers,
                                           const struct figure_options *options)
{
    for (guint i = 0; i < handovers->dimensions->len; i++) {
        const struct dimension *dimension = handovers->dimensions->pdata[i];
        bool negative = false;
        for (guint level = 0; level < dimension->levels->len; level++)
            negative |= *(const char *)dimension->levels->pdata[level] == '-';
        if (!negative || dimension_scale(dimension) != SCALE_DURATION)
            continue;
        struct figure_plan *plan = g_new0(struct figure_plan, 1);
        plan->handovers = handovers;
        plan->any_move = true;
        plan->series = g_ptr_array_new_with_free_func(series_free);
        plan->x = axis_new(plan, i, options);
        find_series(plan, options);
        return plan;
    }
    return NULL;
}

void figure_plan_rows(const struct figure_plan *plan, const struct figure_series *series, unsigned x,
                      GArray *rows)
{
    GPtrArray *groups = plan->handovers->groups;

    for (guint g = 0; g < groups->len; g++) {
        const struct group *group = groups->pdata[g];
        if (same_series(plan, series->levels, group->levels) &&
            (plan->x == NULL || group->levels[plan->x->dimension] == plan->x->levels[x]))
            g_array_append_vals(rows, group->rows->data, group->rows->len);
    }
}

struct figure_plan *figure_plan_new_empty(void)
{
    struct figure_plan *plan = g_new0(struct figure_plan, 1);
    plan->series = g_ptr_array_new_with_free_func(series_free);
    return plan;
}

void figure_plan_note(const struct figure_plan *plan, GString *note)
{
    if (plan->series_left_out > 0)
        g_string_append_printf(note, "%u of %u series are left out: more than %u cannot be told apart\n",
                               plan->series_left_out, plan->series->len + plan->series_left_out,
                               FIGURE_SERIES_MAX);
}

void figure_plan_free(struct figure_plan *plan)
{
    axis_free(plan->x);
    axis_free(plan->panels);
    g_ptr_array_free(plan->series, TRUE);
    g_free(plan);
}

const struct group *figure_plan_group(const struct figure_plan *plan, const struct figure_series *series,
                                      unsigned x, unsigned panel)
{
    GPtrArray *groups = plan->handovers->groups;

    for (guint g = 0; g < groups->len; g++) {
        const struct group *group = groups->pdata[g];
        if (same_series(plan, series->levels, group->levels) &&
            (plan->x == NULL || group->levels[plan->x->dimension] == plan->x->levels[x]) &&
            (plan->panels == NULL || group->levels[plan->panels->dimension] == plan->panels->levels[panel]))
            return group;
    }
    return NULL;
}

void figure_label_lower(char *label)
{
    if (label[0] != '\0' && g_ascii_islower(label[1]))
        label[0] = g_ascii_tolower(label[0]);
}

unsigned figure_pick(unsigned count, unsigned most, unsigned *picked)
{
    unsigned n = count < most ? count : most;

    for (unsigned i = 0; i < n; i++)
        picked[i] = n == 1 ? 0 : (i * (count - 1) + (n - 1) / 2) / (n - 1);
    return n;
}
