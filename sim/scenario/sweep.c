/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep.c - the points of a sweep, and the reading of a scenario with all of them tried.
 *
 * A mistake at one point (a start link that does not exist, an address given twice) is to be found before
 * anything runs. Every point is built once for that; of very many points only those that differ from the
 * first in one axis, which has every value tried, though not every combination.
 */
#include "sim/scenario/build.h"

#define POINTS_TRIED 4096

uint32_t scenario_point_count(const struct scenario *scenario)
{
    uint32_t points = 1;
    for (uint32_t i = 0; i < scenario->axis_count; i++)
        points *= scenario->axes[i].zipped ? 1 : scenario->axes[i].value_count;
    return points;
}

void scenario_point(const struct scenario *scenario, uint32_t point, struct scenario_setting *settings)
{
    for (uint32_t i = scenario->axis_count; i-- > 0;) {
        const struct scenario_axis *axis = &scenario->axes[i];
        settings[i] =
            (struct scenario_setting){axis->section, axis->key, axis->values[point % axis->value_count]};
        if (!axis->zipped) /* those behind it that go along with it have had the same digit */
            point /= axis->value_count;
    }
}

static void try_point(const struct scenario_source *source, const struct scenario_setting *settings,
                      uint32_t setting_count, struct scenario_messages *messages)
{
    scenario_free(scenario_build(source, settings, setting_count, messages));
}

static void try_points(const struct scenario_source *source, const struct scenario *scenario,
                       struct scenario_messages *messages)
{
    uint32_t points = scenario_point_count(scenario);
    struct scenario_setting *settings = g_new(struct scenario_setting, scenario->axis_count + 1);
    if (points <= POINTS_TRIED) {
        for (uint32_t point = 0; point < points; point++) {
            scenario_point(scenario, point, settings);
            try_point(source, settings, scenario->axis_count, messages);
        }
    } else {
        for (uint32_t i = 0; i < scenario->axis_count; i++) {
            for (uint32_t j = 0; !scenario->axes[i].zipped && j < scenario->axes[i].value_count; j++) {
                scenario_point(scenario, 0, settings);
                settings[i].value = scenario->axes[i].values[j];
                for (uint32_t k = i + 1; k < scenario->axis_count && scenario->axes[k].zipped; k++)
                    settings[k].value = scenario->axes[k].values[j];
                try_point(source, settings, scenario->axis_count, messages);
            }
        }
    }
    g_free(settings);
}

/* A key may be written in the sweep alone, so what is judged is the first point; the axes are known even
 * where the plain file is wrong without their values. */
static struct scenario *build_first_point(const struct scenario_source *source,
                                          struct scenario_messages *messages)
{
    struct scenario_messages *ignored = scenario_messages_new();
    struct scenario *plain = build_scenario(source, NULL, 0, ignored);
    struct scenario_setting *settings = g_new(struct scenario_setting, plain->axis_count + 1);
    scenario_point(plain, 0, settings);
    struct scenario *first = scenario_build(source, settings, plain->axis_count, messages);
    g_free(settings);
    scenario_free(plain);
    scenario_messages_free(ignored);
    return first;
}

struct scenario *scenario_read(const char *path, const char *const *set, struct scenario_source **source,
                               struct scenario_messages *messages)
{
    *source = scenario_source_read(path, set, messages);
    struct scenario *scenario = *source ? build_first_point(*source, messages) : NULL;
    if (scenario && scenario->axis_count)
        try_points(*source, scenario, messages);
    if (scenario_messages_count(messages) == 0)
        return scenario;
    scenario_free(scenario);
    scenario_source_free(*source);
    *source = NULL;
    return NULL;
}
