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

static void add_address(GChecksum *hash, const struct ipv6_address *address)
{
    g_checksum_update(hash, (address ? address : &ipv6_unspecified)->octets, 16);
}

static void add_frame(GChecksum *hash, const struct packet *frame)
{
    add_number(hash, frame->length);
    g_checksum_update(hash, packet_octets(frame), (gssize)frame->length);
}

void fingerprint_frame(struct fingerprint *fingerprint, uint32_t port, const struct packet *frame,
                       time_ns now)
{
    if (port >= fingerprint->senders->len)
        g_ptr_array_set_size(fingerprint->senders, (gint)port + 1);
    void **sender = &g_ptr_array_index(fingerprint->senders, port);
    if (!*sender)
        *sender = g_checksum_new(G_CHECKSUM_SHA256);
    add_frame(*sender, frame);
    add_number(fingerprint->everything, (uint64_t)now);
    add_number(fingerprint->everything, port);
    add_frame(fingerprint->everything, frame);
}

/* By the texts of its kind and reason, not by their numbers, which change when a new one is put among them.
 */
void fingerprint_report(struct fingerprint *fingerprint, uint32_t node, const struct protocol_event *event)
{
    GChecksum *hash = fingerprint->everything;
    const struct ipv6_address *const addresses[] = {
        event->source,       event->destination,     event->wire_source, event->wire_destination,
        event->home_address, event->care_of_address, event->peer};
    add_number(hash, (uint64_t)event->time);
    add_number(hash, node);
    add_text(hash, protocol_event_text(event->kind));
    add_text(hash, discard_reason_text(event->reason));
    add_number(hash, event->interface);
    add_text(hash, event->message);
    add_text(hash, event->from);
    add_text(hash, event->to);
    for (unsigned i = 0; i < G_N_ELEMENTS(addresses); i++)
        add_address(hash, addresses[i]);
    add_number(hash, (uint64_t)event->sequence);
    add_number(hash, (uint64_t)event->status);
    add_number(hash, (uint64_t)event->lifetime);
    add_number(hash, event->octets);
    add_number(hash, event->flow);
    add_number(hash, event->flow_sequence);
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
    g_checksum_free(all);
    write_text(fingerprint->everything, everything);
}
