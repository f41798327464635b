/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * movement.c - movers: stays of random or fixed length on a list of links, and traces.
 */
#include "sim/network/movement.h"

#include "sim/network/link.h"

/* One node that goes from link to link. */
struct mover {
    struct event event; /* its next move */
    struct simulation *simulation;
    const struct scenario_movement *movement;
    uint32_t node;
    uint32_t draws_as; /* the node whose numbers it draws */
    uint32_t link;     /* where it was sent last; SCENARIO_NONE: on none */
    uint32_t step;     /* stays begun */
    uint32_t stop;     /* present one of the list; SCENARIO_NONE: at the start link, which is not in it */
    bool backwards;    /* ping-pong */
};

/* All that a trace says. */
struct tracer {
    struct event event; /* the next line's time */
    struct simulation *simulation;
    const struct scenario_movement *movement;
    uint32_t next;
    uint32_t links[]; /* by member: where it was sent last */
};

void movement_schedule(struct simulation *simulation, const struct scenario_movement *movement,
                       struct event *event, time_ns time)
{
    struct network *network = simulation->network;
    if (time < movement->stop)
        engine_schedule_from(&network->engine, &network->operator_source, event, time);
}

void movement_send(struct simulation *simulation, struct network_node *node, uint32_t *at, uint32_t link,
                   time_ns keep)
{
    if (link == SCENARIO_NONE)
        network_attach(node, NULL);
    else if (keep && *at != SCENARIO_NONE)
        network_attach_overlapping(node, simulation_link(simulation, link, 0), keep);
    else
        network_attach(node, simulation_link(simulation, link, 0));
    *at = link;
}

time_ns movement_origin(const struct simulation *simulation, const struct scenario_movement *movement,
                        uint32_t member, uint32_t node)
{
    time_ns origin = movement->start, later;
    if (__builtin_mul_overflow(movement->wave, (time_ns)member, &later))
        return TIME_NEVER;
    origin = time_add(origin, later);
    if (movement->spread) {
        struct random_stream stream;
        network_random_stream(simulation->network, node, NETWORK_RANDOM_MOVEMENT_SPREAD, &stream);
        origin = time_add(origin, distribution_sample(movement->spread, &stream));
    }
    return origin;
}

/* -- residence -- */

static struct random_stream stream_of(const struct mover *mover, enum network_purpose purpose)
{
    struct random_stream stream;
    network_random_stream(mover->simulation->network, mover->draws_as, purpose, &stream);
    random_skip(&stream, mover->step);
    return stream;
}

/* Any stop but the present one, as their weights have it. */
static uint32_t random_stop(const struct mover *mover)
{
    const struct scenario_movement *movement = mover->movement;
    uint64_t total = 0;
    for (uint32_t i = 0; i < movement->stop_count; i++)
        total += i == mover->stop ? 0 : movement->weights[i];
    struct random_stream stream = stream_of(mover, NETWORK_RANDOM_NEXT_LINK);
    uint64_t drawn = random_below(&stream, total);
    uint32_t stop = 0;
    for (;; stop++) {
        uint64_t weight = stop == mover->stop ? 0 : movement->weights[stop];
        if (drawn < weight)
            return stop;
        drawn -= weight;
    }
}

static uint32_t next_stop(struct mover *mover)
{
    const struct scenario_movement *movement = mover->movement;
    uint32_t last = movement->stop_count - 1;
    if (movement->order == SCENARIO_RANDOM)
        return random_stop(mover);
    if (mover->stop == SCENARIO_NONE)
        return 0;
    if (movement->order == SCENARIO_CYCLE)
        return mover->stop == last ? 0 : mover->stop + 1;
    if (mover->stop == 0)
        mover->backwards = false;
    else if (mover->stop == last)
        mover->backwards = true;
    return mover->backwards ? mover->stop - 1 : mover->stop + 1;
}

static void stay(struct mover *mover, time_ns since)
{
    struct random_stream stream = stream_of(mover, NETWORK_RANDOM_RESIDENCE);
    time_ns until = time_add(since, distribution_sample(mover->movement->residence, &stream));
    movement_schedule(mover->simulation, mover->movement, &mover->event, until);
}

static void mover_run(struct engine *engine, struct event *event)
{
    struct mover *mover = event_owner(event, struct mover, event);
    mover->step++;
    mover->stop = next_stop(mover);
    movement_send(mover->simulation, &mover->simulation->network->nodes[mover->node], &mover->link,
                  mover->movement->stops[mover->stop], mover->movement->keep);
    stay(mover, engine_now(engine));
}

static void plan_residence(struct simulation *simulation, const struct scenario_movement *movement)
{
    const struct scenario_node *group = &simulation->scenario->nodes[movement->who.node];
    struct mover *movers = simulation_own(simulation, movement->who.count * sizeof *movers);
    uint32_t first = group->first + movement->who.first, at_start = 0;
    while (at_start < movement->stop_count && movement->stops[at_start] != group->start_link)
        at_start++;
    for (uint32_t i = 0; i < movement->who.count; i++) {
        struct mover *mover = &movers[i];
        event_init(&mover->event, mover_run);
        mover->simulation = simulation;
        mover->movement = movement;
        mover->node = first + i;
        mover->draws_as = movement->together ? first : first + i;
        mover->link = group->start_link;
        mover->stop = at_start < movement->stop_count ? at_start : SCENARIO_NONE;
        stay(mover, movement_origin(simulation, movement, i, mover->node));
    }
}

/* -- trace -- */

static void tracer_wait(struct tracer *tracer)
{
    const struct scenario_movement *movement = tracer->movement;
    if (tracer->next < movement->move_count)
        movement_schedule(tracer->simulation, movement, &tracer->event,
                          time_add(movement->start, movement->moves[tracer->next].time));
}

static void tracer_run(struct engine *engine, struct event *event)
{
    struct tracer *tracer = event_owner(event, struct tracer, event);
    const struct scenario_movement *movement = tracer->movement;
    const struct scenario_trace_move *move = &movement->moves[tracer->next++];
    (void)engine;
    for (uint32_t i = 0; i < move->count; i++) {
        uint32_t member = move->first + i;
        uint32_t *at = &tracer->links[member - movement->who.first];
        if (*at != move->link)
            movement_send(tracer->simulation, simulation_node(tracer->simulation, movement->who.node, member),
                          at, move->link, movement->keep);
    }
    tracer_wait(tracer);
}

static void plan_trace(struct simulation *simulation, const struct scenario_movement *movement)
{
    struct tracer *tracer =
        simulation_own(simulation, sizeof *tracer + movement->who.count * sizeof *tracer->links);
    event_init(&tracer->event, tracer_run);
    tracer->simulation = simulation;
    tracer->movement = movement;
    for (uint32_t i = 0; i < movement->who.count; i++)
        tracer->links[i] = simulation->scenario->nodes[movement->who.node].start_link;
    tracer_wait(tracer);
}

void movement_plan(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->scenario;
    uint32_t cell_count = 0;
    for (uint32_t i = 0; i < scenario->movement_count; i++) {
        const struct scenario_movement *movement = &scenario->movements[i];
        switch ((enum scenario_movement_model)movement->model) {
        case SCENARIO_RESIDENCE:
            plan_residence(simulation, movement);
            break;
        case SCENARIO_TRACE:
            plan_trace(simulation, movement);
            break;
        case SCENARIO_RANDOM_WAYPOINT:
        case SCENARIO_ROAD:
            if (!simulation->cells)
                simulation->cells = movement_cells_new(simulation, &cell_count);
            movement_plan_walkers(simulation, movement, simulation->cells, cell_count);
            break;
        }
    }
}
