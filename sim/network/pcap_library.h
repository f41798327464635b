/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcap_library.h - libpcap, brought in by those who write or read a capture.
 *
 * Linked in, it and the eight libraries behind it (D-Bus and what that needs) would be a megabyte and a half
 * millisecond of each start of a program that most of the time has no use for them.
 */
#ifndef MIP6SIM_SIM_NETWORK_PCAP_LIBRARY_H
#define MIP6SIM_SIM_NETWORK_PCAP_LIBRARY_H

#include <glib.h>
#include <pcap/pcap.h>
#include <stdbool.h>

/* X(the name of a function of libpcap), as its header declares it. */
#define PCAP_FUNCTIONS(X)                    \
    X(pcap_close)                            \
    X(pcap_datalink)                         \
    X(pcap_dump)                             \
    X(pcap_dump_close)                       \
    X(pcap_dump_file)                        \
    X(pcap_dump_flush)                       \
    X(pcap_dump_fopen)                       \
    X(pcap_geterr)                           \
    X(pcap_next_ex)                          \
    X(pcap_open_dead_with_tstamp_precision)  \
    X(pcap_open_offline_with_tstamp_precision)

struct pcap_library {
    void *handle;
#define X(name) __typeof__(name) *name;
    PCAP_FUNCTIONS(X)
#undef X
};

/* False and error (G_FILE_ERROR): it is not there, or lacks a function. Close it in any case; zeroed, it is
 * closed. It may be open any number of times. */
bool pcap_library_open(struct pcap_library *library, GError **error);
void pcap_library_close(struct pcap_library *library);

#endif
