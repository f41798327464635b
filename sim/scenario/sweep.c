/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep.c - the points of a sweep, and the reading of a scenario with all of them tried.
 *
 * A mistake at one point (a start link that does not exist, an address given twice) is to be found before
 * anything runs. Every point is built once for that; of very many points only the first with each value of
 * each axis: every value is tried, though not every combination, and if there are very many values the first
 * of them.
 */
#include "sim/scenario/build.h"

#define POINTS_TRIED 4096

/* How many combinations of the axes' values there are. */
static uint32_t count_combinations(const struct scenario *scenario)
{
    uint32_t count = 1;
    for (uint32_t i = 0; i < scenario->axis_count; i++)
        count *= scenario->axes[i].zipped ? 1 : scenario->axes[i].value_count;
    return count;
}

/* Which value of each axis a combination has. */
static void find_values(const struct scenario *scenario, uint32_t combination, uint32_t *values)
{
    for (uint32_t i = scenario->axis_count; i-- > 0;) {
        const struct scenario_axis *axis = &scenario->axes[i];
        values[i] = combination % axis->value_count;
        if (!axis->zipped) /* those behind it that go along with it have had the same digit */
            combination /= axis->value_count;
    }
}

static bool exception_holds(const struct scenario *scenario, const struct scenario_exception *exception,
                            const uint32_t *values)
{
    if (exception->axis == SCENARIO_NONE)
        return exception->holds[0];
    if (exception->other == SCENARIO_NONE)
        return exception->holds[values[exception->axis]];
    size_t others = scenario->axes[exception->other].value_count;
    return exception->holds[values[exception->axis] * others + values[exception->other]];
}

static bool is_left_out(const struct scenario *scenario, const uint32_t *values)
{
    bool all = false;
    for (uint32_t i = 0; i < scenario->exception_count; i++) {
        const struct scenario_exception *exception = &scenario->exceptions[i];
        if (exception->alternative && all)
            return true;
        all = (exception->alternative || all) && exception_holds(scenario, exception, values);
    }
    return all;
}

bool build_points(struct scenario *scenario, struct scenario_messages *messages)
{
    if (scenario->exception_count == 0)
        return true;
    uint32_t combinations = count_combinations(scenario), count = 0;
    uint32_t *values = g_new(uint32_t, scenario->axis_count + 1), *points = g_new(uint32_t, combinations);
    for (uint32_t i = 0; i < combinations; i++) {
        find_values(scenario, i, values);
        if (!is_left_out(scenario, values))
            points[count++] = i;
    }
    g_free(values);
    g_ptr_array_add(scenario->storage->blocks, points);
    scenario->points = points;
    scenario->point_count = count;
    if (count == 0)
        scenario_error(messages, &scenario->exceptions[0].place, "sweep", "except", "it leaves no point");
    return count > 0;
}

uint32_t scenario_point_count(const struct scenario *scenario)
{
    return scenario->points ? scenario->point_count : count_combinations(scenario);
}

static void find_point(const struct scenario *scenario, uint32_t point, uint32_t *values)
{
    find_values(scenario, scenario->points ? scenario->points[point] : point, values);
}

void scenario_point(const struct scenario *scenario, uint32_t point, struct scenario_setting *settings)
{
    uint32_t few[16];
    uint32_t *values =
        scenario->axis_count <= G_N_ELEMENTS(few) ? few : g_new(uint32_t, scenario->axis_count);
    find_point(scenario, point, values);
    for (uint32_t i = 0; i < scenario->axis_count; i++) {
        const struct scenario_axis *axis = &scenario->axes[i];
        settings[i] = (struct scenario_setting){axis->section, axis->key, axis->values[values[i]]};
    }
    if (values != few)
        g_free(values);
}

/* Has the point a value of any axis that no point before it has had? */
static bool shows_something(const struct scenario *scenario, const uint32_t *values, bool **seen)
{
    bool shows = false;
    for (uint32_t i = 0; i < scenario->axis_count; i++) {
        shows |= !seen[i][values[i]];
        seen[i][values[i]] = true;
    }
    return shows;
}

static void try_points(const struct scenario_source *source, const struct scenario *scenario,
                       struct scenario_messages *messages)
{
    uint32_t points = scenario_point_count(scenario);
    struct scenario_setting *settings = g_new(struct scenario_setting, scenario->axis_count + 1);
    uint32_t *values = g_new(uint32_t, scenario->axis_count + 1);
    bool **seen = g_new0(bool *, scenario->axis_count + 1);
    for (uint32_t i = 0; i < scenario->axis_count; i++)
        seen[i] = g_new0(bool, scenario->axes[i].value_count);
    for (uint32_t point = 0, tried = 0; point < points && tried < POINTS_TRIED; point++) {
        find_point(scenario, point, values);
        if (!shows_something(scenario, values, seen) && points > POINTS_TRIED)
            continue;
        scenario_point(scenario, point, settings);
        scenario_free(scenario_build_point(source, scenario, settings, messages));
        tried++;
    }
    for (uint32_t i = 0; i < scenario->axis_count; i++)
        g_free(seen[i]);
    g_free(seen);
    g_free(values);
    g_free(settings);
}

/* A key may be written in the sweep alone, so what is judged is the first point; the axes are known even
 * where the plain file is wrong without their values. */
static struct scenario *build_first_point(const struct scenario_source *source,
                                          struct scenario_messages *messages)
{
    struct scenario_messages *ignored = scenario_messages_new();
    struct scenario *plain = build_scenario(source, NULL, NULL, 0, ignored);
    struct scenario_setting *settings = g_new(struct scenario_setting, plain->axis_count + 1);
    struct scenario *first = NULL;
    if (build_points(plain, messages)) {
        scenario_point(plain, 0, settings);
        first = scenario_build(source, settings, plain->axis_count, messages);
    }
    if (first)
        build_points(first, messages);
    g_free(settings);
    scenario_free(plain);
    scenario_messages_free(ignored);
    return first;
}

struct scenario *scenario_read(const char *path, const char *const *set, struct scenario_source **source,
                               struct scenario_messages *messages)
{
    *source = scenario_source_read(path, set, messages);
    /* What only half is there has many mistakes that are none. */
    bool whole = *source && !(*source)->incomplete;
    struct scenario *scenario = whole ? build_first_point(*source, messages) : NULL;
    if (scenario && scenario->axis_count)
        try_points(*source, scenario, messages);
    if (scenario_messages_count(messages) == 0)
        return scenario;
    scenario_free(scenario);
    scenario_source_free(*source);
    *source = NULL;
    return NULL;
}
