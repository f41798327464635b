/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - see replay.h. The steps for each frame are those of the live loop (live.c: door_ready).
 */
#include "sim/live/replay.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "sim/live/tap.h"
#include "sim/network/gate.h"
#include "sim/scenario/order.h"

#define SOURCE_AT 6 /* in a frame */

struct frame {
    time_ns time;
    uint32_t length;
    uint8_t *octets;
};

struct replaying {
    struct simulation *simulation;
    struct journal *journal;
    GArray *captured; /* of struct frame */
    GArray *emitted;
    GHashTable *stations; /* Ethernet addresses here, as numbers */
    GPtrArray *orders;
};

static void frame_clear(gpointer data)
{
    g_free(((struct frame *)data)->octets);
}

static gpointer number_of(const uint8_t *octets)
{
    gsize number = 0;
    for (unsigned i = 0; i < ETHERNET_ADDRESS_LENGTH; i++)
        number = number << 8 | octets[i];
    return GSIZE_TO_POINTER(number);
}

static void find_stations(struct replaying *replaying)
{
    const struct network *network = replaying->simulation->network;
    for (uint32_t i = 0; i < network->node_count; i++) {
        const struct node *node = &network->nodes[i].node;
        for (unsigned p = 0; p < node->interface_count; p++)
            if (!replaying->simulation->scenario->nodes[network->nodes[i].group].external)
                g_hash_table_add(replaying->stations, number_of(node->interfaces[p].link_layer_address.octets));
    }
}

static bool read_capture(struct replaying *replaying, const char *path, GError **error)
{
    char why[PCAP_ERRBUF_SIZE] = "";
    pcap_t *file = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
    struct pcap_pkthdr *header;
    const u_char *octets;
    int result = 0;
    if (file && pcap_datalink(file) != DLT_EN10MB) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: no capture of an Ethernet", path);
        pcap_close(file);
        return false;
    }
    while (file && (result = pcap_next_ex(file, &header, &octets)) == 1) {
        struct frame frame = {
            .time = SECONDS((time_ns)header->ts.tv_sec) + header->ts.tv_usec,
            .length = header->caplen,
            .octets = g_memdup2(octets, header->caplen),
        };
        g_array_append_val(replaying->captured, frame);
    }
    if (!file || result == PCAP_ERROR)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", path, file ? pcap_geterr(file) : why);
    if (file)
        pcap_close(file);
    return file && result != PCAP_ERROR;
}

static void emit(void *context, const struct packet *packet, time_ns now)
{
    struct replaying *replaying = context;
    struct frame frame = {now, packet->length, g_memdup2(packet_octets(packet), packet->length)};
    g_array_append_val(replaying->emitted, frame);
}

static void draw(void *context, uint32_t node, enum random_purpose purpose, void *octets, size_t length)
{
    struct replaying *replaying = context;
    journal_next_draw(replaying->journal, node, purpose, octets, length);
}

/* -- orders -- */

static bool give_order(struct replaying *replaying, const struct scenario_source *source,
                       const struct scenario_setting *settings, unsigned setting_count,
                       const struct journal_order *from, GError **error)
{
    struct network *network = replaying->simulation->network;
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_order *order =
        scenario_order_new(source, settings, setting_count, from->time, from->key, from->value, messages);
    if (!order) {
        char *text = scenario_messages_to_string(messages);
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "an order of the journal is none here: %s", text);
        g_free(text);
    } else {
        g_ptr_array_add(replaying->orders, order);
        network_run(network, from->time);
        for (unsigned i = 0; i < order->count; i++)
            simulation_order(replaying->simulation, order->actions[i]);
        network_run(network, from->time);
    }
    scenario_messages_free(messages);
    return order != NULL;
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

static char *tell_difference(uint64_t number, const struct frame *captured, const struct frame *emitted)
{
    char *was = captured ? tell_frame(captured) : g_strdup("nothing");
    char *is = emitted ? tell_frame(emitted) : g_strdup("nothing");
    uint32_t at = 0;
    while (captured && emitted && at < MIN(captured->length, emitted->length) &&
           captured->octets[at] == emitted->octets[at])
        at++;
    char *text = g_strdup_printf("emitted frame %" G_GUINT64_FORMAT " differs from octet %u on\n  captured %s\n  replayed %s",
                                 number, at, was, is);
    g_free(was);
    g_free(is);
    return text;
}

static bool is_sent(const struct replaying *replaying, const struct frame *captured)
{
    return captured->length >= 14 &&
           g_hash_table_contains(replaying->stations, number_of(captured->octets + SOURCE_AT));
}

static bool is_same(const struct frame *a, const struct frame *b)
{
    return a->length == b->length && memcmp(a->octets, b->octets, a->length) == 0;
}

/* Somebody else's capture may begin after the run: where among those emitted its first one is; 0 if nowhere. */
static guint find_beginning(const struct replaying *replaying)
{
    guint first = 0;
    while (first < replaying->captured->len && !is_sent(replaying, &g_array_index(replaying->captured, struct frame, first)))
        first++;
    for (guint i = 0; first < replaying->captured->len && i < replaying->emitted->len; i++)
        if (is_same(&g_array_index(replaying->captured, struct frame, first),
                    &g_array_index(replaying->emitted, struct frame, i)))
            return i;
    return 0;
}

static void compare(const struct replaying *replaying, bool exact, struct replay_outcome *outcome)
{
    guint at = 0;
    uint64_t number = 0;
    if (!exact)
        at = find_beginning(replaying);
    outcome->emitted = replaying->emitted->len - at;
    for (guint i = 0; i < replaying->captured->len; i++) {
        const struct frame *captured = &g_array_index(replaying->captured, struct frame, i);
        if (!is_sent(replaying, captured))
            continue;
        const struct frame *emitted =
            at < replaying->emitted->len ? &g_array_index(replaying->emitted, struct frame, at++) : NULL;
        number++;
        if (!outcome->difference &&
            (!emitted || (exact && emitted->time != captured->time) || !is_same(emitted, captured)))
            outcome->difference = tell_difference(number, captured, emitted);
    }
    outcome->captured = number;
    if (!outcome->difference && exact && at < replaying->emitted->len)
        outcome->difference = tell_difference(number + 1, NULL, &g_array_index(replaying->emitted, struct frame, at));
}

/* -- the run -- */

static bool feed(struct replaying *replaying, struct gate *gate, const struct scenario_source *source,
                 const struct scenario_setting *settings, unsigned setting_count, struct replay_outcome *outcome,
                 GError **error)
{
    struct network *network = replaying->simulation->network;
    GArray *orders = replaying->journal ? replaying->journal->orders : NULL;
    unsigned mtu = replaying->simulation->scenario->links[gate->port.link->group].mtu;
    guint order = 0;
    for (guint i = 0; i <= replaying->captured->len; i++) {
        const struct frame *frame =
            i < replaying->captured->len ? &g_array_index(replaying->captured, struct frame, i) : NULL;
        for (; orders && order < orders->len &&
               (!frame || g_array_index(orders, struct journal_order, order).time <= frame->time);
             order++)
            if (!give_order(replaying, source, settings, setting_count,
                            &g_array_index(orders, struct journal_order, order), error))
                return false;
        if (!frame || frame->length < 14 || tap_judge(frame->octets, frame->length, mtu) != TAP_FRAME_GOOD ||
            g_hash_table_contains(replaying->stations, number_of(frame->octets + SOURCE_AT)))
            continue;
        time_ns time = MAX(frame->time, network_now(network));
        network_run(network, time);
        gate_inject(gate, frame->octets, frame->length);
        network_run(network, time);
        outcome->fed++;
    }
    return true;
}

bool replay(const char *capture, const struct scenario *scenario, const struct scenario_source *source,
            const struct scenario_setting *settings, unsigned setting_count, uint32_t lan, uint64_t seed,
            struct journal *journal, struct replay_outcome *outcome, GError **error)
{
    struct replaying replaying = {
        .journal = journal,
        .captured = g_array_new(FALSE, FALSE, sizeof(struct frame)),
        .emitted = g_array_new(FALSE, FALSE, sizeof(struct frame)),
        .stations = g_hash_table_new(NULL, NULL),
        .orders = g_ptr_array_new_with_free_func((GDestroyNotify)scenario_order_free),
    };
    struct network_resources resources = {.context = &replaying};
    g_array_set_clear_func(replaying.captured, frame_clear);
    g_array_set_clear_func(replaying.emitted, frame_clear);
    *outcome = (struct replay_outcome){0};
    if (journal && journal->has_draws)
        resources.random = draw;
    bool good = read_capture(&replaying, capture, error);
    if (good) {
        replaying.simulation =
            simulation_new_with(scenario, journal ? journal->seed : seed, 0, NULL, &resources, error);
        good = replaying.simulation != NULL;
    }
    if (good) {
        GArray *captured = replaying.captured;
        bool exact = captured->len == 0 || g_array_index(captured, struct frame, 0).time < SECONDS(1000000000);
        time_ns begun = exact || !journal ? 0 : journal->begun;
        for (guint i = 0; i < captured->len; i++)
            g_array_index(captured, struct frame, i).time = MAX(g_array_index(captured, struct frame, i).time - begun, 0);
        find_stations(&replaying);
        struct gate *gate = gate_new(replaying.simulation->network, simulation_link(replaying.simulation, lan, 0),
                                     emit, &replaying);
        time_ns last = captured->len ? g_array_index(captured, struct frame, captured->len - 1).time : 0;
        good = feed(&replaying, gate, source, settings, setting_count, outcome, error);
        if (good && network_now(replaying.simulation->network) <= last)
            network_run(replaying.simulation->network, last);
        time_ns end = journal && journal->end != TIME_NEVER ? journal->end : last;
        if (good && end > last)
            network_run(replaying.simulation->network, exact ? end : time_add(last, MILLISECONDS(100)));
        if (good)
            compare(&replaying, exact, outcome);
        outcome->missing = journal ? journal->missing : 0;
    }
    simulation_free(replaying.simulation);
    g_ptr_array_free(replaying.orders, TRUE);
    g_hash_table_destroy(replaying.stations);
    g_array_free(replaying.captured, TRUE);
    g_array_free(replaying.emitted, TRUE);
    return good;
}
