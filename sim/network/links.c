/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * links.c - the scenario's links, made and changed while time goes by.
 *
 * All links of a group share what their directions are like. The operator may change a parameter for good, or
 * for a while: the changes for a while that are in force lie over what there is for good, in the order in
 * which they began, so that they may overlap and the end of one never brings back another that is over.
 */
#include "sim/network/lan.h"
#include "sim/network/link.h"
#include "sim/network/simulation.h"

struct link_parameters {
    struct scenario_link lasting; /* with what has been changed for good */
    GPtrArray *passing;           /* of struct scenario_change: in force for a while; NULL: never any */
    struct channel forward, backward;
    struct scenario_advertisements advertisements; /* as of now */
};

struct passing_change {
    struct event event;
    struct simulation *simulation;
    const struct scenario_action *action;
};

static struct chance chance_from(const struct scenario_chance *chance)
{
    return (struct chance){chance->delay ? chance->probability : 0, chance->delay};
}

static void channel_from(struct channel *channel, const struct scenario_direction *direction)
{
    *channel = (struct channel){
        .rate = direction->rate,
        .jitter = direction->jitter,
        .loss = direction->loss,
        .spike = chance_from(&direction->spikes),
        .late = chance_from(&direction->reordering.late),
        .duplication = direction->duplication,
        .queue_limit = direction->queue_limit,
        .reorder = direction->reordering.overtake,
    };
    if (distribution_is_constant(direction->delay))
        channel->fixed_delay = distribution_minimum(direction->delay);
    else
        channel->delay = direction->delay;
    channel_settle(channel);
}

static void set_channels(struct link_parameters *parameters, const struct scenario_link *link)
{
    channel_from(&parameters->forward, &link->forward);
    channel_from(&parameters->backward, &link->backward);
}

void simulation_build_links(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->scenario;
    simulation->link_first = g_new(uint32_t, scenario->link_count + 1);
    simulation->link_parameters = g_new0(struct link_parameters, scenario->link_count + 1);
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        const struct scenario_link *from = &scenario->links[i];
        struct link_parameters *parameters = &simulation->link_parameters[i];
        bool point_to_point = from->kind == SCENARIO_POINT_TO_POINT;
        parameters->lasting = *from;
        parameters->advertisements = from->advertisements;
        set_channels(parameters, from);
        simulation->link_first[i] = simulation->network->link_count;
        for (uint32_t number = 0; number < from->count; number++) {
            struct link *link = link_new(simulation->network, point_to_point ? LINK_POINT_TO_POINT : LINK_LAN,
                                         &parameters->forward, point_to_point ? &parameters->backward : NULL);
            link->group = i;
            link->member = number;
            if (from->kind == SCENARIO_ACCESS_LAN && from->handover_delay)
                link->lan->handover_delay = from->handover_delay;
        }
    }
}

/* -- changes -- */

static void apply(struct simulation *simulation, uint32_t index, const struct scenario_change *change)
{
    struct link_parameters *parameters = &simulation->link_parameters[index];
    struct scenario_link now = parameters->lasting;
    for (guint i = 0; parameters->passing && i < parameters->passing->len; i++)
        scenario_link_change(&now, g_ptr_array_index(parameters->passing, i));
    if (scenario_change_is_of_advertisements(change)) {
        struct scenario_advertisements before = parameters->advertisements;
        parameters->advertisements = now.advertisements;
        simulation_advertisements_changed(simulation, index, &before);
        return;
    }
    set_channels(parameters, &now);
    for (uint32_t i = 0; now.kind == SCENARIO_ACCESS_LAN && i < now.count; i++)
        simulation_link(simulation, index, i)->lan->handover_delay = now.handover_delay;
}

const struct scenario_advertisements *simulation_advertisements(const struct simulation *simulation,
                                                                uint32_t link)
{
    return &simulation->link_parameters[link].advertisements;
}

static void passing_change_end(struct engine *engine, struct event *event)
{
    (void)engine;
    struct passing_change *change = event_owner(event, struct passing_change, event);
    struct link_parameters *parameters = &change->simulation->link_parameters[change->action->link];
    g_ptr_array_remove(parameters->passing, (gpointer)&change->action->change);
    apply(change->simulation, change->action->link, &change->action->change);
}

void simulation_change_link(struct simulation *simulation, const struct scenario_action *action)
{
    struct link_parameters *parameters = &simulation->link_parameters[action->link];
    struct network *network = simulation->network;
    if (action->lasts == TIME_NEVER) {
        scenario_link_change(&parameters->lasting, &action->change);
    } else {
        struct passing_change *change = simulation_own(simulation, sizeof *change);
        event_init(&change->event, passing_change_end);
        change->simulation = simulation;
        change->action = action;
        engine_schedule_from(&network->engine, &network->operator_source, &change->event,
                             time_add(network_now(network), action->lasts));
        if (!parameters->passing)
            parameters->passing = g_ptr_array_new();
        g_ptr_array_add(parameters->passing, (gpointer)&action->change);
    }
    apply(simulation, action->link, &action->change);
}

void simulation_free_links(struct simulation *simulation)
{
    for (uint32_t i = 0; simulation->link_parameters && i < simulation->scenario->link_count; i++)
        if (simulation->link_parameters[i].passing)
            g_ptr_array_free(simulation->link_parameters[i].passing, TRUE);
    g_free(simulation->link_parameters);
    g_free(simulation->link_first);
}
