/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * movement_cells.c - movers on a plane: the random waypoint model and a straight road. They go in legs, each
 * straight at one speed (or standing), and the cells that the legs pass through say when they change links.
 *
 * A mover's next event is the nearest of three: a change of cell, the end of the leg, the border of a cell
 * that it has left for a nearer one but still holds on to (`keep`). A leg is made when the one before it
 * ends.
 */
#include "sim/network/movement.h"

#include "sim/engine/length.h"
#include "sim/network/cells.h"
#include "sim/network/lan.h"
#include "sim/network/link.h"

#define SPEED_LEAST (METRES_PER_SECOND(1) / 1000) /* what is slower would never arrive */

enum what { BEGIN, CHANGE, LET_GO, NEXT_LEG };

struct walker {
    struct event event;
    struct simulation *simulation;
    const struct scenario_movement *movement;
    struct cells *cells; /* of all walkers */
    struct leg leg;
    time_ns since;     /* the state below holds from this instant of the leg on */
    uint32_t node;     /* index */
    uint32_t draws_as; /* the node whose numbers it draws */
    uint32_t number;   /* of the leg */
    uint32_t present;  /* cell; CELL_NONE: none */
    uint32_t kept;     /* cell that it holds on to besides; CELL_NONE: none */
    uint32_t link;     /* where it was sent last; SCENARIO_NONE: on none */
    uint32_t next;     /* cell to change to, when the event is CHANGE */
    enum what what;    /* the event is about */
};

/* -- legs -- */

static struct random_stream stream_of(const struct walker *walker, enum network_purpose purpose,
                                      uint64_t step)
{
    struct random_stream stream;
    network_random_stream(walker->simulation->network, walker->draws_as, purpose, &stream);
    random_skip(&stream, step);
    return stream;
}

/* Waypoint `number`; 0 is where it begins. */
static struct scenario_point waypoint(const struct walker *walker, uint32_t number)
{
    const struct scenario_point *area = walker->movement->area;
    struct random_stream stream = stream_of(walker, NETWORK_RANDOM_WAYPOINT, 2 * (uint64_t)number);
    struct random_stream second = stream_of(walker, NETWORK_RANDOM_WAYPOINT, 2 * (uint64_t)number + 1);
    return (struct scenario_point){
        area[0].x + (int64_t)random_below(&stream, (uint64_t)(area[1].x - area[0].x) + 1),
        area[0].y + (int64_t)random_below(&second, (uint64_t)(area[1].y - area[0].y) + 1),
    };
}

static void go(struct walker *walker, struct scenario_point from, struct scenario_point to, time_ns start,
               uint32_t step)
{
    struct random_stream stream = stream_of(walker, NETWORK_RANDOM_SPEED, step);
    int64_t speed = MAX(distribution_sample(walker->movement->speed, &stream), SPEED_LEAST);
    walker->leg = (struct leg){from, to, start, time_add(start, cells_travel_time(&from, &to, speed))};
}

static void stand(struct walker *walker, struct scenario_point at, time_ns start, time_ns end)
{
    walker->leg = (struct leg){at, at, start, end};
}

/* Even legs lead from waypoint to waypoint, odd ones are pauses. */
static void make_waypoint_leg(struct walker *walker, time_ns start)
{
    uint32_t number = walker->number;
    if (number % 2) {
        struct random_stream stream = stream_of(walker, NETWORK_RANDOM_PAUSE, number / 2);
        stand(walker, walker->leg.to, start,
              time_add(start, distribution_sample(walker->movement->pause, &stream)));
    } else {
        go(walker, number ? walker->leg.to : waypoint(walker, 0), waypoint(walker, number / 2 + 1), start,
           number / 2);
    }
}

static void make_road_leg(struct walker *walker, time_ns start)
{
    const struct scenario_movement *movement = walker->movement;
    bool back = movement->at_end == SCENARIO_ROAD_RETURN && walker->number % 2;
    if (walker->number && movement->at_end == SCENARIO_ROAD_STOP)
        stand(walker, movement->to, start, TIME_NEVER);
    else
        go(walker, back ? movement->to : movement->from, back ? movement->from : movement->to, start,
           walker->number);
}

static void make_leg(struct walker *walker, time_ns start)
{
    if (walker->movement->model == SCENARIO_ROAD)
        make_road_leg(walker, start);
    else
        make_waypoint_leg(walker, start);
}

/* -- changes -- */

static struct network_node *node_of(const struct walker *walker)
{
    return &walker->simulation->network->nodes[walker->node];
}

static uint32_t link_of(const struct walker *walker, uint32_t cell)
{
    return cell == CELL_NONE ? SCENARIO_NONE : cells_get(walker->cells, cell)->link;
}

static bool is_covered(const struct walker *walker, uint32_t cell, time_ns now)
{
    return cell != CELL_NONE && cells_covers(cells_get(walker->cells, cell), &walker->leg, now);
}

static void change(struct walker *walker, uint32_t cell, time_ns now)
{
    uint32_t link = link_of(walker, cell);
    bool both = walker->movement->keep && cell != CELL_NONE && is_covered(walker, walker->present, now);
    walker->kept = both ? walker->present : CELL_NONE;
    walker->present = cell;
    if (link != walker->link)
        movement_send(walker->simulation, node_of(walker), &walker->link, link,
                      both ? walker->movement->keep : 0);
}

/* The old link ends where its cell does, however long it was to be kept. */
static void let_go(struct walker *walker)
{
    if (walker->kept != CELL_NONE)
        network_leave_link(node_of(walker),
                           simulation_link(walker->simulation, link_of(walker, walker->kept), 0));
    walker->kept = CELL_NONE;
}

/* A leg has begun: what holds at its first instant. */
static void enter_leg(struct walker *walker, time_ns now)
{
    int64_t hysteresis = walker->movement->hysteresis;
    uint32_t cell = cells_choose(walker->cells, &walker->leg, now, walker->present, hysteresis);
    if (walker->kept != CELL_NONE && !is_covered(walker, walker->kept, now))
        let_go(walker);
    if (cell != walker->present || link_of(walker, cell) != walker->link)
        change(walker, cell, now);
}

static void wait_for_next(struct walker *walker)
{
    time_ns when = walker->leg.end, changed;
    walker->what = NEXT_LEG;
    if (cells_next_change(walker->cells, &walker->leg, walker->since, walker->present,
                          walker->movement->hysteresis, &changed, &walker->next)) {
        when = changed;
        walker->what = CHANGE;
    }
    if (walker->kept != CELL_NONE) {
        time_ns border = cells_exit(cells_get(walker->cells, walker->kept), &walker->leg, walker->since);
        if (border < when) {
            when = border;
            walker->what = LET_GO;
        }
    }
    movement_schedule(walker->simulation, walker->movement, &walker->event, when);
}

static void walker_run(struct engine *engine, struct event *event)
{
    struct walker *walker = event_owner(event, struct walker, event);
    time_ns now = engine_now(engine);
    walker->since = now;
    switch (walker->what) {
    case NEXT_LEG:
        walker->number++;
        make_leg(walker, now);
        enter_leg(walker, now);
        break;
    case BEGIN:
        make_leg(walker, now);
        enter_leg(walker, now);
        break;
    case CHANGE:
        change(walker, walker->next, now);
        break;
    case LET_GO:
        let_go(walker);
        break;
    }
    wait_for_next(walker);
}

/* -- the beginning -- */

/* Whose way begins with time itself is not moved but placed: nothing has been anywhere else. */
static void place(struct walker *walker)
{
    struct port *port = &node_of(walker)->ports[0];
    make_leg(walker, 0);
    walker->present = cells_choose(walker->cells, &walker->leg, 0, CELL_NONE, walker->movement->hysteresis);
    walker->link = link_of(walker, walker->present);
    if (port->link)
        lan_detach(port);
    if (walker->present != CELL_NONE)
        lan_attach(simulation_link(walker->simulation, walker->link, 0), port);
    wait_for_next(walker);
}

static uint32_t cell_of_link(const struct cells *cells, uint32_t count, uint32_t link)
{
    for (uint32_t i = 0; i < count; i++)
        if (cells_get(cells, i)->link == link)
            return i;
    return CELL_NONE;
}

struct cells *movement_cells_new(const struct simulation *simulation, uint32_t *count)
{
    const struct scenario *scenario = simulation->scenario;
    struct cell *cells = g_new(struct cell, scenario->link_count + 1);
    *count = 0;
    for (uint32_t i = 0; i < scenario->link_count; i++)
        if (scenario->links[i].has_position)
            cells[(*count)++] = (struct cell){scenario->links[i].position, scenario->links[i].range, i};
    struct cells *made = cells_new(cells, *count);
    g_free(cells);
    return made;
}

void movement_plan_walkers(struct simulation *simulation, const struct scenario_movement *movement,
                           struct cells *cells, uint32_t cell_count)
{
    const struct scenario_node *group = &simulation->scenario->nodes[movement->who.node];
    struct walker *walkers = simulation_own(simulation, movement->who.count * sizeof *walkers);
    uint32_t first = group->first + movement->who.first;
    for (uint32_t i = 0; i < movement->who.count; i++) {
        struct walker *walker = &walkers[i];
        event_init(&walker->event, walker_run);
        walker->simulation = simulation;
        walker->movement = movement;
        walker->cells = cells;
        walker->node = first + i;
        walker->draws_as = movement->together ? first : first + i;
        walker->kept = CELL_NONE;
        walker->link = group->start_link;
        walker->present = cell_of_link(cells, cell_count, group->start_link);
        walker->what = BEGIN;
        time_ns origin = movement_origin(simulation, movement, i, walker->node);
        if (origin == 0)
            place(walker);
        else
            movement_schedule(simulation, movement, &walker->event, origin);
    }
}
