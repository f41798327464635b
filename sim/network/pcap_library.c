/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcap_library.c - see pcap_library.h. The library goes by two names: Debian's, and everybody else's.
 */
#include "sim/network/pcap_library.h"

#include <dlfcn.h>
#include <string.h>

static void *open_any(void)
{
    void *handle = dlopen("libpcap.so.0.8", RTLD_NOW | RTLD_LOCAL);
    return handle ? handle : dlopen("libpcap.so.1", RTLD_NOW | RTLD_LOCAL);
}

/* A function's address as ISO C has it: no conversion from an object's. */
static bool find(void *handle, const char *name, void *function, size_t size)
{
    void *found = dlsym(handle, name);
    memcpy(function, &found, size);
    return found != NULL;
}

bool pcap_library_open(struct pcap_library *library, GError **error)
{
    *library = (struct pcap_library){.handle = open_any()};
    bool good = library->handle != NULL;
#define X(name) good = good && find(library->handle, #name, &library->name, sizeof library->name);
    PCAP_FUNCTIONS(X)
#undef X
    if (!good)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "captures need libpcap: %s", dlerror());
    return good;
}

void pcap_library_close(struct pcap_library *library)
{
    if (library->handle)
        dlclose(library->handle);
    *library = (struct pcap_library){.handle = NULL};
}
