/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - see replay.h. The steps for each frame are those of the live loop (live.c: door_ready).
 */
#include "sim/live/replay.h"

#include <stdio.h>
#include <string.h>

#include "sim/live/orders.h"
#include "sim/live/stations.h"
#include "sim/live/tap.h"
#include "sim/network/gate.h"
#include "sim/network/pcap_library.h"

/* Later is a wall clock's: seconds since 1970. */
#define OWN_TIMES_MOST SECONDS(1000000000)

/* To whoever captures outside a frame is late by less than this. */
#define CAPTURE_SLACK MILLISECONDS(100)

struct frame {
    time_ns time;
    uint32_t length;
    uint8_t *octets;
    bool back; /* one of those captured: it has come in, though from a station's address */
};

/* What is known of one TAP. */
struct mouth {
    struct replay_tap *tap;
    struct gate *gate;
    GArray *captured; /* of struct frame */
    GArray *emitted;
    bool exact; /* the capture has the run's own times */
    guint next; /* of those captured, to be looked at */
    unsigned mtu;
};

struct replaying {
    const struct replay_run *run;
    struct simulation *simulation;
    struct mouth *mouths; /* in the order of their LANs, as the live run has opened them */
    unsigned mouth_count;
    GHashTable *stations; /* Ethernet addresses here, as numbers */
    struct scenario_orders *orders;
};

static void frame_clear(gpointer data)
{
    g_free(((struct frame *)data)->octets);
}

static const struct frame *frame_at(const GArray *frames, guint i)
{
    return i < frames->len ? &g_array_index(frames, struct frame, i) : NULL;
}

/* -- captures -- */

static bool read_frames(struct mouth *mouth, const struct pcap_library *library, pcap_t *file,
                        GError **error)
{
    struct pcap_pkthdr *header;
    const u_char *octets;
    int result;
    while ((result = library->pcap_next_ex(file, &header, &octets)) == 1) {
        struct frame frame = {
            .time = SECONDS((time_ns)header->ts.tv_sec) + header->ts.tv_usec,
            .length = header->caplen,
            .octets = g_memdup2(octets, header->caplen),
        };
        g_array_append_val(mouth->captured, frame);
    }
    if (result == PCAP_ERROR)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", mouth->tap->capture,
                    library->pcap_geterr(file));
    return result != PCAP_ERROR;
}

/* Times since the beginning of the run. */
static void set_times(struct mouth *mouth, const struct journal *journal)
{
    const struct frame *first = frame_at(mouth->captured, 0);
    mouth->exact = !first || first->time < OWN_TIMES_MOST;
    time_ns begun = mouth->exact || !journal ? 0 : journal->begun;
    for (guint i = 0; i < mouth->captured->len; i++) {
        struct frame *frame = &g_array_index(mouth->captured, struct frame, i);
        frame->time = MAX(frame->time - begun, 0);
    }
}

static bool open_capture(struct mouth *mouth, const struct pcap_library *library, GError **error)
{
    char why[PCAP_ERRBUF_SIZE] = "";
    const char *path = mouth->tap->capture;
    pcap_t *file = library->pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
    bool good = false;
    if (!file)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s%s%s", g_strrstr(why, path) ? "" : path,
                    g_strrstr(why, path) ? "" : ": ", why);
    else if (library->pcap_datalink(file) != DLT_EN10MB)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: no capture of an Ethernet", path);
    else
        good = read_frames(mouth, library, file, error);
    if (file)
        library->pcap_close(file);
    return good;
}

static bool read_capture(struct mouth *mouth, const struct journal *journal, GError **error)
{
    struct pcap_library library;
    bool good = pcap_library_open(&library, error) && open_capture(mouth, &library, error);
    pcap_library_close(&library);
    if (good)
        set_times(mouth, journal);
    return good;
}

/* -- the run -- */

static void emit(void *context, const struct packet *packet, time_ns now)
{
    struct mouth *mouth = context;
    struct frame frame = {now, packet->length, g_memdup2(packet_octets(packet), packet->length), false};
    g_array_append_val(mouth->emitted, frame);
}

static void draw(void *context, uint32_t node, enum random_purpose purpose, void *octets, size_t length)
{
    struct replaying *replaying = context;
    journal_next_draw(replaying->run->journal, node, purpose, octets, length);
}

static bool give_order(struct replaying *replaying, const struct journal_order *from, GError **error)
{
    struct network *network = replaying->simulation->network;
    char *complaint;
    network_run(network, from->time);
    bool good =
        orders_give(replaying->orders, replaying->simulation, from->key, from->value, &complaint) != NULL;
    if (good)
        network_run(network, from->time);
    else
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "an order of the journal is none here: %s",
                    complaint);
    g_free(complaint);
    return good;
}

/* The one whose next frame is the first of all; NULL: there are no more. */
static struct mouth *first_to_speak(const struct replaying *replaying)
{
    struct mouth *first = NULL;
    time_ns earliest = TIME_NEVER;
    for (unsigned i = 0; i < replaying->mouth_count; i++) {
        struct mouth *mouth = &replaying->mouths[i];
        const struct frame *frame = frame_at(mouth->captured, mouth->next);
        if (!frame || (first && frame->time >= earliest))
            continue;
        first = mouth;
        earliest = frame->time;
    }
    return first;
}

static bool has_come_in(const struct replaying *replaying, const struct mouth *mouth,
                        const struct frame *frame)
{
    return frame->length >= 14 && tap_judge(frame->octets, frame->length, mouth->mtu) == TAP_FRAME_GOOD &&
           (frame->back || !stations_have_sent(replaying->stations, frame->octets, frame->length));
}

static void inject(struct replaying *replaying, struct mouth *mouth, const struct frame *frame)
{
    struct network *network = replaying->simulation->network;
    time_ns time = MAX(frame->time, network_now(network));
    network_run(network, time);
    gate_inject(mouth->gate, frame->octets, frame->length);
    network_run(network, time);
    mouth->tap->fed++;
}

/* *last: the time of the last frame. */
static bool feed(struct replaying *replaying, time_ns *last, GError **error)
{
    const GArray *orders = replaying->run->journal ? replaying->run->journal->orders : NULL;
    guint order = 0;
    for (bool more = true; more;) {
        struct mouth *mouth = first_to_speak(replaying);
        const struct frame *frame = mouth ? frame_at(mouth->captured, mouth->next++) : NULL;
        for (; orders && order < orders->len; order++) {
            const struct journal_order *from = &g_array_index(orders, struct journal_order, order);
            if (frame && from->time > frame->time)
                break;
            if (!give_order(replaying, from, error))
                return false;
        }
        if (frame && has_come_in(replaying, mouth, frame))
            inject(replaying, mouth, frame);
        *last = frame ? frame->time : *last;
        more = frame != NULL;
    }
    return true;
}

/* Behind the last frame, as far as the run has gone. */
static void run_out(struct replaying *replaying, time_ns last)
{
    const struct journal *journal = replaying->run->journal;
    struct network *network = replaying->simulation->network;
    time_ns end = journal && journal->end != TIME_NEVER ? journal->end : last;
    bool exact = true;
    for (unsigned i = 0; i < replaying->mouth_count; i++)
        exact &= replaying->mouths[i].exact;
    if (network_now(network) <= last)
        network_run(network, last);
    if (end > last)
        network_run(network, exact ? end : time_add(last, CAPTURE_SLACK));
}

/* -- comparing -- */

static char *tell_frame(const struct frame *frame)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "at %.9f s, %u octets:", (double)frame->time / 1e9, frame->length);
    for (uint32_t i = 0; i < frame->length && i < 128; i++)
        g_string_append_printf(text, "%s%02x", i % 32 ? " " : "\n    ", frame->octets[i]);
    return g_string_free(text, FALSE);
}

static bool is_same(const struct frame *a, const struct frame *b)
{
    return a->length == b->length && memcmp(a->octets, b->octets, a->length) == 0;
}

static char *tell_difference(uint64_t number, const struct frame *captured, const struct frame *emitted)
{
    char *was = captured ? tell_frame(captured) : g_strdup("nothing");
    char *is = emitted ? tell_frame(emitted) : g_strdup("nothing");
    uint32_t at = 0;
    while (captured && emitted && at < MIN(captured->length, emitted->length) &&
           captured->octets[at] == emitted->octets[at])
        at++;
    bool late = captured && emitted && is_same(captured, emitted);
    char *from =
        late ? g_strdup("was sent at another time") : g_strdup_printf("differs from octet %u on", at);
    char *text = g_strdup_printf("emitted frame %" G_GUINT64_FORMAT " %s\n  captured %s\n  replayed %s",
                                 number, from, was, is);
    g_free(from);
    g_free(was);
    g_free(is);
    return text;
}

static bool is_sent(const struct replaying *replaying, const struct frame *captured)
{
    return !captured->back && stations_have_sent(replaying->stations, captured->octets, captured->length);
}

/* Somebody else's capture may begin after the run: where among those emitted its first one is; 0 if
 * nowhere. */
static guint find_beginning(const struct replaying *replaying, const struct mouth *mouth)
{
    guint first = 0;
    const struct frame *captured;
    while ((captured = frame_at(mouth->captured, first)) != NULL && !is_sent(replaying, captured))
        first++;
    for (guint i = 0; captured && i < mouth->emitted->len; i++)
        if (is_same(captured, frame_at(mouth->emitted, i)))
            return i;
    return 0;
}

static void compare(const struct replaying *replaying, const struct mouth *mouth)
{
    struct replay_tap *tap = mouth->tap;
    guint at = mouth->exact ? 0 : find_beginning(replaying, mouth);
    uint64_t number = 0;
    tap->emitted = mouth->emitted->len - at;
    for (guint i = 0; i < mouth->captured->len; i++) {
        const struct frame *captured = frame_at(mouth->captured, i);
        if (!is_sent(replaying, captured))
            continue;
        const struct frame *emitted = frame_at(mouth->emitted, at);
        at += emitted != NULL;
        number++;
        if (!tap->difference &&
            (!emitted || (mouth->exact && emitted->time != captured->time) || !is_same(emitted, captured)))
            tap->difference = tell_difference(number, captured, emitted);
    }
    tap->captured = number;
    if (!tap->difference && mouth->exact && at < mouth->emitted->len)
        tap->difference = tell_difference(number + 1, NULL, frame_at(mouth->emitted, at));
}

/* -- life -- */

static int by_lan(gconstpointer a, gconstpointer b)
{
    const struct mouth *left = a, *right = b;
    return left->tap->lan < right->tap->lan ? -1 : left->tap->lan > right->tap->lan;
}

static bool read_captures(struct replaying *replaying, struct replay_tap *taps, GError **error)
{
    for (unsigned i = 0; i < replaying->mouth_count; i++) {
        struct mouth *mouth = &replaying->mouths[i];
        mouth->tap = &taps[i];
        mouth->captured = g_array_new(FALSE, FALSE, sizeof(struct frame));
        mouth->emitted = g_array_new(FALSE, FALSE, sizeof(struct frame));
        mouth->mtu = replaying->run->scenario->links[taps[i].lan].mtu;
        g_array_set_clear_func(mouth->captured, frame_clear);
        g_array_set_clear_func(mouth->emitted, frame_clear);
    }
    for (unsigned i = 0; i < replaying->mouth_count; i++)
        if (!read_capture(&replaying->mouths[i], replaying->run->journal, error))
            return false;
    qsort(replaying->mouths, replaying->mouth_count, sizeof *replaying->mouths, by_lan);
    return true;
}

/* Those that the journal says have come in: at one instant the first is meant, for what answers it goes out
 * behind it. */
static void mark_back(const struct replaying *replaying, const struct mouth *mouth)
{
    const GArray *all = replaying->run->journal ? replaying->run->journal->back : NULL;
    guint i = 0;
    for (guint entry = 0; all && mouth->exact && entry < all->len; entry++) {
        const struct journal_back *back = &g_array_index(all, struct journal_back, entry);
        if (back->link != mouth->tap->lan)
            continue;
        for (bool found = false; !found && i < mouth->captured->len; i++) {
            struct frame *frame = &g_array_index(mouth->captured, struct frame, i);
            found = frame->time == back->time &&
                    stations_have_sent(replaying->stations, frame->octets, frame->length);
            frame->back = found;
        }
    }
}

static bool run_again(struct replaying *replaying, GError **error)
{
    time_ns last = 0;
    replaying->stations = stations_new(replaying->simulation);
    for (unsigned i = 0; i < replaying->mouth_count; i++) {
        struct mouth *mouth = &replaying->mouths[i];
        mouth->gate = gate_new(replaying->simulation->network,
                               simulation_link(replaying->simulation, mouth->tap->lan, 0), emit, mouth);
        mark_back(replaying, mouth);
    }
    if (!feed(replaying, &last, error))
        return false;
    run_out(replaying, last);
    for (unsigned i = 0; i < replaying->mouth_count; i++)
        compare(replaying, &replaying->mouths[i]);
    return true;
}

bool replay(const struct replay_run *run, struct replay_tap *taps, unsigned tap_count, uint64_t *missing,
            GError **error)
{
    struct replaying replaying = {
        .run = run,
        .mouths = g_new0(struct mouth, tap_count),
        .mouth_count = tap_count,
        .orders = scenario_orders_new(run->source, run->settings, run->setting_count),
    };
    struct network_resources resources = {.context = &replaying};
    if (run->journal && run->journal->has_draws)
        resources.random = draw;
    bool good = read_captures(&replaying, taps, error);
    if (good) {
        uint64_t seed = run->journal ? run->journal->seed : run->seed;
        replaying.simulation = simulation_new_with(run->scenario, seed, 0, NULL, &resources, error);
        good = replaying.simulation && run_again(&replaying, error);
    }
    *missing = run->journal ? run->journal->missing : 0;
    simulation_free(replaying.simulation);
    scenario_orders_free(replaying.orders);
    if (replaying.stations)
        g_hash_table_destroy(replaying.stations);
    for (unsigned i = 0; i < tap_count; i++) {
        g_array_free(replaying.mouths[i].captured, TRUE);
        g_array_free(replaying.mouths[i].emitted, TRUE);
    }
    g_free(replaying.mouths);
    return good;
}
