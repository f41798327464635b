/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fingerprint.c - see fingerprint.h. Each record goes into the hash with its length or at a fixed length, so
 * that no two sequences of records look alike.
 */
#include "sim/measure/fingerprint.h"

#include <string.h>

struct fingerprint {
    GChecksum *everything;
    GPtrArray *senders; /* GChecksum, by port; NULL: has sent nothing */
};

static void checksum_free(void *checksum)
{
    if (checksum)
        g_checksum_free(checksum);
}

struct fingerprint *fingerprint_new(void)
{
    struct fingerprint *fingerprint = g_new0(struct fingerprint, 1);
    fingerprint->everything = g_checksum_new(G_CHECKSUM_SHA256);
    fingerprint->senders = g_ptr_array_new_with_free_func(checksum_free);
    return fingerprint;
}

void fingerprint_free(struct fingerprint *fingerprint)
{
    if (!fingerprint)
        return;
    g_ptr_array_unref(fingerprint->senders);
    g_checksum_free(fingerprint->everything);
    g_free(fingerprint);
}

static void add_number(GChecksum *hash, uint64_t number)
{
    uint64_t octets = GUINT64_TO_BE(number);
    g_checksum_update(hash, (const guchar *)&octets, sizeof octets);
}

static void add_text(GChecksum *hash, const char *text)
{
    g_checksum_update(hash, (const guchar *)(text ? text : ""), text ? (gssize)strlen(text) + 1 : 1);
}

/* Of a frame its octets go into its sender's hash alone, which goes into everything's at the end. */
void fingerprint_frame(struct fingerprint *fingerprint, uint32_t port, const struct packet *frame,
                       time_ns now)
{
    if (port >= fingerprint->senders->len)
        g_ptr_array_set_size(fingerprint->senders, (gint)port + 1);
    void **sender = &g_ptr_array_index(fingerprint->senders, port);
    if (!*sender)
        *sender = g_checksum_new(G_CHECKSUM_SHA256);
    add_number(*sender, frame->length);
    g_checksum_update(*sender, packet_octets(frame), (gssize)frame->length);
    const uint64_t arrival[] = {GUINT64_TO_BE((uint64_t)now),
                                GUINT64_TO_BE((uint64_t)port << 32 | frame->length)};
    g_checksum_update(fingerprint->everything, (const guchar *)arrival, sizeof arrival);
}

static unsigned put_text(uint8_t *octets, const char *text)
{
    size_t length = text ? MIN(strlen(text), 60) : 0;
    octets[0] = (uint8_t)length;
    if (length > 0)
        memcpy(octets + 1, text, length);
    return (unsigned)length + 1;
}

static unsigned put_address(uint8_t *octets, const struct ipv6_address *address)
{
    octets[0] = address != NULL;
    if (address)
        memcpy(octets + 1, address->octets, 16);
    return address ? 17 : 1;
}

/* By the texts of its kind and reason, not by their numbers, which change when a new one is put among them.
 * What is forwarded is seen on its links. */
void fingerprint_report(struct fingerprint *fingerprint, uint32_t node, const struct protocol_event *event)
{
    if (event->kind == EVENT_PACKET_FORWARDED)
        return;
    const struct ipv6_address *const addresses[] = {
        event->source,       event->destination,     event->wire_source, event->wire_destination,
        event->home_address, event->care_of_address, event->peer};
    const char *const texts[] = {protocol_event_text(event->kind), discard_reason_text(event->reason),
                                 event->message, event->from, event->to};
    const uint64_t numbers[] = {
        GUINT64_TO_BE((uint64_t)event->time),
        GUINT64_TO_BE((uint64_t)node << 32 | event->interface),
        GUINT64_TO_BE((uint64_t)(uint32_t)event->sequence << 32 | (uint32_t)event->status),
        GUINT64_TO_BE((uint64_t)(uint32_t)event->lifetime << 32 | event->octets),
        GUINT64_TO_BE((uint64_t)event->flow << 32 | event->flow_sequence),
    };
    uint8_t octets[G_N_ELEMENTS(addresses) * 17 + G_N_ELEMENTS(texts) * 61 + sizeof numbers];
    size_t length = sizeof numbers;
    memcpy(octets, numbers, sizeof numbers);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        length += put_text(octets + length, texts[i]);
    for (unsigned i = 0; i < G_N_ELEMENTS(addresses); i++)
        length += put_address(octets + length, addresses[i]);
    g_checksum_update(fingerprint->everything, octets, (gssize)length);
}

static void write_text(GChecksum *hash, char text[FINGERPRINT_TEXT_LENGTH])
{
    g_strlcpy(text, g_checksum_get_string(hash), FINGERPRINT_TEXT_LENGTH);
}

void fingerprint_finish(struct fingerprint *fingerprint, char everything[FINGERPRINT_TEXT_LENGTH],
                        char wire[FINGERPRINT_TEXT_LENGTH])
{
    GChecksum *all = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < fingerprint->senders->len; i++) {
        if (!g_ptr_array_index(fingerprint->senders, i))
            continue;
        add_number(all, i);
        add_text(all, g_checksum_get_string(g_ptr_array_index(fingerprint->senders, i)));
    }
    write_text(all, wire);
    add_text(fingerprint->everything, g_checksum_get_string(all));
    g_checksum_free(all);
    write_text(fingerprint->everything, everything);
}
