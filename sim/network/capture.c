/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture.c - pcap files through libpcap. The instant 0 of a run is the Unix epoch, so that times in the
 * capture are the run's own.
 */
#include "sim/network/capture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>

#include "sim/network/pcap_library.h"

#define SNAPSHOT_LENGTH 262144
#define BUFFER_LENGTH   65536

struct capture {
    struct pcap_library library;
    pcap_t *handle;
    pcap_dumper_t *dumper;
    char *path;
    char *unfinished; /* its name until then */
    char *buffer;
};

static void set_error(GError **error, const char *path, int number)
{
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(number), "%s: cannot write: %s", path,
                g_strerror(number));
}

static void close_file(struct capture *capture)
{
    if (capture->dumper)
        capture->library.pcap_dump_close(capture->dumper);
    capture->dumper = NULL;
}

static void capture_free(struct capture *capture)
{
    close_file(capture);
    if (capture->handle)
        capture->library.pcap_close(capture->handle);
    pcap_library_close(&capture->library);
    g_free(capture->buffer);
    g_free(capture->unfinished);
    g_free(capture->path);
    g_free(capture);
}

struct capture *capture_open(const char *path, bool ethernet, GError **error)
{
    struct capture *capture = g_new0(struct capture, 1);
    if (!pcap_library_open(&capture->library, error)) {
        capture_free(capture);
        return NULL;
    }
    capture->path = g_strdup(path);
    capture->unfinished = g_strconcat(path, ".part", NULL);
    FILE *file = g_fopen(capture->unfinished, "wb");
    if (!file) {
        set_error(error, capture->unfinished, errno);
        capture_free(capture);
        return NULL;
    }
    capture->buffer = g_malloc(BUFFER_LENGTH);
    setvbuf(file, capture->buffer, _IOFBF, BUFFER_LENGTH);
    const struct pcap_library *library = &capture->library;
    capture->handle = library->pcap_open_dead_with_tstamp_precision(
        ethernet ? DLT_EN10MB : DLT_RAW, SNAPSHOT_LENGTH, PCAP_TSTAMP_PRECISION_NANO);
    capture->dumper = capture->handle ? library->pcap_dump_fopen(capture->handle, file) : NULL;
    if (!capture->dumper) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", path,
                    capture->handle ? library->pcap_geterr(capture->handle) : "out of memory");
        fclose(file);
        capture_abandon(capture);
        return NULL;
    }
    return capture;
}

const char *capture_path(const struct capture *capture)
{
    return capture->path;
}

void capture_frame(struct capture *capture, const struct packet *frame, time_ns now)
{
    struct pcap_pkthdr header = {
        .ts = {.tv_sec = (time_t)(now / 1000000000),
               .tv_usec = (suseconds_t)(now % 1000000000)}, /* nanoseconds */
        .caplen = frame->length,
        .len = frame->length,
    };
    capture->library.pcap_dump((u_char *)capture->dumper, &header, packet_octets(frame));
}

bool capture_finish(struct capture *capture, GError **error)
{
    errno = 0;
    const struct pcap_library *library = &capture->library;
    bool good = library->pcap_dump_flush(capture->dumper) == 0 &&
                !ferror(library->pcap_dump_file(capture->dumper));
    if (!good) {
        set_error(error, capture->path, errno ? errno : EIO);
        capture_abandon(capture);
        return false;
    }
    close_file(capture);
    good = g_rename(capture->unfinished, capture->path) == 0;
    if (!good)
        set_error(error, capture->path, errno);
    capture_free(capture);
    return good;
}

void capture_abandon(struct capture *capture)
{
    if (!capture)
        return;
    close_file(capture);
    g_unlink(capture->unfinished);
    capture_free(capture);
}
