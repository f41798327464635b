/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_environment.c - see recording_environment.h. The generator is SplitMix64 over (seed, purpose,
 * position): good enough to look random, short enough to be read at a glance.
 */
#include "tests/unit/recording_environment.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/error.h"

static struct recording_environment *recorder_of(struct environment *environment)
{
    return (struct recording_environment *)environment;
}

static void record_transmit(struct environment *environment, unsigned interface, struct packet *packet)
{
    struct recording_environment *recorder = recorder_of(environment);
    if (recorder->transmitted) {
        recorder->transmitted(recorder, interface, packet);
        return;
    }
    struct recorded_frame frame = {.time = recorder->now, .interface = interface, .packet = packet};
    g_array_append_val(recorder->frames, frame);
}

static struct recorded_group *find_group(const struct recording_environment *recorder, unsigned interface,
                                         const struct ethernet_address *group)
{
    for (unsigned i = 0; i < recorder->groups->len; i++) {
        struct recorded_group *recorded = &g_array_index(recorder->groups, struct recorded_group, i);
        if (recorded->interface == interface && ethernet_address_equal(&recorded->group, group))
            return recorded;
    }
    return NULL;
}

static void record_listen(struct environment *environment, unsigned interface,
                          const struct ethernet_address *group, bool on)
{
    struct recording_environment *recorder = recorder_of(environment);
    struct recorded_group *recorded = find_group(recorder, interface, group);
    if (!recorded) {
        struct recorded_group fresh = {.interface = interface, .group = *group, .count = 0};
        g_array_append_val(recorder->groups, fresh);
        recorded = find_group(recorder, interface, group);
    }
    recorded->count += on ? 1 : -1;
    g_assert_cmpint(recorded->count, >=, 0);
}

static uint64_t mix(uint64_t value)
{
    value += UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static uint8_t random_octet(struct recording_environment *recorder, enum random_purpose purpose)
{
    GByteArray *script = recorder->script[purpose];
    if (script->len > 0) {
        uint8_t octet = script->data[0];
        g_byte_array_remove_index(script, 0);
        return octet;
    }
    uint64_t position = recorder->drawn[purpose]++;
    uint64_t block = mix(mix(recorder->seed) ^ (uint64_t)purpose << 56 ^ position / 8);
    return (uint8_t)(block >> 8 * (position % 8));
}

static void record_random(struct environment *environment, enum random_purpose purpose, void *octets,
                          size_t length)
{
    for (size_t i = 0; i < length; i++)
        ((uint8_t *)octets)[i] = random_octet(recorder_of(environment), purpose);
}

static const struct ipv6_address *copy_address(struct ipv6_address *copy, const struct ipv6_address *address)
{
    if (!address)
        return NULL;
    *copy = *address;
    return copy;
}

struct recorded_event *recorded_event_copy(const struct protocol_event *event)
{
    struct recorded_event *copy = g_new0(struct recorded_event, 1);
    copy->event = *event;
    copy->event.source = copy_address(&copy->source, event->source);
    copy->event.destination = copy_address(&copy->destination, event->destination);
    copy->event.wire_source = copy_address(&copy->wire_source, event->wire_source);
    copy->event.wire_destination = copy_address(&copy->wire_destination, event->wire_destination);
    copy->event.home_address = copy_address(&copy->home_address, event->home_address);
    copy->event.care_of_address = copy_address(&copy->care_of_address, event->care_of_address);
    copy->event.peer = copy_address(&copy->peer, event->peer);
    if (event->packet) {
        struct packet *packet = packet_new(event->packet->pool, 0, event->packet->length);
        memcpy(packet_octets(packet), packet_octets(event->packet), packet->length);
        copy->event.packet = packet;
    }
    return copy;
}

void recorded_event_free(struct recorded_event *event)
{
    packet_release((struct packet *)(uintptr_t)event->event.packet);
    g_free(event);
}

static void free_event(gpointer event)
{
    recorded_event_free(event);
}

static void record_report(struct environment *environment, const struct protocol_event *event)
{
    struct recording_environment *recorder = recorder_of(environment);
    g_assert_true(environment_watches(environment, event->kind));
    if (recorder->reported)
        recorder->reported(recorder, event);
    else
        g_ptr_array_add(recorder->events, recorded_event_copy(event));
}

static void record_deliver(struct environment *environment, const struct delivery *delivery)
{
    g_array_append_vals(recorder_of(environment)->deliveries, delivery, 1);
}

static int record_store_write(struct environment *environment, const void *key, size_t key_length,
                              const void *value, size_t length)
{
    struct recording_environment *recorder = recorder_of(environment);
    if (recorder->storage_fails)
        return ERROR_MEMORY;
    g_hash_table_replace(recorder->storage, g_bytes_new(key, key_length), g_bytes_new(value, length));
    return 0;
}

static int record_store_read(struct environment *environment, const void *key, size_t key_length, void *value,
                             size_t size)
{
    struct recording_environment *recorder = recorder_of(environment);
    GBytes *wanted = g_bytes_new(key, key_length);
    GBytes *found = g_hash_table_lookup(recorder->storage, wanted);
    g_bytes_unref(wanted);
    if (!found)
        return ERROR_NOT_FOUND;
    gsize length;
    const void *octets = g_bytes_get_data(found, &length);
    if (length > 0 && size > 0)
        memcpy(value, octets, MIN(length, size));
    return (int)length;
}

static const struct environment_operations operations = {
    .transmit = record_transmit,
    .listen = record_listen,
    .random = record_random,
    .report = record_report,
    .deliver = record_deliver,
    .store_write = record_store_write,
    .store_read = record_store_read,
};

void recording_environment_init(struct recording_environment *recorder, struct packet_pool *packets)
{
    *recorder = (struct recording_environment){.packets = packets};
    if (!packets) {
        recorder->packets = packet_pool_new();
        recorder->owns_packets = true;
    }
    recorder->environment.operations = &operations;
    recorder->environment.packets = recorder->packets;
    recorder->environment.watch = UINT64_MAX;
    recorder->frames = g_array_new(FALSE, FALSE, sizeof(struct recorded_frame));
    recorder->events = g_ptr_array_new_with_free_func(free_event);
    recorder->deliveries = g_array_new(FALSE, FALSE, sizeof(struct delivery));
    recorder->groups = g_array_new(FALSE, FALSE, sizeof(struct recorded_group));
    recorder->storage = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref,
                                              (GDestroyNotify)g_bytes_unref);
    for (unsigned i = 0; i < RANDOM_PURPOSES; i++)
        recorder->script[i] = g_byte_array_new();
}

void recording_environment_clear(struct recording_environment *recorder)
{
    for (unsigned i = 0; i < recorder->frames->len; i++)
        packet_release(recording_frame(recorder, i)->packet);
    g_array_set_size(recorder->frames, 0);
    g_ptr_array_set_size(recorder->events, 0);
    g_array_set_size(recorder->deliveries, 0);
}

void recording_environment_free(struct recording_environment *recorder)
{
    recording_environment_clear(recorder);
    g_array_free(recorder->frames, TRUE);
    g_ptr_array_free(recorder->events, TRUE);
    g_array_free(recorder->deliveries, TRUE);
    g_array_free(recorder->groups, TRUE);
    g_hash_table_destroy(recorder->storage);
    for (unsigned i = 0; i < RANDOM_PURPOSES; i++)
        g_byte_array_free(recorder->script[i], TRUE);
    if (recorder->owns_packets) {
        g_assert_cmpuint(packet_pool_outstanding(recorder->packets), ==, 0);
        packet_pool_free(recorder->packets);
    }
}

void recording_environment_script(struct recording_environment *recorder, enum random_purpose purpose,
                                  const void *octets, size_t length)
{
    g_byte_array_append(recorder->script[purpose], octets, (guint)length);
}

/* -- looking at what was recorded -- */

unsigned recording_frame_count(const struct recording_environment *recorder)
{
    return recorder->frames->len;
}

struct recorded_frame *recording_frame(const struct recording_environment *recorder, unsigned index)
{
    g_assert_cmpuint(index, <, recorder->frames->len);
    return &g_array_index(recorder->frames, struct recorded_frame, index);
}

unsigned recording_event_count(const struct recording_environment *recorder)
{
    return recorder->events->len;
}

const struct protocol_event *recording_event(const struct recording_environment *recorder, unsigned index)
{
    g_assert_cmpuint(index, <, recorder->events->len);
    return &((const struct recorded_event *)g_ptr_array_index(recorder->events, index))->event;
}

unsigned recording_count_events(const struct recording_environment *recorder, enum protocol_event_kind kind)
{
    unsigned count = 0;
    for (unsigned i = 0; i < recorder->events->len; i++)
        count += recording_event(recorder, i)->kind == kind;
    return count;
}

const struct protocol_event *recording_last_event(const struct recording_environment *recorder,
                                                  enum protocol_event_kind kind)
{
    for (unsigned i = recorder->events->len; i-- > 0;)
        if (recording_event(recorder, i)->kind == kind)
            return recording_event(recorder, i);
    return NULL;
}

enum discard_reason recording_last_discard(const struct recording_environment *recorder)
{
    for (unsigned i = recorder->events->len; i-- > 0;) {
        const struct protocol_event *event = recording_event(recorder, i);
        if (event->kind == EVENT_PACKET_DISCARDED || event->kind == EVENT_MESSAGE_DISCARDED)
            return event->reason;
    }
    return DISCARD_NONE;
}

bool recording_listens(const struct recording_environment *recorder, unsigned interface,
                       const struct ethernet_address *group)
{
    const struct recorded_group *recorded = find_group(recorder, interface, group);
    return recorded && recorded->count > 0;
}

/* -- entering the node -- */

struct packet *recording_packet(struct recording_environment *recorder, const void *octets, size_t length)
{
    struct packet *packet = packet_new(recorder->packets, PACKET_HEADROOM, length);
    if (length > 0)
        memcpy(packet_octets(packet), octets, length);
    return packet;
}

void recording_receive(struct recording_environment *recorder, struct node *node, unsigned interface,
                       const void *octets, size_t length, time_ns now)
{
    recorder->now = now;
    node_receive(node, interface, recording_packet(recorder, octets, length), now);
}

void recording_link(struct recording_environment *recorder, struct node *node, unsigned interface, bool up,
                    time_ns now)
{
    recorder->now = now;
    node_link_changed(node, interface, up, now);
}

void recording_run(struct recording_environment *recorder, struct node *node, time_ns until)
{
    while (node_deadline(node) <= until) {
        recorder->now = MAX(recorder->now, node_deadline(node));
        node_wake(node, recorder->now);
    }
    recorder->now = MAX(recorder->now, until);
}

struct ipv6_address address_from(const char *text)
{
    struct ipv6_address address;
    if (inet_pton(AF_INET6, text, address.octets) != 1)
        g_error("%s is not an IPv6 address", text);
    return address;
}

size_t octets_from(const char *hexadecimal, uint8_t *octets, size_t size)
{
    size_t count = 0;
    for (const char *c = hexadecimal; *c; c++) {
        if (g_ascii_isspace(*c))
            continue;
        g_assert_true(g_ascii_isxdigit(c[0]) && g_ascii_isxdigit(c[1]));
        g_assert_cmpuint(count, <, size);
        octets[count++] = (uint8_t)(g_ascii_xdigit_value(c[0]) << 4 | g_ascii_xdigit_value(c[1]));
        c++;
    }
    return count;
}
