/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * study.c - see study.h. All is copied: a study outlives the scenario that it was taken from.
 */
#include "sim/experiment/study.h"

#include <string.h>

#include "sim/experiment/run_result.h"

static void take_axes(struct study *study, const struct scenario *scenario)
{
    struct scenario_setting *settings = g_new0(struct scenario_setting, scenario->axis_count + 1);
    study->axis_count = scenario->axis_count;
    study->point_count = scenario_point_count(scenario);
    study->axes = g_new0(struct study_axis, study->axis_count + 1);
    study->values = g_new0(char *, (size_t)study->point_count * study->axis_count + 1);
    for (uint32_t i = 0; i < study->axis_count; i++) {
        study->axes[i].section = g_strdup(scenario->axes[i].section);
        study->axes[i].key = g_strdup(scenario->axes[i].key);
    }
    for (uint32_t point = 0; point < study->point_count; point++) {
        scenario_point(scenario, point, settings);
        for (uint32_t i = 0; i < study->axis_count; i++)
            study->values[(size_t)point * study->axis_count + i] = g_strdup(settings[i].value);
    }
    g_free(settings);
}

struct study *study_new(const struct scenario_source *source, const struct scenario *scenario, uint64_t seed)
{
    struct study *study = g_new0(struct study, 1);
    GString *json = g_string_new(NULL);
    scenario_to_json(scenario, json);
    study->version = g_strdup(PACKAGE_VERSION);
    study->digest = scenario_source_digest(source);
    study->title = g_strdup(scenario->title ? scenario->title : "");
    study->file = g_path_get_basename(scenario->path);
    study->json = g_string_free(json, FALSE);
    study->seed = seed;
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        study->table_wanted[i] = true;
    study->table_wanted[TABLE_EXPECTATIONS] = scenario->expectation_count > 0;
    study->table_wanted[TABLE_FAULTS] = scenario->fault_count > 0;
    study->table_wanted[TABLE_ATTACKS] = study->table_wanted[TABLE_ATTACK_TIMES] = scenario->attack_total > 0;
    study->table_wanted[TABLE_PACKETS] = scenario->packet_flow_count > 0;
    take_axes(study, scenario);
    return study;
}

void study_free(struct study *study)
{
    if (!study)
        return;
    for (uint32_t i = 0; i < study->axis_count; i++) {
        g_free(study->axes[i].section);
        g_free(study->axes[i].key);
    }
    for (size_t i = 0; i < (size_t)study->point_count * study->axis_count; i++)
        g_free(study->values[i]);
    g_free(study->axes);
    g_free(study->values);
    g_free(study->version);
    g_free(study->digest);
    g_free(study->title);
    g_free(study->file);
    g_free(study->json);
    g_free(study);
}

bool study_same_points(const struct study *a, const struct study *b)
{
    if (a->axis_count != b->axis_count || a->point_count != b->point_count)
        return false;
    for (uint32_t i = 0; i < a->axis_count; i++)
        if (strcmp(a->axes[i].section, b->axes[i].section) != 0 ||
            strcmp(a->axes[i].key, b->axes[i].key) != 0)
            return false;
    for (size_t i = 0; i < (size_t)a->point_count * a->axis_count; i++)
        if (strcmp(a->values[i], b->values[i]) != 0)
            return false;
    return true;
}

const char *study_difference(const struct study *a, const struct study *b)
{
    if (!study_same_points(a, b))
        return "of another sweep";
    if (a->seed != b->seed)
        return "of another seed";
    if (strcmp(a->digest, b->digest) != 0)
        return "of a scenario that said something else";
    return strcmp(a->version, b->version) != 0 ? "of another version of mip6sim" : NULL;
}

char *study_axis_name(const struct study *study, uint32_t axis)
{
    return g_strdup_printf("%s / %s", study->axes[axis].section, study->axes[axis].key);
}
