/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture.h - what a link carries, as a pcap file of nanosecond resolution (libpcap) that Wireshark and tcpdump open.
 *
 * A frame is recorded when it arrives at the far end of the link, as a listener there would see it; what the link has
 * lost is not in the file. Point-to-point links: LINKTYPE_RAW (IPv6 packets); LANs: LINKTYPE_ETHERNET.
 */
#ifndef MIP6SIM_SIM_NETWORK_CAPTURE_H
#define MIP6SIM_SIM_NETWORK_CAPTURE_H

#include <glib.h>
#include <stdbool.h>

#include "models/base/packet.h"
#include "models/base/time.h"

struct capture;

/* Creates or replaces the file. NULL and error (G_FILE_ERROR) if that cannot be done. */
struct capture *capture_open(const char *path, bool ethernet, GError **error);
void capture_frame(struct capture *capture, const struct packet *frame, time_ns now);
/* Writes what is buffered; false and error if anything could not be written since capture_open. */
bool capture_flush(struct capture *capture, GError **error);
void capture_close(struct capture *capture); /* NULL is harmless; capture_flush first to learn of errors */

#endif
