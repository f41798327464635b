/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture.h - what a link carries, as a pcap file of nanosecond resolution (libpcap) that Wireshark and
 * tcpdump open.
 *
 * A frame is recorded when it arrives at the far end of the link, as a listener there would see it; what the
 * link has lost is not in the file. Point-to-point links: LINKTYPE_RAW (IPv6 packets); LANs:
 * LINKTYPE_ETHERNET.
 */
#ifndef MIP6SIM_SIM_NETWORK_CAPTURE_H
#define MIP6SIM_SIM_NETWORK_CAPTURE_H

#include <glib.h>
#include <stdbool.h>

#include "models/base/packet.h"
#include "models/base/time.h"

struct capture;

/*
 * The capture is written to PATH.part and gets its name when it is complete (capture_finish), so that an
 * earlier one is not lost to a run that fails. NULL and error (G_FILE_ERROR) if it cannot be made.
 */
struct capture *capture_open(const char *path, bool ethernet, GError **error);
const char *capture_path(const struct capture *capture); /* as it was opened */
void capture_frame(struct capture *capture, const struct packet *frame, time_ns now);
/* Writes what is buffered, puts the file under its name, frees. False and error: some of it could not be
 * written. */
bool capture_finish(struct capture *capture, GError **error);
/* Gives up: removes the unfinished file, frees. NULL is harmless. */
void capture_abandon(struct capture *capture);

#endif
