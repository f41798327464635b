/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_tolerances.c - [verify]: by how much what is measured may differ from what it was.
 */
#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/build.h"
#include "sim/scenario/columns.h"
#include "sim/scenario/value.h"

#define X(name, column) column,
static const char *const times[] = {HANDOVER_SHARED_INSTANTS(X) HANDOVER_OWN_INSTANTS(X) HANDOVER_DURATIONS(X)
                                        FLOW_TIMES(X) NULL};
static const char *const counts[] = {HANDOVER_COUNTS(X) FLOW_COUNTS(X) NULL};
#undef X

static void complain(struct builder *builder, const struct scenario_view *view,
                     const struct scenario_entry *entry)
{
    const char *meant = scenario_probably_meant(entry->key, times);
    if (!meant)
        meant = scenario_probably_meant(entry->key, counts);
    if (meant)
        build_error_at(builder, view, entry,
                       "there is no such column of handovers.csv or flows.csv; did you mean \"%s\"?", meant);
    else
        build_error_at(
            builder, view, entry,
            "there is no such column of handovers.csv or flows.csv; expected one that is a time or a "
            "count, such as outage");
}

static void read_tolerance(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry)
{
    struct scenario *scenario = builder->scenario;
    GError *error = NULL;
    time_ns duration = 0;
    uint64_t number = 0;
    bool time = g_strv_contains(times, entry->key);
    if (!time && !g_strv_contains(counts, entry->key)) {
        complain(builder, view, entry);
        return;
    }
    bool good = time ? duration_parse(entry->value, &duration, &error)
                     : value_parse_integer(entry->value, 0, UINT32_MAX, &number, &error);
    if (!good) {
        build_error_at(builder, view, entry, "%s", error->message);
        g_error_free(error);
        return;
    }
    scenario->tolerances[scenario->tolerance_count++] =
        (struct scenario_tolerance){entry->key, time ? (double)duration / 1e9 : (double)number};
}

void build_tolerances(struct builder *builder)
{
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind != SECTION_VERIFY)
            continue;
        builder->scenario->tolerances =
            build_memory(builder, view->entry_count, sizeof *builder->scenario->tolerances);
        for (unsigned k = 0; k < view->entry_count; k++)
            read_tolerance(builder, view, &view->entries[k]);
    }
}
