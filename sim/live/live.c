/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.c - see live.h.
 *
 * A timer descriptor with an absolute deadline wakes us for the next event: no time is lost between looking
 * at the clock and going to sleep. A frame is injected at the instant when it was read, and what is due at
 * that instant happens before the next one is read: that order is what a replay (replay.h) repeats.
 */
#include "sim/live/live.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "sim/live/stations.h"
#include "sim/network/capture.h"
#include "sim/network/gate.h"

#define BATCH   64 /* frames from one TAP before the others have their turn */
#define WATCHED 16 /* descriptors that epoll tells of at once */

struct door {
    struct live_watch watch;
    struct live *live;
    struct tap *tap;
    struct gate *gate;
    uint32_t link;
    struct capture *record; /* borrowed; NULL: none */
};

struct live {
    struct live_configuration configuration;
    struct engine *engine;
    time_ns begun; /* CLOCK_MONOTONIC at time 0 */
    time_ns armed; /* what the timer is set to; TIME_NEVER: it is not */
    int epoll;
    struct live_watch timer, signals;
    GPtrArray *doors;
    GHashTable *stations; /* NULL: nobody wants to know */
    struct lag lag;
    uint64_t warned; /* overruns that have been told */
    time_ns warned_at;
    bool stopping;
    struct epoll_event *told; /* by epoll, and not yet seen to */
    int told_count;
    uint8_t buffer[TAP_FRAME_MAX + 1];
};

static time_ns monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return SECONDS((time_ns)now.tv_sec) + now.tv_nsec;
}

static time_ns live_now(const struct live *live)
{
    return MIN(monotonic() - live->begun, live->configuration.end);
}

/* -- pacing -- */

static void warn_of_overruns(struct live *live, time_ns lag, time_ns now)
{
    if (live->warned && now - live->warned_at < SECONDS(1))
        return;
    char *line = g_strdup_printf("cannot keep up: at %.3f s it is %.1f ms late; %" G_GUINT64_FORMAT
                                 " overruns of more than %d ms so far",
                                 (double)now / 1e9, (double)lag / 1e6, live->lag.overruns,
                                 (int)(LIVE_OVERRUN / MILLISECONDS(1)));
    live->configuration.warn(live->configuration.context, line);
    g_free(line);
    live->warned = live->lag.overruns;
    live->warned_at = now;
}

/* All that is due by now happens. */
static void catch_up(struct live *live, time_ns now)
{
    time_ns next = engine_next_time(live->engine);
    if (next <= now) {
        time_ns late = now - next;
        lag_enter(&live->lag, late, LIVE_OVERRUN);
        if (late > LIVE_OVERRUN)
            warn_of_overruns(live, late, now);
    }
    engine_run(live->engine, now);
}

static void set_timer(struct live *live, time_ns deadline)
{
    if (deadline == live->armed)
        return;
    live->armed = deadline;
    time_ns at = time_add(live->begun, deadline);
    struct itimerspec setting = {
        .it_value = {.tv_sec = (time_t)(at / 1000000000), .tv_nsec = at % 1000000000}};
    timerfd_settime(live->timer.descriptor, TFD_TIMER_ABSTIME, &setting, NULL);
}

static void timer_ready(struct live *live, struct live_watch *watch, uint32_t events)
{
    uint64_t expirations;
    (void)events;
    if (read(watch->descriptor, &expirations, sizeof expirations) > 0)
        live->armed = TIME_NEVER;
}

static void signals_ready(struct live *live, struct live_watch *watch, uint32_t events)
{
    struct signalfd_siginfo information;
    (void)events;
    if (read(watch->descriptor, &information, sizeof information) == (ssize_t)sizeof information)
        live->stopping = true;
}

/* -- frames -- */

static void emit(void *context, const struct packet *frame, time_ns now)
{
    struct door *door = context;
    if (door->record)
        capture_frame(door->record, frame, now);
    tap_write(door->tap, packet_octets(frame), frame->length);
}

static void record_octets(const struct door *door, const uint8_t *octets, size_t length, time_ns now)
{
    struct packet *frame = packet_new(door->gate->node.network->packets, 0, length);
    memcpy(packet_octets(frame), octets, length);
    capture_frame(door->record, frame, now);
    packet_release(frame);
}

void live_record(struct live *live, unsigned tap, struct capture *capture)
{
    struct door *door = g_ptr_array_index(live->doors, tap);
    door->record = capture;
}

/* An interface that is no more would be told of for ever. */
static void leave(struct live *live, struct door *door)
{
    const struct scenario *scenario = live->configuration.simulation->scenario;
    char *line = g_strdup_printf("at %.3f s: the interface %s has been deleted; \"%s\" goes on without it",
                                 (double)live_now(live) / 1e9, door->tap->interface,
                                 scenario->links[door->link].name);
    live_unwatch(live, &door->watch);
    live->configuration.warn(live->configuration.context, line);
    g_free(line);
}

static void door_ready(struct live *live, struct live_watch *watch, uint32_t events)
{
    struct door *door = (struct door *)(void *)watch;
    (void)events;
    for (unsigned i = 0; i < BATCH && !live->stopping; i++) {
        int length = tap_read(door->tap, live->buffer);
        if (door->tap->gone)
            leave(live, door);
        if (length == 0)
            return;
        if (length < 0)
            continue;
        time_ns now = live_now(live);
        catch_up(live, now);
        if (live->stations && stations_have_sent(live->stations, live->buffer, (size_t)length))
            live->configuration.back(live->configuration.context, now, door->link);
        if (door->record)
            record_octets(door, live->buffer, (size_t)length, now);
        gate_inject(door->gate, live->buffer, (size_t)length);
        engine_run(live->engine, now);
    }
}

/* -- life -- */

static bool system_error(GError **error, const char *what)
{
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s", what, g_strerror(errno));
    return false;
}

bool live_watch(struct live *live, struct live_watch *watch, int descriptor,
                void (*ready)(struct live *live, struct live_watch *watch, uint32_t events), GError **error)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = watch};
    watch->descriptor = descriptor;
    watch->ready = ready;
    if (descriptor < 0 || epoll_ctl(live->epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        return system_error(error, "cannot wait for events");
    return true;
}

void live_watch_for(struct live *live, struct live_watch *watch, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};
    epoll_ctl(live->epoll, EPOLL_CTL_MOD, watch->descriptor, &event);
}

void live_unwatch(struct live *live, struct live_watch *watch)
{
    epoll_ctl(live->epoll, EPOLL_CTL_DEL, watch->descriptor, NULL);
    for (int i = 0; i < live->told_count; i++)
        if (live->told[i].data.ptr == watch)
            live->told[i].data.ptr = NULL;
}

void live_advance(struct live *live)
{
    catch_up(live, live_now(live));
}

void live_settle(struct live *live)
{
    engine_run(live->engine, engine_now(live->engine));
}

static void door_free(gpointer data)
{
    struct door *door = data;
    tap_free(door->tap);
    g_free(door);
}

struct live *live_new(const struct live_configuration *configuration, GError **error)
{
    struct live *live = g_new0(struct live, 1);
    sigset_t signals;
    live->configuration = *configuration;
    live->engine = &configuration->simulation->network->engine;
    live->armed = TIME_NEVER;
    live->stations = configuration->back ? stations_new(configuration->simulation) : NULL;
    live->doors = g_ptr_array_new_with_free_func(door_free);
    live->timer.descriptor = live->signals.descriptor = -1;
    live->epoll = epoll_create1(EPOLL_CLOEXEC);
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    setpriority(PRIO_PROCESS, 0, -20); /* where we may, we come before what is not as urgent */
    if (live_watch(live, &live->timer, timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC),
                   timer_ready, error) &&
        live_watch(live, &live->signals, signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC), signals_ready,
                   error))
        return live;
    live_free(live);
    return NULL;
}

static void close_descriptor(int descriptor)
{
    if (descriptor >= 0)
        close(descriptor);
}

void live_free(struct live *live)
{
    if (!live)
        return;
    g_ptr_array_free(live->doors, TRUE);
    if (live->stations)
        g_hash_table_destroy(live->stations);
    close_descriptor(live->timer.descriptor);
    close_descriptor(live->signals.descriptor);
    close_descriptor(live->epoll);
    g_free(live);
}

/* Frames that are too long for the one or the other would disappear without a word. */
static void warn_of_mtu(struct live *live, const struct tap *tap, const char *lan)
{
    if (tap->interface_mtu == 0 || tap->interface_mtu == tap->mtu)
        return;
    char *line = g_strdup_printf("the interface %s has an MTU of %u, its LAN \"%s\" one of %u: longer frames "
                                 "will be lost between them (ip link set dev %s mtu %u)",
                                 tap->interface, tap->interface_mtu, lan, tap->mtu, tap->interface,
                                 tap->mtu);
    live->configuration.warn(live->configuration.context, line);
    g_free(line);
}

bool live_add_tap(struct live *live, uint32_t link, const char *interface, GError **error)
{
    struct simulation *simulation = live->configuration.simulation;
    struct tap *tap = tap_open(interface, simulation->scenario->links[link].mtu, error);
    if (!tap)
        return false;
    warn_of_mtu(live, tap, simulation->scenario->links[link].name);
    struct door *door = g_new0(struct door, 1);
    door->live = live;
    door->tap = tap;
    door->link = link;
    door->gate = gate_new(simulation->network, simulation_link(simulation, link, 0), emit, door);
    g_ptr_array_add(live->doors, door);
    return live_watch(live, &door->watch, tap->descriptor, door_ready, error);
}

/* -- the loop -- */

static void tell_log(struct live *live)
{
    GString *log = live->configuration.recorder->log;
    if (!log || log->len == 0 || !live->configuration.log)
        return;
    live->configuration.log(live->configuration.context, log->str);
    g_string_truncate(log, 0);
}

/* Waits until there is something to do, and does what comes from outside. */
static bool turn(struct live *live, GError **error)
{
    struct epoll_event events[WATCHED];
    int count = epoll_wait(live->epoll, events, WATCHED, -1);
    if (count < 0 && errno != EINTR)
        return system_error(error, "cannot wait for events");
    live->told = events;
    live->told_count = count;
    for (int i = 0; i < count; i++) {
        struct live_watch *watch = events[i].data.ptr;
        if (watch) /* the one before may have put an end to it */
            watch->ready(live, watch, events[i].events);
    }
    live->told_count = 0;
    return true;
}

bool live_run(struct live *live, GError **error)
{
    time_ns end = live->configuration.end;
    struct timespec wall_clock;
    live->begun = monotonic();
    clock_gettime(CLOCK_REALTIME, &wall_clock);
    if (live->configuration.begun)
        live->configuration.begun(live->configuration.context,
                                  SECONDS((int64_t)wall_clock.tv_sec) + wall_clock.tv_nsec);
    for (;;) {
        time_ns now = live_now(live);
        catch_up(live, now);
        tell_log(live);
        if (now >= end || live->stopping)
            return true;
        set_timer(live, MIN(engine_next_time(live->engine), end));
        if (!turn(live, error))
            return false;
    }
}

void live_stop(struct live *live)
{
    live->stopping = true;
}

/* -- telling -- */

const struct lag *live_lag(const struct live *live)
{
    return &live->lag;
}

unsigned live_tap_count(const struct live *live)
{
    return live->doors->len;
}

const struct tap *live_tap(const struct live *live, unsigned i, uint32_t *link)
{
    const struct door *door = g_ptr_array_index(live->doors, i);
    if (link)
        *link = door->link;
    return door->tap;
}
