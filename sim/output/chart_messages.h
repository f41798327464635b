/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart_messages.h - the mobility messages of a run, each send with its receipt.
 *
 * The files tell of sends and receipts, not which belongs to which; that is found out so (RFC 6275 messages
 * have no number of their own that all carry):
 *
 *  1. A receipt (or a message discarded where it arrived) is of a message that was sent before, by another
 *     node, with the same type, source, destination, home and care-of address, sequence number, status and
 *     lifetime. Retransmitted Binding Updates differ by their sequence numbers (11.8).
 *  2. Of several that are equal in all that (a Home Test Init sent again), it is of the latest that is not
 *     taken yet: what went before it is lost, since nobody sends again before an answer is overdue. Then
 *     those that are taken are put in order, the first sent to the first arrived: between equals it makes no
 *     difference, and arrows do not cross without need.
 *  3. If all are taken it is a duplicate of the latest; so too if it comes so soon behind the latest's
 *     receipt (half the time between the two sends) that the network has rather copied one than delayed the
 *     other.
 *  4. What has no equal at all is of the latest untaken message of the same type between the same addresses
 *     (somebody altered it on the way), or was sent by somebody who does not report: an attacker.
 *  5. A message that no receipt is found for was lost on the way. Whom it was for is known from who
 *     receives what is sent to that address, and from the addresses in run.json.
 */
#ifndef MIP6SIM_SIM_OUTPUT_CHART_MESSAGES_H
#define MIP6SIM_SIM_OUTPUT_CHART_MESSAGES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/format/csv.h"

/* A row of messages.csv; texts are valid as long as the table. */
struct chart_message {
    size_t row;
    double time;
    const char *node, *name, *source, *destination, *home_address, *reason;
    char *key; /* what it has in common with its receipt */
    bool sent, discarded;
    gssize partner; /* send: its first receipt; receipt: its send; -1: none */
    bool duplicate;
};

/* Those of this run, in the order of the rows, paired: of struct chart_message. Free with g_array_unref. */
GArray *chart_messages_of_run(const struct csv_table *table, uint64_t point, uint64_t replication);

static inline struct chart_message *chart_message_at(const GArray *messages, size_t index)
{
    return &g_array_index(messages, struct chart_message, index);
}

#endif
