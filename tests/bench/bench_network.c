/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_network.c - what packets, nodes and handovers cost. CPU time; each part runs in a process of its own,
 * so that memory is its own too. An argument chooses a part (chain, captures, hosts, mobile, esp); none: all.
 *
 *   chain      constant bit rate UDP of 100 octets over four routers (five hops): ns a hop, allocations a hop
 *   captures   the same with a capture on every link
 *   hosts      10,000 hosts on 100 access routers, a packet a second each for 10 s: octets a host, set-up and
 * run time mobile     10,000 mobile nodes away from home, each with one correspondent binding, doing one
 * handover between visited links esp        the same with ESP between mobile nodes and home agent
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_discovery.h"
#include "models/mobility/mobility.h"
#include "sim/network/simulation.h"

/* -- allocations are counted by standing in for malloc -- */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);

static uint64_t allocations;

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    allocations++;
    return __libc_realloc(memory, size);
}

static double cpu(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double resident(void)
{
    long pages = 0, total = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file) {
        if (fscanf(file, "%ld %ld", &total, &pages) != 2)
            pages = 0;
        fclose(file);
    }
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static void print(const char *name, double value, const char *unit)
{
    printf("%-58s %12.6g %s\n", name, value, unit);
    fflush(stdout);
}

static void fail(const char *what)
{
    fprintf(stderr, "bench_network: %s\n", what);
    exit(1);
}

/* -- scenarios from text -- */

struct study {
    struct scenario_source *source;
    struct scenario *scenario;
    struct simulation *simulation;
    double read_time, build_time;
};

static void study_open(struct study *study, const char *text)
{
    double start = cpu();
    struct scenario_messages *messages = scenario_messages_new();
    study->source = scenario_source_read_text("bench.ini", text, strlen(text), NULL, messages);
    study->scenario = study->source ? scenario_build(study->source, NULL, 0, messages) : NULL;
    if (!study->scenario)
        fail(scenario_messages_to_string(messages));
    scenario_messages_free(messages);
    study->read_time = cpu() - start;
    start = cpu();
    GError *error = NULL;
    study->simulation = simulation_new(study->scenario, 1, 0, NULL, &error);
    if (!study->simulation)
        fail(error->message);
    study->build_time = cpu() - start;
}

static uint64_t datagrams_received(const struct study *study, const char *name)
{
    for (uint32_t i = 0; i < study->scenario->node_count; i++)
        if (strcmp(study->scenario->nodes[i].name, name) == 0) {
            gpointer node = GUINT_TO_POINTER(study->scenario->nodes[i].first);
            const struct flow_sink *sink = g_hash_table_lookup(study->simulation->sinks, node);
            return sink ? sink->datagrams : 0;
        }
    return 0;
}

static void study_close(struct study *study)
{
    simulation_free(study->simulation);
    scenario_free(study->scenario);
    scenario_source_free(study->source);
}

/* -- the chain -- */

enum { CHAIN_ROUTERS = 4, CHAIN_PACKETS = 400000, CHAIN_WARM = 20000 };

static char *chain_text(void)
{
    GString *text = g_string_new(NULL);
    g_string_printf(text, "[scenario]\nduration = %ds\n[host source]\n", CHAIN_PACKETS / 10000 + 3);
    for (int i = 1; i <= CHAIN_ROUTERS; i++)
        g_string_append_printf(text, "[router r%d]\n", i);
    g_string_append(text, "[host sink]\n");
    for (int i = 0; i <= CHAIN_ROUTERS; i++) {
        char *from = i == 0 ? g_strdup("source") : g_strdup_printf("r%d", i);
        char *to = i == CHAIN_ROUTERS ? g_strdup("sink") : g_strdup_printf("r%d", i + 1);
        g_string_append_printf(text, "[point-to-point l%d]\nbetween = %s, %s\nrate = 1Gbit/s\ndelay = 1ms\n",
                               i, from, to);
        g_free(from);
        g_free(to);
    }
    g_string_append_printf(
        text,
        "[flow f]\nfrom = source\nto = sink\ninterval = 100us\npayload = 100B\nstart = 2s\npackets = %d\n",
        CHAIN_PACKETS);
    return g_string_free(text, FALSE);
}

static void chain(bool captures)
{
    char *text = chain_text();
    struct study study;
    study_open(&study, text);
    struct network *network = study.simulation->network;
    char *directory = NULL;
    if (captures) {
        GError *error = NULL;
        directory = g_dir_make_tmp("mip6sim-bench-XXXXXX", &error);
        if (!directory)
            fail(error->message);
        for (uint32_t i = 0; i < study.scenario->link_count; i++)
            if (!simulation_capture(study.simulation, i, directory, &error))
                fail(error->message);
    }
    network_run(network, SECONDS(2) + CHAIN_WARM * MICROSECONDS(100));
    uint64_t hops = network->packet_hops, allocated = allocations,
             events = engine_event_count(&network->engine);
    double start = cpu();
    simulation_run(study.simulation);
    if (captures && !simulation_finish_captures(study.simulation, NULL))
        fail("cannot write captures");
    double time = cpu() - start;
    hops = network->packet_hops - hops;
    events = engine_event_count(&network->engine) - events;
    const char *name = captures ? "chain, captures on every link" : "chain, captures off";
    char *line = g_strdup_printf("%s: a packet-hop", name);
    print(line, 1e9 * time / (double)hops, "ns");
    g_free(line);
    if (captures) {
        print("chain, captures on every link: packet-hops", (double)hops / time / 1e6, "million/s");
    } else {
        print("chain, captures off: events a packet-hop", (double)events / (double)hops, "");
        print("chain, captures off: heap allocations a packet-hop",
              (double)(allocations - allocated) / (double)hops, "");
    }
    if (datagrams_received(&study, "sink") != CHAIN_PACKETS)
        fail("packets are missing");
    for (uint32_t i = 0; captures && i < study.scenario->link_count; i++) {
        char *path = g_strdup_printf("%s/%s.pcap", directory, study.scenario->links[i].name);
        g_unlink(path);
        g_free(path);
    }
    if (directory)
        g_rmdir(directory);
    g_free(directory);
    study_close(&study);
    g_free(text);
}

/* -- hosts -- */

enum { ACCESS = 100, PER_ACCESS = 100, HOSTS = ACCESS * PER_ACCESS };

static void hosts(void)
{
    GString *text =
        g_string_new("[scenario]\nduration = 14.5s\n[host sink]\n[router core]\n"
                     "[point-to-point to-sink]\nbetween = core, sink\nrate = 1Gbit/s\ndelay = 1ms\n");
    for (int i = 1; i <= ACCESS; i++)
        g_string_append_printf(
            text,
            "[router a%d]\n[point-to-point up%d]\nbetween = core, a%d\nrate = 1Gbit/s\ndelay = 1ms\n"
            "[host h%d]\ncount = %d\n"
            "[point-to-point l%d]\nbetween = a%d, h%d\nrate = 1Gbit/s\ndelay = 1ms\n"
            "[flow f%d]\nfrom = h%d\nto = sink\ninterval = 1s\npayload = 100B\npackets = 10\nstart = "
            "uniform(3s, 4s)\n",
            i, i, i, i, PER_ACCESS, i, i, i, i, i);
    double memory = resident();
    size_t heap = mallinfo2().uordblks + mallinfo2().hblkhd;
    struct study study;
    study_open(&study, text->str);
    double start = cpu();
    simulation_run(study.simulation);
    double time = cpu() - start;
    size_t heap_end = mallinfo2().uordblks + mallinfo2().hblkhd;
    print("hosts: reading the scenario", study.read_time, "s");
    print("hosts: set-up", study.build_time, "s");
    print("hosts: run", time, "s");
    print("hosts: set-up and run", study.build_time + time, "s");
    print("hosts: resident octets a host, end of run", (resident() - memory) / HOSTS, "octets");
    print("hosts: heap octets a host, end of run", (double)(heap_end - heap) / HOSTS, "octets");
    if (datagrams_received(&study, "sink") != 10 * HOSTS)
        fail("packets are missing");
    study_close(&study);
    g_string_free(text, TRUE);
}

/* -- mobile nodes -- */

/* What malloc takes for a block: what it gives, and the word before it. */
static size_t block(const void *memory)
{
    return memory ? malloc_usable_size((void *)(uintptr_t)memory) + sizeof(size_t) : 0;
}

static size_t interface_octets(const struct interface *interface)
{
    size_t octets = block(interface->solicitor);
    if (interface->neighbors.bucket_count)
        octets += block(interface->neighbors.buckets);
    for (const struct interface_address *address = interface->addresses; address; address = address->next)
        octets += block(address);
    for (uint32_t i = 0; i < neighbor_cache_size(&interface->neighbors); i++)
        for (const struct neighbor *neighbor = neighbor_cache_buckets(&interface->neighbors)[i]; neighbor;
             neighbor = neighbor->next)
            octets += block(neighbor);
    for (const struct default_router *router = interface->default_routers; router; router = router->next)
        octets += block(router);
    for (const struct on_link_prefix *prefix = interface->prefixes; prefix; prefix = prefix->next)
        octets += block(prefix);
    return octets;
}

static size_t mobile_node_octets(const struct mobility *mobility)
{
    const struct mobile_node *mobile_node = mobility->mobile_node;
    size_t octets = block(mobility) + block(mobility->bindings.buckets) + block(mobile_node->home.index);
    for (const struct binding_update_entry *entry = mobile_node->home.entries; entry; entry = entry->next)
        octets += block(entry) + block(entry->tests); /* it has one home address */
    return octets;
}

/* All that is there for one mobile node and goes with it: its place among the nodes, its port, and every
 * block it holds. */
static size_t node_octets(const struct network_node *network_node)
{
    const struct node *node = &network_node->node;
    size_t octets = sizeof *network_node + block(network_node->random_positions) +
                    (node->interface_count > 1 ? block(node->interfaces) : 0) +
                    block(node->addresses) + (node->timers.capacity ? block(node->timers.heap) : 0) +
                    mobile_node_octets(node->mobility);
    for (uint32_t i = 0; i < node->interface_count; i++)
        octets += sizeof network_node->ports[i] + block(network_node->ports[i].groups) +
                  interface_octets(&node->interfaces[i]);
    return octets;
}

static void mobile(bool ipsec)
{
    GString *text =
        g_string_new("[scenario]\nduration = 30s\n"
                     "[lan home]\nprefix = 2001:db8:1::/64\n[router core]\n[home-agent ha]\nattached = home\n"
                     "[correspondent-node cn]\n"
                     "[point-to-point ha-core]\nbetween = ha, core\ndelay = 5ms\n"
                     "[point-to-point cn-core]\nbetween = cn, core\ndelay = 5ms\n");
    for (int i = 1; i <= ACCESS; i++)
        g_string_append_printf(
            text,
            "[access-lan v%d]\nprefix = 2001:db8:2:%x::/64\nhandover-delay = uniform(10ms, 50ms)\n"
            "[router r%d]\nattached = v%d\n[point-to-point up%d]\nbetween = core, r%d\ndelay = 1ms\n"
            "[mobile-node m%d]\ncount = %d\nhome-agent = ha\nstart = v%d\nipsec = %s\n"
            "[peers m%d cn]\nauthorization = return-routability\n[at %d.%02ds]\nm%d = attach v%d\n",
            i, i, i, i, i, i, i, PER_ACCESS, i, ipsec ? "yes" : "no", i, 10 + i / 20, 5 * (i % 20), i,
            i % ACCESS + 1);
    double memory = resident();
    size_t heap = mallinfo2().uordblks + mallinfo2().hblkhd;
    struct study study;
    study_open(&study, text->str);
    double start = cpu();
    simulation_run(study.simulation);
    double time = cpu() - start;
    size_t heap_end = mallinfo2().uordblks + mallinfo2().hblkhd;
    struct network *network = study.simulation->network;
    uint32_t bound = 0;
    size_t own = 0;
    for (uint32_t i = 0; i < network->node_count; i++) {
        const struct mobility *mobility = network->nodes[i].node.mobility;
        if (mobility && !mobility->home_agent && !mobility->mobile_node)
            bound += mobility->bindings.count;
        if (mobility && mobility->mobile_node)
            own += node_octets(&network->nodes[i]);
    }
    if (!ipsec) {
        print("mobile nodes: set-up", study.build_time, "s");
        print("mobile nodes: run, one handover each", time, "s");
        print("mobile nodes: events", (double)engine_event_count(&network->engine) / time / 1e6, "million/s");
        print("mobile nodes: octets of a mobile node, its own side", (double)own / HOSTS, "octets");
        print("mobile nodes: heap octets each, the whole network", (double)(heap_end - heap) / HOSTS,
              "octets");
        print("mobile nodes: resident octets each, the whole network", (resident() - memory) / HOSTS,
              "octets");
        print("mobile nodes: bindings at the correspondent", bound, "");
    } else {
        print("mobile nodes with ESP to the home agent: run", time, "s");
        print("mobile nodes with ESP: heap octets each, the whole network", (double)(heap_end - heap) / HOSTS,
              "octets");
    }
    if (bound != HOSTS)
        fail("bindings are missing");
    study_close(&study);
    g_string_free(text, TRUE);
}

/* -- parts -- */

static void run_part(const char *name)
{
    if (strcmp(name, "chain") == 0)
        chain(false);
    else if (strcmp(name, "captures") == 0)
        chain(true);
    else if (strcmp(name, "hosts") == 0)
        hosts();
    else if (strcmp(name, "mobile") == 0)
        mobile(false);
    else if (strcmp(name, "esp") == 0)
        mobile(true);
    else
        fail("parts are chain, captures, hosts, mobile, esp");
}

int main(int argc, char **argv)
{
    static const char *const all[] = {"chain", "captures", "hosts", "mobile", "esp"};
    if (argc == 2) {
        run_part(argv[1]);
        return 0;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            run_part(all[i]);
            exit(0);
        }
        int status = 0;
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
            return 1;
    }
    return 0;
}
