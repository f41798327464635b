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

/* What is behind the number: "km/h" of "36km/h". NULL: it does not begin with one. */
static const char *level_unit(const char *level)
{
    char *end;
    double value = g_ascii_strtod(level, &end);

    return end == level || !isfinite(value) ? NULL : end + strspn(end, " ");
}

/* "0" goes with durations too. Other units only with themselves. */
static enum scale_kind dimension_scale(const struct dimension *dimension)
{
    bool numbers = true, durations = true;
    double value;

    if (dimension->kind != DIMENSION_AXIS || dimension->levels->len == 0)
        return SCALE_CATEGORY;
    const char *first = level_unit(dimension->levels->pdata[0]);
    for (guint i = 0; i < dimension->levels->len; i++) {
        const char *level = dimension->levels->pdata[i], *unit = level_unit(level);
        enum scale_kind kind = figure_level_value(level, &value);
        numbers = numbers && unit != NULL && g_strcmp0(unit, first) == 0;
        durations =
            durations && (kind == SCALE_DURATION || (kind == SCALE_NUMBER && value <= 0 && value >= 0));
    }
    if (numbers && first != NULL && *first == '\0')
        return SCALE_NUMBER;
    return durations ? SCALE_DURATION : numbers ? SCALE_NUMBER : SCALE_CATEGORY;
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
    const struct dimension *dimension = plan->rows->dimensions->pdata[index];
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
    if (axis->kind == SCALE_DURATION)
        axis->unit = g_strdup(axis_unit(fmax(places[axis->count - 1].value, -places[0].value), &scale));
    else
        axis->unit = g_strdup(axis->kind == SCALE_NUMBER ? level_unit(dimension->levels->pdata[0]) : "");
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
    g_free(axis->unit);
    g_free(axis);
}

/* Has one level wherever `of` has one: it tells nothing that the other does not. */
static bool follows(const struct figure_rows *rows, guint dimension, guint of)
{
    const struct dimension *leader = rows->dimensions->pdata[of];
    uint32_t *seen = g_new(uint32_t, leader->levels->len + 1);
    bool same = true;

    memset(seen, 0xff, sizeof(*seen) * (leader->levels->len + 1));
    for (guint g = 0; same && g < rows->groups->len; g++) {
        const struct group *group = rows->groups->pdata[g];
        uint32_t *known = &seen[group->levels[of]];
        same = *known == UINT32_MAX || *known == group->levels[dimension];
        *known = group->levels[dimension];
    }
    g_free(seen);
    return same;
}

/* Is the axis but another name of the method? */
static bool is_the_method(const struct figure_rows *rows, guint axis)
{
    for (guint i = 0; i < rows->dimensions->len; i++) {
        const struct dimension *dimension = rows->dimensions->pdata[i];
        if (dimension->kind == DIMENSION_METHOD)
            return follows(rows, i, axis) && follows(rows, axis, i);
    }
    return false;
}

/* The best axis of a kind that is neither taken nor follows what is; -1: none. first: not the longest. */
static int choose_axis(const struct figure_rows *rows, enum scale_kind least, int taken, bool first)
{
    int best = -1;
    enum scale_kind best_kind = SCALE_CATEGORY;
    guint best_count = 1;

    for (guint i = 0; i < rows->dimensions->len; i++) {
        const struct dimension *dimension = rows->dimensions->pdata[i];
        enum scale_kind kind = dimension_scale(dimension);
        if (dimension->kind != DIMENSION_AXIS || (int)i == taken || dimension->levels->len < 2 ||
            kind < least || (taken >= 0 && follows(rows, i, (guint)taken)) || is_the_method(rows, i))
            continue;
        if (best < 0 ||
            (!first && (kind > best_kind || (kind == best_kind && dimension->levels->len > best_count)))) {
            best = (int)i;
            best_kind = kind;
            best_count = dimension->levels->len;
        }
    }
    return best;
}

/* The offset: -1: there is none. */
static int choose_offset(const struct figure_rows *rows)
{
    for (guint i = 0; i < rows->dimensions->len; i++) {
        const struct dimension *dimension = rows->dimensions->pdata[i];
        bool negative = false;
        for (guint level = 0; level < dimension->levels->len; level++)
            negative |= *(const char *)dimension->levels->pdata[level] == '-';
        if (negative && dimension_scale(dimension) == SCALE_DURATION)
            return (int)i;
    }
    return -1;
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

static char *series_name(const struct figure_plan *plan, const uint32_t *levels,
                         const struct figure_options *options)
{
    GString *name = g_string_new(NULL);
    const GPtrArray *dimensions = plan->rows->dimensions;

    for (guint i = 0; i < dimensions->len; i++) {
        const struct dimension *dimension = dimensions->pdata[i];
        const char *level = dimension->levels->pdata[levels[i]];
        if (plan->ignored[i])
            continue;
        if (dimension->kind == DIMENSION_METHOD)
            g_string_prepend(name, figure_method_name(level));
        else if (dimension->kind == DIMENSION_MOVE)
            g_string_append_printf(name, ", %s", level);
        else if (dimension->kind == DIMENSION_HOME)
            g_string_append_printf(name, "%s%s", *level ? ", as " : "", level);
        else if (dimension->levels->len > 1) {
            char *label = figure_axis_label(dimension->name, options);
            figure_label_lower(label);
            g_string_append_printf(name, ", %s %s", label, level);
            g_free(label);
        }
    }
    if (g_str_has_prefix(name->str, ", ")) /* no method */
        g_string_erase(name, 0, 2);
    return g_string_free(name, FALSE);
}

static bool same_series(const struct figure_plan *plan, const uint32_t *a, const uint32_t *b)
{
    for (guint i = 0; i < plan->rows->dimensions->len; i++)
        if (!plan->ignored[i] && a[i] != b[i])
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

static bool is_placed(const struct figure_plan *plan, guint dimension)
{
    return (plan->x != NULL && plan->x->dimension == dimension) ||
           (plan->panels != NULL && plan->panels->dimension == dimension);
}

/* What tells the plan's groups apart, as text. Free with g_free. */
static char *group_key(const struct figure_plan *plan, const uint32_t *levels)
{
    GString *key = g_string_new(NULL);

    for (guint i = 0; i < plan->rows->dimensions->len; i++)
        if (!plan->ignored[i] || is_placed(plan, i))
            g_string_append_printf(key, "%u ", levels[i]);
    return g_string_free(key, FALSE);
}

static int compare_rows(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;

    return (left > right) - (left < right);
}

static void group_free(void *data)
{
    struct group *group = data;

    g_free(group->levels);
    g_array_unref(group->rows);
    g_free(group);
}

/* Groups that differ in nothing but what is ignored are one. */
static void find_groups(struct figure_plan *plan)
{
    const GPtrArray *groups = plan->rows->groups;
    guint dimensions = plan->rows->dimensions->len;

    g_ptr_array_set_size(plan->groups, 0);
    g_hash_table_remove_all(plan->by_key);
    for (guint g = 0; g < groups->len; g++) {
        const struct group *part = groups->pdata[g];
        char *key = group_key(plan, part->levels);
        struct group *group = g_hash_table_lookup(plan->by_key, key);
        if (group == NULL) {
            group = g_new0(struct group, 1);
            group->levels = g_memdup2(part->levels, sizeof(*part->levels) * dimensions);
            group->rows = g_array_new(FALSE, FALSE, sizeof(size_t));
            g_ptr_array_add(plan->groups, group);
            g_hash_table_insert(plan->by_key, g_strdup(key), group);
        }
        g_array_append_vals(group->rows, part->rows->data, part->rows->len);
        g_free(key);
    }
    for (guint g = 0; g < plan->groups->len; g++)
        g_array_sort(((struct group *)plan->groups->pdata[g])->rows, compare_rows);
}

static void find_series(struct figure_plan *plan)
{
    find_groups(plan);
    g_ptr_array_set_size(plan->series, 0);
    for (guint g = 0; g < plan->groups->len; g++) {
        const struct group *group = plan->groups->pdata[g];
        bool known = false;
        for (guint i = 0; i < plan->series->len && !known; i++) {
            const struct figure_series *other = plan->series->pdata[i];
            known = same_series(plan, other->levels, group->levels);
        }
        if (known)
            continue;
        struct figure_series *series = g_new0(struct figure_series, 1);
        series->levels = g_memdup2(group->levels, sizeof(*series->levels) * plan->rows->dimensions->len);
        series->name = series_name(plan, group->levels, plan->options);
        g_ptr_array_add(plan->series, series);
    }
}

/* Has any of its rows a value? */
static bool has_values(const struct figure_plan *plan, const struct figure_series *series,
                       double *const *values, unsigned count)
{
    for (guint g = 0; g < plan->groups->len; g++) {
        const struct group *group = plan->groups->pdata[g];
        if (!same_series(plan, series->levels, group->levels))
            continue;
        for (guint i = 0; i < group->rows->len; i++)
            for (unsigned k = 0; k < count; k++)
                if (!isnan(values[k][g_array_index(group->rows, size_t, i)]))
                    return true;
    }
    return false;
}

static void drop_empty(struct figure_plan *plan, double *const *values, unsigned count)
{
    for (guint i = 0; i < plan->series->len;)
        if (has_values(plan, plan->series->pdata[i], values, count))
            i++;
        else
            g_ptr_array_remove_index(plan->series, i);
}

/* Moves (or flows, ...) are the first that need not be told apart. NULL: they are not. */
static const struct dimension *put_together(struct figure_plan *plan)
{
    for (guint i = 0; i < plan->rows->dimensions->len; i++) {
        const struct dimension *dimension = plan->rows->dimensions->pdata[i];
        if (dimension->kind == DIMENSION_MOVE && dimension->levels->len > 1 && !plan->ignored[i]) {
            plan->ignored[i] = true;
            return dimension;
        }
    }
    return NULL;
}

void figure_plan_select(struct figure_plan *plan, double *const *values, unsigned count)
{
    drop_empty(plan, values, count);
    if (plan->series->len > FIGURE_SERIES_MAX) {
        plan->together = put_together(plan);
        if (plan->together != NULL) {
            find_series(plan);
            drop_empty(plan, values, count);
        }
    }
    if (plan->series->len > FIGURE_SERIES_MAX) {
        plan->series_left_out = plan->series->len - FIGURE_SERIES_MAX;
        g_ptr_array_set_size(plan->series, FIGURE_SERIES_MAX);
    }
}

/* What is across, in panels, or changes with one of those, tells no series apart; nor do moves beside an
 * offset. */
static void find_ignored(struct figure_plan *plan, enum plan_kind kind)
{
    const struct figure_axis *const placed[] = {plan->x, plan->panels};

    plan->ignored = g_new0(bool, plan->rows->dimensions->len + 1);
    for (guint i = 0; i < plan->rows->dimensions->len; i++) {
        const struct dimension *dimension = plan->rows->dimensions->pdata[i];
        plan->ignored[i] = (kind == PLAN_OFFSET && dimension->kind == DIMENSION_MOVE) ||
                           (dimension->kind == DIMENSION_AXIS && is_the_method(plan->rows, i));
        for (unsigned k = 0; k < G_N_ELEMENTS(placed); k++)
            if (placed[k] != NULL &&
                (placed[k]->dimension == i ||
                 (dimension->kind == DIMENSION_AXIS && follows(plan->rows, i, placed[k]->dimension))))
                plan->ignored[i] = true;
    }
}

struct figure_plan *figure_plan_new(const struct figure_rows *rows, enum plan_kind kind,
                                    const struct figure_options *options)
{
    int x =
        kind == PLAN_OFFSET ? choose_offset(rows) : choose_axis(rows, SCALE_CATEGORY, -1, kind == PLAN_FIRST);
    if (x < 0 && kind == PLAN_OFFSET)
        return NULL;
    struct figure_plan *plan = figure_plan_new_empty();
    plan->rows = rows;
    plan->options = options;
    int panels = x < 0 || kind == PLAN_OFFSET
                     ? -1
                     : choose_axis(rows, kind == PLAN_LONGEST ? SCALE_NUMBER : SCALE_CATEGORY, x, false);
    if (x >= 0)
        plan->x = axis_new(plan, (unsigned)x, options);
    if (panels >= 0)
        plan->panels = axis_new(plan, (unsigned)panels, options);
    find_ignored(plan, kind);
    find_series(plan);
    return plan;
}

void figure_plan_rows(const struct figure_plan *plan, const struct figure_series *series, unsigned x,
                      GArray *rows)
{
    for (guint g = 0; g < plan->groups->len; g++) {
        const struct group *group = plan->groups->pdata[g];
        if (same_series(plan, series->levels, group->levels) &&
            (plan->x == NULL || group->levels[plan->x->dimension] == plan->x->levels[x]))
            g_array_append_vals(rows, group->rows->data, group->rows->len);
    }
}

struct figure_plan *figure_plan_new_empty(void)
{
    struct figure_plan *plan = g_new0(struct figure_plan, 1);
    plan->series = g_ptr_array_new_with_free_func(series_free);
    plan->groups = g_ptr_array_new_with_free_func(group_free);
    plan->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return plan;
}

void figure_plan_note(const struct figure_plan *plan, GString *note)
{
    if (plan->together != NULL)
        g_string_append_printf(note,
                               "rows that differ by %s alone are put together: more than %u series cannot be "
                               "told apart\n",
                               plan->together->name, FIGURE_SERIES_MAX);
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
    g_ptr_array_free(plan->groups, TRUE);
    g_hash_table_destroy(plan->by_key);
    g_free(plan->ignored);
    g_free(plan);
}

const struct group *figure_plan_group(const struct figure_plan *plan, const struct figure_series *series,
                                      unsigned x, unsigned panel)
{
    uint32_t *levels = g_memdup2(series->levels, sizeof(*series->levels) * plan->rows->dimensions->len);

    if (plan->x != NULL)
        levels[plan->x->dimension] = plan->x->levels[x];
    if (plan->panels != NULL)
        levels[plan->panels->dimension] = plan->panels->levels[panel];
    char *key = group_key(plan, levels);
    const struct group *group = g_hash_table_lookup(plan->by_key, key);
    g_free(key);
    g_free(levels);
    return group;
}

struct legend_entry *figure_plan_legend(const struct figure_plan *plan, enum legend_sample sample)
{
    struct legend_entry *entries = g_new0(struct legend_entry, plan->series->len + 1);

    for (guint i = 0; i < plan->series->len; i++) {
        const struct figure_series *series = plan->series->pdata[i];
        entries[i] = (struct legend_entry){series->name, sample, i + 1, script_fill_of_series(i)};
    }
    return entries;
}

char *figure_label_with_unit(const char *label, const char *unit)
{
    return *unit == '\0' ? g_strdup(label) : g_strdup_printf("%s (%s)", label, unit);
}

const char *figure_duration_unit(double most, double *scale)
{
    *scale = most >= 10 ? 1 : most < 1e-3 && most > 0 ? 1e6 : 1e3;
    return most >= 10 ? "s" : most < 1e-3 && most > 0 ? "µs" : "ms";
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
