/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_scenario.c - what a scenario means once it is read: defaults, references, groups, addresses, the
 * timeline, files over files, points of a sweep. What is refused, and in which words, is the matter of
 * tests/scenario/bad-input.sh.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/keys.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/value.h"
#include "tests/runner.h"

#define HOME    "[lan home]\nprefix = 2001:db8:1::/64\n"
#define VISITED "[access-lan visited]\nprefix = 2001:db8:2::/64\n"
#define ROUTERS                                                                                              \
    "[home-agent ha]\nattached = home\n"                                                                     \
    "[router ar]\nattached = visited\n"                                                                      \
    "[point-to-point ha-ar]\nbetween = ha, ar\ndelay = 10ms\n"
#define NODES "[correspondent-node cn]\nattached = home\n[mobile-node mn]\nhome-agent = ha\n"
#define WORLD "[scenario]\nduration = 100s\n" HOME VISITED ROUTERS NODES

struct loaded {
    struct scenario_messages *messages;
    struct scenario_source *source;
    struct scenario *scenario;
};

static struct loaded load_at(const char *text, const char *const *set,
                             const struct scenario_setting *settings, unsigned count)
{
    struct loaded loaded = {.messages = scenario_messages_new()};
    loaded.source = scenario_source_read_text("test.ini", text, strlen(text), set, loaded.messages);
    if (loaded.source)
        loaded.scenario = scenario_build(loaded.source, settings, count, loaded.messages);
    return loaded;
}

static void unload(struct loaded *loaded)
{
    scenario_free(loaded->scenario);
    scenario_source_free(loaded->source);
    scenario_messages_free(loaded->messages);
}

static struct loaded load(const char *text)
{
    struct loaded loaded = load_at(text, NULL, NULL, 0);
    char *messages = scenario_messages_to_string(loaded.messages);
    ck_assert_msg(loaded.scenario != NULL, "%s", messages);
    g_free(messages);
    return loaded;
}

/* All that is told, and nothing else, is this. */
static void assert_told(const char *text, const char *expected)
{
    struct loaded loaded = load_at(text, NULL, NULL, 0);
    char *messages = scenario_messages_to_string(loaded.messages);
    ck_assert_ptr_null(loaded.scenario);
    ck_assert_str_eq(messages, expected);
    g_free(messages);
    unload(&loaded);
}

static void assert_address(struct ipv6_address address, const char *expected)
{
    char *text = value_format_address(&address);
    ck_assert_str_eq(text, expected);
    g_free(text);
}

static const struct scenario_node *node_of(const struct scenario *scenario, const char *name)
{
    for (uint32_t i = 0; i < scenario->node_count; i++)
        if (strcmp(scenario->nodes[i].name, name) == 0)
            return &scenario->nodes[i];
    ck_abort_msg("no node %s", name);
    return NULL;
}

static const struct scenario_link *link_of(const struct scenario *scenario, const char *name)
{
    for (uint32_t i = 0; i < scenario->link_count; i++)
        if (strcmp(scenario->links[i].name, name) == 0)
            return &scenario->links[i];
    ck_abort_msg("no link %s", name);
    return NULL;
}

static time_ns constant(const struct distribution *distribution)
{
    ck_assert_ptr_nonnull(distribution);
    ck_assert(distribution_is_constant(distribution));
    return distribution_minimum(distribution);
}

START_TEST(defaults)
{
    struct loaded loaded = load(WORLD "[peers mn cn]\n[flow f]\nfrom = cn\nto = mn\n");
    const struct scenario *s = loaded.scenario;
    ck_assert_str_eq(s->title, "test");
    ck_assert_int_eq(s->duration, SECONDS(100));
    ck_assert_uint_eq(s->seed, 1);
    ck_assert_uint_eq(s->replications, 1);

    const struct scenario_link *home = link_of(s, "home"), *visited = link_of(s, "visited"),
                               *wire = link_of(s, "ha-ar");
    ck_assert_int_eq(home->kind, SCENARIO_LAN);
    ck_assert_int_eq(home->advertisements.min_interval, SECONDS(200));
    ck_assert_int_eq(home->advertisements.max_interval, SECONDS(600));
    ck_assert_int_eq(home->advertisements.min_delay_between, SECONDS(3));
    ck_assert_uint_eq(home->advertisements.router_lifetime, 1800);
    ck_assert_uint_eq(home->advertisements.prefix_valid_lifetime, 2592000);
    ck_assert_uint_eq(home->advertisements.reachable_time_ms, 0);
    ck_assert(home->advertisements.enabled && home->advertisements.interval_option);
    ck_assert_int_eq(constant(home->handover_delay), 0);
    ck_assert_int_eq(visited->advertisements.min_interval, MILLISECONDS(30));
    ck_assert_int_eq(visited->advertisements.min_delay_between, MILLISECONDS(30));
    ck_assert_uint_eq(visited->advertisements.router_lifetime, 1);
    ck_assert_int_eq(constant(visited->handover_delay), MILLISECONDS(50));
    ck_assert_int_eq(constant(wire->forward.delay), MILLISECONDS(10));
    ck_assert_int_eq(constant(wire->backward.delay), MILLISECONDS(10));
    ck_assert_ptr_null(wire->forward.jitter);
    ck_assert_uint_eq(wire->forward.rate, 0);
    ck_assert_uint_eq(wire->forward.queue_limit, 0);
    ck_assert_uint_eq(wire->mtu, 1500);
    ck_assert_uint_eq(wire->metric, 1);
    ck_assert_ptr_null(wire->handover_delay);

    const struct scenario_node *mn = node_of(s, "mn"), *ha = node_of(s, "ha"), *cn = node_of(s, "cn");
    ck_assert(ha->ipv6.forwarding && !mn->ipv6.forwarding && !cn->ipv6.forwarding);
    ck_assert(mn->ipv6.stateless_autoconfiguration && !cn->ipv6.stateless_autoconfiguration);
    ck_assert(ha->mobility && mn->mobility && cn->mobility && !node_of(s, "ar")->mobility);
    ck_assert_uint_eq(mn->ipv6.duplicate_detection_transmits, 1);
    ck_assert_uint_eq(mn->ipv6.hop_limit, 64);
    ck_assert(!mn->ipv6.ignore_link_hints && !mn->mobile.lazy);
    ck_assert_uint_eq(mn->mobile.home_lifetime, 105);
    ck_assert_int_eq(mn->mobile.first_registration_timeout, MILLISECONDS(1500));
    ck_assert_int_eq(mn->mobile.default_policy.trigger, TRIGGER_TRAFFIC);
    ck_assert_uint_eq(ha->home_agent.lifetime_limit, 65535);
    ck_assert(ha->home_agent.duplicate_detection && !ha->home_agent.anyone);
    ck_assert_int_eq(cn->correspondent.nonce_interval, SECONDS(30));
    ck_assert_uint_eq(mn->start_link, mn->home_link);
    ck_assert_ptr_eq(&s->links[mn->home_link], home);
    ck_assert_ptr_eq(&s->nodes[mn->home_agent_node], ha);
    ck_assert_uint_eq(s->node_total, 4);
    ck_assert_uint_eq(s->link_total, 3);

    ck_assert_int_eq(s->peers[0].authorization, SCENARIO_RETURN_ROUTABILITY);
    ck_assert_int_eq(s->peers[0].policy.order, ORDER_AFTER_HOME_ACKNOWLEDGEMENT);
    ck_assert_int_eq(s->peers[0].policy.trigger, TRIGGER_ALWAYS);
    ck_assert_uint_eq(s->peers[0].policy.lifetime, 105);
    ck_assert(s->peers[0].policy.acknowledge && !s->peers[0].policy.reuse_tokens);
    ck_assert_uint_eq(s->peers[0].key.kcn_length, 0);
    ck_assert_int_eq(s->flows[0].configuration.interval, MILLISECONDS(20));
    ck_assert_uint_eq(s->flows[0].configuration.payload, 160);
    ck_assert_int_eq(s->flows[0].stop, TIME_NEVER);
    unload(&loaded);
}
END_TEST

START_TEST(values_reach_their_fields)
{
    struct loaded loaded = load(
        "[scenario]\ntitle = A title, with # and = in it\nduration = 1min\nseed = "
        "18446744073709551615\nreplications = 7\n"
        "[lan home]\nprefix = 2001:db8:1::/64\nrate = 100Mbit/s\nrouter-lifetime = 0s\nadvertised-hop-limit "
        "= unspecified\n"
        "prefix-valid-lifetime = infinite\nprefix-preferred-lifetime = infinite\nretransmission-timer = "
        "250ms\nmtu = 1280\n"
        "router-advertisement-interval = 1s\nrouter-advertisement-start = uniform(0s, 1s)\n" VISITED
        "[router ar]\nattached = visited\ningress-filtering = yes\n"
        "[home-agent ha]\nattached = home\nforwarding = no\nrefresh-advice = 40s\nhome-address-dad = no\n"
        "[router r]\nattached = home\n"
        "[point-to-point wire]\nbetween = r, ar\ndelay = 3ms\nreverse-delay = 5ms\njitter = "
        "exponential(1ms)\nloss = 2%\n"
        "reverse-loss = 0\nqueue-limit = 10\nrate = 2Mbit/s\nreordering = yes\nmetric = 3\nprefix = "
        "2001:db8:9::4/127\n"
        "[mobile-node mn]\nhome-agent = ha\nstart = none\nlink-hints = no\nmovement-detection = "
        "lazy\noptimistic-dad = yes\n"
        "dad-transmits = 0\nhome-lifetime = 64s\nother-correspondents = never\nhop-limit = "
        "9\nicmp-error-rate = unlimited\n"
        "[correspondent-node cn]\nattached = visited\nreturn-routability = no\nlifetime-limit = "
        "100s\nbinding-limit = 5\n"
        "[peers mn cn]\nauthorization = static-key\norder = at-once\nregistration = on-traffic\nlifetime = "
        "4s\nacknowledge = off\n"
        "reuse-tokens = yes\nkcn = 0x000102030405060708090a0b0c0d0e0f10111213\nhome-nonce = "
        "aa\ncare-of-nonce = bbcc\n"
        "[flow f]\nfrom = mn\nto = cn\ninterval = 1500us\npayload = 1kB\nstart = 1s\nstop = 2s\npackets = "
        "3\npattern = on-off\n"
        "on = 4s\noff = 5s\necho = yes\n");
    const struct scenario *s = loaded.scenario;
    ck_assert_str_eq(s->title, "A title, with # and = in it");
    ck_assert_int_eq(s->duration, SECONDS(60));
    ck_assert_uint_eq(s->seed, UINT64_MAX);
    ck_assert_uint_eq(s->replications, 7);
    const struct scenario_link *home = link_of(s, "home"), *wire = link_of(s, "wire");
    ck_assert_uint_eq(home->forward.rate, 100000000);
    ck_assert_uint_eq(home->backward.rate, 100000000);
    ck_assert_uint_eq(home->advertisements.router_lifetime, 0);
    ck_assert_uint_eq(home->advertisements.hop_limit, 0);
    ck_assert_uint_eq(home->advertisements.prefix_valid_lifetime, UINT32_MAX);
    ck_assert_uint_eq(home->advertisements.retransmission_ms, 250);
    ck_assert_uint_eq(home->mtu, 1280);
    ck_assert_int_eq(home->advertisements.min_interval, SECONDS(1));
    ck_assert_int_eq(home->advertisements.max_interval, SECONDS(1));
    ck_assert(!distribution_is_constant(home->advertisements.start));
    ck_assert_int_eq(constant(wire->forward.delay), MILLISECONDS(3));
    ck_assert_int_eq(constant(wire->backward.delay), MILLISECONDS(5));
    ck_assert_double_eq(wire->forward.loss.probability, 0.02);
    ck_assert_double_eq(wire->backward.loss.probability, 0);
    ck_assert_ptr_nonnull(wire->forward.jitter);
    ck_assert_ptr_nonnull(wire->backward.jitter);
    ck_assert_uint_eq(wire->backward.queue_limit, 10);
    ck_assert_uint_eq(wire->backward.rate, 2000000);
    ck_assert(wire->forward.reordering.overtake && wire->backward.reordering.overtake);
    ck_assert_uint_eq(wire->metric, 3);
    ck_assert_uint_eq(wire->prefix_length, 127);
    assert_address(node_of(s, "r")->interfaces[1].address, "2001:db8:9::4");
    assert_address(node_of(s, "ar")->interfaces[1].address, "2001:db8:9::5");
    const struct scenario_node *ha = node_of(s, "ha"), *mn = node_of(s, "mn"), *cn = node_of(s, "cn");
    ck_assert(!ha->ipv6.forwarding && node_of(s, "ar")->ipv6.ingress_filtering &&
              !ha->home_agent.duplicate_detection);
    ck_assert_uint_eq(ha->home_agent.refresh_advice, 10);
    ck_assert_uint_eq(mn->start_link, SCENARIO_NONE);
    ck_assert_uint_eq(mn->interfaces[0].link, SCENARIO_NONE);
    ck_assert(mn->ipv6.ignore_link_hints && mn->mobile.lazy && mn->ipv6.optimistic_duplicate_detection);
    ck_assert_uint_eq(mn->ipv6.duplicate_detection_transmits, 0);
    ck_assert_uint_eq(mn->ipv6.hop_limit, 9);
    ck_assert_uint_eq(mn->ipv6.icmp_errors_per_second, 0);
    ck_assert_uint_eq(mn->mobile.home_lifetime, 16);
    ck_assert_int_eq(mn->mobile.default_policy.trigger, TRIGGER_NEVER);
    ck_assert(!cn->correspondent.return_routability);
    ck_assert_uint_eq(cn->correspondent.lifetime_limit, 25);
    ck_assert_uint_eq(cn->correspondent.binding_limit, 5);
    const struct scenario_peers *peers = &s->peers[0];
    ck_assert_int_eq(peers->authorization, SCENARIO_STATIC_KEY);
    ck_assert_int_eq(peers->policy.order, ORDER_AT_ONCE);
    ck_assert_int_eq(peers->policy.trigger, TRIGGER_TRAFFIC);
    ck_assert_uint_eq(peers->policy.lifetime, 1);
    ck_assert(!peers->policy.acknowledge && peers->policy.reuse_tokens);
    ck_assert_uint_eq(peers->key.kcn_length, 20);
    ck_assert_uint_eq(peers->key.kcn[19], 0x13);
    ck_assert_uint_eq(peers->key.home_nonce_length, 1);
    ck_assert_uint_eq(peers->key.care_of_nonce[1], 0xcc);
    const struct flow_configuration *flow = &s->flows[0].configuration;
    ck_assert_int_eq(flow->interval, MICROSECONDS(1500));
    ck_assert_uint_eq(flow->payload, 1000);
    ck_assert_uint_eq(flow->packets, 3);
    ck_assert_int_eq(flow->pattern, FLOW_ON_OFF);
    ck_assert_int_eq(flow->on_mean, SECONDS(4));
    ck_assert_int_eq(flow->off_mean, SECONDS(5));
    ck_assert(flow->echo);
    ck_assert_int_eq(s->flows[0].stop, SECONDS(2));
    unload(&loaded);
}
END_TEST

START_TEST(addresses_by_rule)
{
    struct loaded loaded =
        load("[scenario]\nduration = 1s\n" HOME VISITED
             "[router a]\nattached = visited\naddress = 2001:db8:2::2\n" /* ::2 is taken by name */
             "[host b]\nattached = visited\n"                            /* so the first gets ::1 */
             "[host c]\nattached = visited\n"                            /* and the next ::3 */
             "[home-agent ha]\nattached = home\n"
             "[point-to-point one]\nbetween = a, ha\n"
             "[point-to-point given]\nbetween = ha, a\nprefix = 2001:db8:f000:1::/64\n"
             "[point-to-point two]\nbetween = ha, c\n"
             "[mobile-node m]\nhome-agent = ha\n[mobile-node n]\nhome-agent = ha\nhome-address = "
             "2001:db8:1::1:0:1\n");
    const struct scenario *s = loaded.scenario;
    assert_address(node_of(s, "a")->interfaces[0].address, "2001:db8:2::2");
    assert_address(node_of(s, "b")->interfaces[0].address, "2001:db8:2::1");
    assert_address(node_of(s, "c")->interfaces[0].address, "2001:db8:2::3");
    assert_address(node_of(s, "ha")->interfaces[0].address, "2001:db8:1::1");
    assert_address(node_of(s, "ha")->home_agent_address, "2001:db8:1::1");
    assert_address(node_of(s, "m")->home_agent_address, "2001:db8:1::1");
    /* Point-to-point links: of the pool, past what is given; the first end named is ::1. */
    assert_address(node_of(s, "a")->interfaces[1].address, "2001:db8:f000::1");
    assert_address(node_of(s, "ha")->interfaces[1].address, "2001:db8:f000::2");
    assert_address(node_of(s, "ha")->interfaces[2].address, "2001:db8:f000:1::1");
    assert_address(node_of(s, "c")->interfaces[1].address, "2001:db8:f000:2::2");
    ck_assert_uint_eq(node_of(s, "a")->interfaces[1].end, 0);
    ck_assert_uint_eq(node_of(s, "a")->interfaces[2].end, 1);
    assert_address(node_of(s, "n")->home_address, "2001:db8:1::1:0:1");
    assert_address(node_of(s, "m")->home_address, "2001:db8:1::1:0:2");
    assert_address(scenario_node_address(s, node_of(s, "m"), 0), "2001:db8:1::1:0:2");
    unload(&loaded);
}
END_TEST

START_TEST(groups)
{
    struct loaded loaded =
        load("[scenario]\nduration = 10s\n" HOME VISITED ROUTERS
             "[correspondent-node cn]\ncount = 300\n[point-to-point wire]\nbetween = ar, cn\n"
             "[host h]\nattached = visited\ncount = 2\n"
             "[mobile-node mn]\nhome-agent = ha\ncount = 300\n"
             "[peers mn cn]\n[flow f]\nfrom = cn\nto = mn\n[flow g]\nfrom = h\nto = mn-7\n[flow e]\nfrom = "
             "ha\nto = cn\n"
             "[at 1s spread 1s]\nmn-300 = attach visited\n");
    const struct scenario *s = loaded.scenario;
    const struct scenario_node *cn = node_of(s, "cn"), *mn = node_of(s, "mn"), *ar = node_of(s, "ar");
    const struct scenario_link *wire = link_of(s, "wire");
    ck_assert_uint_eq(s->node_count, 5);
    ck_assert_uint_eq(s->node_total, 604);
    ck_assert_uint_eq(wire->count, 300);
    ck_assert_uint_eq(s->link_total, 303);
    ck_assert_uint_eq(mn->first, 304);
    char *name = scenario_node_name(mn, 299);
    ck_assert_str_eq(name, "mn-300");
    g_free(name);
    name = scenario_node_name(ar, 0);
    ck_assert_str_eq(name, "ar");
    g_free(name);
    name = scenario_link_name(wire, 0);
    ck_assert_str_eq(name, "wire-1");
    g_free(name);

    /* The router has 300 such interfaces, each node of the group one. */
    ck_assert_uint_eq(ar->interface_count, 3);
    ck_assert_uint_eq(ar->interfaces[2].count, 300);
    ck_assert_uint_eq(cn->interfaces[0].count, 1);
    assert_address(scenario_link_prefix(wire, 256), "2001:db8:f000:101::"); /* ha-ar has the pool's first */
    assert_address(scenario_interface_address(s, &cn->interfaces[0], 256), "2001:db8:f000:101::2");
    assert_address(scenario_interface_address(s, &ar->interfaces[2], 256), "2001:db8:f000:101::1");
    assert_address(scenario_home_address(mn, 255), "2001:db8:1::1:0:100");
    assert_address(scenario_node_address(s, node_of(s, "h"), 1), "2001:db8:2::3");

    uint32_t a, b;
    ck_assert_uint_eq(s->peers[0].pairs, 300);
    scenario_pair(&s->peers[0].mobile_node, &s->peers[0].correspondent, 17, &a, &b);
    ck_assert(a == 17 && b == 17);
    ck_assert_uint_eq(s->flow_total, 602);
    ck_assert_uint_eq(s->flows[1].first, 300);
    ck_assert_uint_eq(s->flows[1].pairs, 2);
    scenario_pair(&s->flows[1].from, &s->flows[1].to, 1, &a, &b);
    ck_assert(a == 1 && b == 6);
    scenario_pair(&s->flows[2].from, &s->flows[2].to, 299, &a, &b);
    ck_assert(a == 0 && b == 299);
    ck_assert_uint_eq(s->actions[0].who.first, 299);
    ck_assert_uint_eq(s->actions[0].who.count, 1);
    ck_assert_ptr_nonnull(s->actions[0].spread);
    unload(&loaded);
}
END_TEST

/* Home addresses beyond the first: whose, where, with whom; a group's go with the group's. */
START_TEST(further_home_addresses)
{
    struct loaded loaded = load(
        "[scenario]\nduration = 100s\n" HOME VISITED ROUTERS "[correspondent-node cn]\nattached = home\n"
        "[home-agent hb]\nattached = visited\n"
        "[mobile-node mn]\nhome-agent = ha\ncount = 3\n"
        "[home-address near]\nof = mn\n"
        "[home-address far]\nof = mn\nhome-agent = hb\naddress = 2001:db8:2::700\n"
        "[mobile-node other]\nhome-agent = ha\n"
        "[peers mn cn]\nauthorization = static-key\n[peers far-2 cn]\n[peers other near-3]\n"
        "[flow f]\nfrom = cn\nto = far\n[flow g]\nfrom = near-2\nto = cn\n[flow h]\nfrom = mn\nto = cn\n");
    const struct scenario *s = loaded.scenario;
    const struct scenario_node *mn = node_of(s, "mn");
    ck_assert_uint_eq(mn->home_count, 3);
    ck_assert_uint_eq(node_of(s, "other")->home_count, 1);
    struct scenario_home own = scenario_home(s, mn, 0), near = scenario_home(s, mn, 1),
                         far = scenario_home(s, mn, 2);
    ck_assert_str_eq(own.name, "mn");
    ck_assert_str_eq(near.name, "near");
    ck_assert_str_eq(far.name, "far");
    ck_assert_ptr_eq(&s->nodes[near.home_agent_node], node_of(s, "ha"));
    ck_assert_ptr_eq(&s->nodes[far.home_agent_node], node_of(s, "hb"));
    ck_assert_ptr_eq(&s->links[near.home_link], link_of(s, "home"));
    ck_assert_ptr_eq(&s->links[far.home_link], link_of(s, "visited"));
    assert_address(far.home_agent_address, "2001:db8:2::2");
    /* The nodes' own come first, then these. */
    assert_address(scenario_home_member(&own, 2), "2001:db8:1::1:0:3");
    assert_address(scenario_home_address(node_of(s, "other"), 0), "2001:db8:1::1:0:4");
    assert_address(scenario_home_member(&near, 0), "2001:db8:1::1:0:5");
    assert_address(scenario_home_member(&near, 2), "2001:db8:1::1:0:7");
    assert_address(scenario_home_member(&far, 2), "2001:db8:2::702");
    /* A name stands for the node's member and the address. */
    ck_assert_uint_eq(s->flows[0].pairs, 3);
    ck_assert_uint_eq(s->flows[0].to.home, 2);
    assert_address(scenario_reference_address(s, &s->flows[0].to, 1), "2001:db8:2::701");
    ck_assert_uint_eq(s->flows[1].pairs, 1);
    ck_assert_uint_eq(s->flows[1].from.first, 1);
    ck_assert_uint_eq(s->flows[1].from.home, 1);
    ck_assert_uint_eq(s->flows[2].from.home, 0);
    ck_assert_uint_eq(s->peers[2].correspondent.home, 1);
    ck_assert_uint_eq(s->peers[2].correspondent.first, 2);
    /* The section about the nodes is about all home addresses, but the one that has its own. */
    ck_assert(scenario_peers_concern(s, &s->peers[0], 0, 1, 0));
    ck_assert(scenario_peers_concern(s, &s->peers[0], 1, 1, 0));
    ck_assert(!scenario_peers_concern(s, &s->peers[0], 2, 1, 0));
    ck_assert(scenario_peers_concern(s, &s->peers[0], 2, 2, 0));
    ck_assert(scenario_peers_concern(s, &s->peers[1], 2, 1, 0));
    ck_assert(!scenario_peers_concern(s, &s->peers[1], 0, 1, 0));
    unload(&loaded);
}
END_TEST

START_TEST(a_million_nodes_cost_no_more_than_one)
{
    struct loaded loaded = load(
        "[scenario]\nduration = 10s\n" HOME VISITED ROUTERS
        "[correspondent-node cn]\nattached = visited\ncount = 1000000\n"
        "[mobile-node mn]\nhome-agent = ha\ncount = 1000000\n[peers mn cn]\n[at 5s]\nmn = attach visited\n");
    const struct scenario *s = loaded.scenario;
    ck_assert_uint_eq(s->node_total, 2000002);
    ck_assert_uint_eq(s->action_count, 1);
    assert_address(scenario_home_address(node_of(s, "mn"), 999999), "2001:db8:1::1:f:4240");
    assert_address(scenario_node_address(s, node_of(s, "cn"), 999999), "2001:db8:2::f:4241"); /* ar has ::1 */
    unload(&loaded);
}
END_TEST

START_TEST(timeline)
{
    struct loaded loaded = load(WORLD "[at 20s..40s step 10s]\nmn = attach home\nha-ar = down\n"
                                      "[at 30s]\nmn = detach\n[at 10s]\nmn = attach   visited\nha-ar = up\n");
    const struct scenario *s = loaded.scenario;
    static const struct {
        unsigned second;
        enum scenario_verb verb;
        const char *link;
    } expected[] = {
        {10, SCENARIO_ATTACH, "visited"},  {10, SCENARIO_LINK_UP, "ha-ar"}, {20, SCENARIO_ATTACH, "home"},
        {20, SCENARIO_LINK_DOWN, "ha-ar"}, {30, SCENARIO_ATTACH, "home"},   {30, SCENARIO_LINK_DOWN, "ha-ar"},
        {30, SCENARIO_DETACH, NULL},       {40, SCENARIO_ATTACH, "home"},   {40, SCENARIO_LINK_DOWN, "ha-ar"},
    };
    ck_assert_uint_eq(s->action_count, G_N_ELEMENTS(expected));
    for (unsigned i = 0; i < s->action_count; i++) {
        const struct scenario_action *action = &s->actions[i];
        ck_assert_int_eq(action->time, SECONDS(expected[i].second));
        ck_assert_int_eq(action->verb, expected[i].verb);
        if (expected[i].link)
            ck_assert_str_eq(s->links[action->link].name, expected[i].link);
        else
            ck_assert_uint_eq(action->link, SCENARIO_NONE);
        ck_assert_ptr_null(action->spread);
    }
    unload(&loaded);
}
END_TEST

/* What a sweep leaves out: the points that are there, as "authorization delay". */
static char *points_without(const char *except)
{
    char *text = g_strdup_printf(WORLD "[peers mn cn]\n[flow voice]\nfrom = cn\nto = mn\n[sweep]\n"
                                       "peers mn cn / authorization = return-routability; static-key\n"
                                       "point-to-point ha-ar / delay & flow voice / interval = "
                                       "1ms; 10ms; 1s & 20ms; 10ms; 10ms\n"
                                       "except = %s\n",
                                 except);
    struct loaded loaded = load(text);
    GString *points = g_string_new(NULL);
    struct scenario_setting settings[3];
    for (uint32_t i = 0; i < scenario_point_count(loaded.scenario); i++) {
        scenario_point(loaded.scenario, i, settings);
        g_string_append_printf(points, "%s%c %s", i ? ", " : "", settings[0].value[0], settings[1].value);
    }
    unload(&loaded);
    g_free(text);
    return g_string_free(points, FALSE);
}

START_TEST(sweep_leaves_out)
{
    static const struct {
        const char *except, *points;
    } cases[] = {
        {"point-to-point ha-ar / delay = 10ms", "r 1ms, r 1s, s 1ms, s 1s"},
        {"point-to-point ha-ar/delay = 0.01s & peers mn cn / authorization = static-key",
         "r 1ms, r 10ms, r 1s, s 1ms, s 1s"},
        {"point-to-point ha-ar / delay = 1ms; peers mn cn / authorization != static-key;", "s 10ms, s 1s"},
        {"point-to-point ha-ar / delay > 1ms & point-to-point ha-ar / delay < 1s",
         "r 1ms, r 1s, s 1ms, s 1s"},
        {"point-to-point ha-ar / delay >= 10ms", "r 1ms, s 1ms"},
        {"point-to-point ha-ar / delay <= 10ms & peers mn cn / authorization = static-key",
         "r 1ms, r 10ms, r 1s, s 1s"},
        {"point-to-point ha-ar / delay = flow voice / interval", "r 1ms, r 1s, s 1ms, s 1s"},
        {"flow voice / interval < point-to-point ha-ar / delay", "r 1ms, r 10ms, s 1ms, s 10ms"},
        {"flow voice / interval = 10ms", "r 1ms, s 1ms"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *points = points_without(cases[i].except);
        ck_assert_str_eq(points, cases[i].points);
        g_free(points);
    }
}
END_TEST

START_TEST(sweep_points)
{
    static const char text[] = WORLD "[peers mn cn]\n[output]\ncaptures = all\n[sweep]\n"
                                     "peers  mn cn/authorization = return-routability; static-key\n"
                                     "point-to-point ha-ar / delay = 1ms; uniform(1ms, 2ms); 100ms;\n";
    struct loaded loaded = load(text);
    const struct scenario *s = loaded.scenario;
    struct scenario_setting settings[2];
    ck_assert_uint_eq(s->axis_count, 2);
    ck_assert_uint_eq(scenario_point_count(s), 6);
    ck_assert_uint_eq(s->axes[1].value_count, 3);
    ck_assert(s->capture_all && s->links[2].capture);
    scenario_point(s, 5, settings);
    ck_assert_str_eq(settings[0].section, "peers mn cn");
    ck_assert_str_eq(settings[0].key, "authorization");
    ck_assert_str_eq(settings[0].value, "static-key");
    ck_assert_str_eq(settings[1].value, "100ms");
    scenario_point(s, 1, settings); /* the last axis varies fastest */
    ck_assert_str_eq(settings[0].value, "return-routability");
    ck_assert_str_eq(settings[1].value, "uniform(1ms, 2ms)");

    scenario_point(s, 5, settings);
    struct scenario *point = scenario_build(loaded.source, settings, 2, loaded.messages);
    ck_assert_ptr_nonnull(point);
    ck_assert_int_eq(point->peers[0].authorization, SCENARIO_STATIC_KEY);
    ck_assert_int_eq(constant(link_of(point, "ha-ar")->forward.delay), MILLISECONDS(100));
    ck_assert_int_eq(constant(link_of(s, "ha-ar")->forward.delay),
                     MILLISECONDS(10)); /* the source is as it was */
    scenario_free(point);
    unload(&loaded);
}
END_TEST

START_TEST(points_are_built_fast)
{
    struct loaded loaded =
        load(WORLD "[peers mn cn]\n[flow f]\nfrom = cn\nto = mn\n[at 10s]\nmn = attach visited\n"
                   "[sweep]\npoint-to-point ha-ar / delay = 1ms; 2ms\n");
    struct scenario_setting setting;
    gint64 start = g_get_monotonic_time();
    for (unsigned i = 0; i < 200; i++) {
        scenario_point(loaded.scenario, i % 2, &setting);
        struct scenario *point = scenario_build(loaded.source, &setting, 1, loaded.messages);
        ck_assert_ptr_nonnull(point);
        scenario_free(point);
    }
    /* A millisecond each is the promise; ten leave room for valgrind and a busy machine. */
    ck_assert_int_lt(g_get_monotonic_time() - start, 200 * 10000);
    unload(&loaded);
}
END_TEST

START_TEST(set_overrides)
{
    static const char text[] = WORLD "[sweep]\npoint-to-point ha-ar / delay = 1ms; 2ms\n";
    static const char *const set[] = {"point-to-point ha-ar/delay = 7ms", " scenario /  seed=5",
                                      "output / captures = home", NULL};
    struct loaded loaded = load_at(text, set, NULL, 0);
    const struct scenario *s = loaded.scenario;
    ck_assert_ptr_nonnull(s);
    ck_assert_int_eq(constant(link_of(s, "ha-ar")->forward.delay), MILLISECONDS(7));
    ck_assert_uint_eq(s->axis_count, 0); /* what is set is no longer swept over */
    ck_assert_uint_eq(s->seed, 5);
    ck_assert(link_of(s, "home")->capture && !link_of(s, "visited")->capture);
    unload(&loaded);

    static const char *const other_sweep[] = {"sweep / point-to-point ha-ar / delay = 5ms; 6ms; 7ms", NULL};
    loaded = load_at(text, other_sweep, NULL, 0);
    ck_assert_uint_eq(scenario_point_count(loaded.scenario), 3);
    unload(&loaded);

    static const char *const wrong[] = {"scenario / sede = 5", NULL};
    loaded = load_at(text, wrong, NULL, 0);
    char *messages = scenario_messages_to_string(loaded.messages);
    ck_assert_ptr_null(loaded.scenario);
    ck_assert_str_eq(messages, "--set: scenario: sede: [scenario] has no such key; did you mean \"seed\"?\n");
    g_free(messages);
    unload(&loaded);
}
END_TEST

START_TEST(files_over_files)
{
    char *directory = g_dir_make_tmp("mip6sim-scenario-XXXXXX", NULL);
    ck_assert_ptr_nonnull(directory);
    char *below = g_build_filename(directory, "below", NULL);
    char *base = g_build_filename(below, "base.ini", NULL),
         *samples = g_build_filename(below, "delays.txt", NULL);
    char *over = g_build_filename(directory, "over.ini", NULL);
    ck_assert_int_eq(g_mkdir(below, 0700), 0);
    ck_assert(g_file_set_contents(samples, "10ms\n20ms\n", -1, NULL));
    /* A file of values is found beside the file that names it. */
    ck_assert(g_file_set_contents(
        base,
        "[scenario]\nduration = 100s\nseed = 9\ntitle = base\n" HOME VISITED ROUTERS NODES
        "[access-lan third]\nprefix = 2001:db8:3::/64\nhandover-delay = empirical(delays.txt)\n"
        "[at 10s]\nmn = attach visited\n",
        -1, NULL));
    ck_assert(g_file_set_contents(over,
                                  "[scenario]\nextends = below/base.ini\nseed =\ntitle = over\n"
                                  "[point-to-point ha-ar]\nrate = 1Mbit/s\n"
                                  "[router br]\nattached = third\n[point-to-point ha-br]\nbetween = ha, br\n",
                                  -1, NULL));
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source;
    struct scenario *s = scenario_read(over, NULL, &source, messages);
    char *text = scenario_messages_to_string(messages);
    ck_assert_msg(s != NULL, "%s", text);
    ck_assert_str_eq(s->title, "over");
    ck_assert_uint_eq(s->seed, 1); /* taken back: the default */
    ck_assert_int_eq(s->duration, SECONDS(100));
    ck_assert_uint_eq(link_of(s, "ha-ar")->forward.rate, 1000000);
    ck_assert_int_eq(constant(link_of(s, "ha-ar")->forward.delay), MILLISECONDS(10));
    ck_assert_int_eq(distribution_minimum(link_of(s, "third")->handover_delay), MILLISECONDS(10));
    ck_assert_uint_eq(s->action_count, 1);
    ck_assert_str_eq(s->nodes[0].name, "ha"); /* the extended file's sections first */
    ck_assert_str_eq(s->directory, directory);
    scenario_free(s);
    scenario_source_free(source);
    scenario_messages_free(messages);
    g_free(text);
    g_remove(over);
    g_remove(base);
    g_remove(samples);
    g_rmdir(below);
    g_rmdir(directory);
    g_free(over);
    g_free(base);
    g_free(samples);
    g_free(below);
    g_free(directory);
}
END_TEST

START_TEST(mistakes_in_order_each_once)
{
    assert_told("[scenario]\nduration = 5\n[lan home]\nprefix = 2001:db8:1::/64\nmtu = 5\n[lan "
                "home]\nfoo\n[host h]\nattached = hom\n",
                "test.ini:2: scenario: duration: '5' has no unit: 5ms, or another of ns, us, ms, s, min, h?\n"
                "test.ini:5: lan home: mtu: 5 is out of range: from 1280 to 65535\n"
                "test.ini:6: lan home: this section is there already, in line 3; merge the two\n"
                "test.ini:7: lan home: \"foo\" is neither [section] nor key = value nor # comment\n"
                "test.ini:9: host h: attached: there is no link \"hom\"; did you mean \"home\"?\n");
}
END_TEST

START_TEST(the_first_point_is_what_is_judged)
{
    /* A required key may be given by the sweep alone; and a mistake at one point is told with the sweep's
     * line. */
    char *path = NULL;
    int descriptor = g_file_open_tmp("mip6sim-scenario-XXXXXX.ini", &path, NULL);
    ck_assert_int_ge(descriptor, 0);
    g_close(descriptor, NULL);
    ck_assert(g_file_set_contents(
        path, "[scenario]\n" HOME VISITED ROUTERS NODES "[sweep]\nscenario / duration = 10s; 20s\n", -1,
        NULL));
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source;
    struct scenario *s = scenario_read(path, NULL, &source, messages);
    char *text = scenario_messages_to_string(messages);
    ck_assert_msg(s != NULL, "%s", text);
    ck_assert_int_eq(s->duration, SECONDS(10));
    ck_assert_uint_eq(scenario_point_count(s), 2);
    scenario_free(s);
    scenario_source_free(source);
    scenario_messages_free(messages);
    g_free(text);
    g_remove(path);
    g_free(path);
}
END_TEST

START_TEST(told_back_as_json)
{
    struct loaded loaded =
        load("[scenario]\nduration = 1500ms\ntitle = a \"title\" \\ with\ta tab\n" HOME VISITED ROUTERS NODES
             "link-hints = no\n[peers mn cn]\nkcn = 000102030405060708090a0b0c0d0e0f10111213\n"
             "[point-to-point w]\nbetween = ha, ar\nrate = 1500kbit/s\nloss = 1%\n[at 1s]\nmn = detach\n");
    GString *json = g_string_new(NULL);
    scenario_to_json(loaded.scenario, json);
    static const char *const expected[] = {
        ("\"scenario\": {\"title\": \"a \\\"title\\\" \\\\ with\\u0009a tab\", \"duration\": \"1.5s\", "
         "\"warm-up\": \"0s\", \"seed\": 1, \"replications\": 1}"),
        "\"link-hints\": false",
        "\"authorization\": \"return-routability\"",
        "\"kcn\": \"000102030405060708090a0b0c0d0e0f10111213\", \"home-nonce\": null",
        "\"rate\": \"1500kbit/s\", \"jitter\": \"0s\", \"loss\": 0.01, \"queue-limit\": \"unlimited\"",
        "\"reverse-rate\": \"1500kbit/s\"",
        "\"router-advertisement-interval\": \"30ms..70ms\", \"router-advertisement-gap\": \"30ms\"",
        "\"router-lifetime\": \"1800s\"",
        "\"at 1s\": {\"mn\": \"detach\"}",
        "\"prefix\": \"2001:db8:f000::/64\"",
        "\"mn\": {\"count\": 1, \"addresses\": [\"2001:db8:1::1:0:1\"]}",
        "{\"link\": \"ha-ar\", \"address\": \"2001:db8:f000::2/64\"}",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(expected); i++)
        ck_assert_msg(strstr(json->str, expected[i]) != NULL, "%s is not in %.3000s", expected[i], json->str);
    ck_assert_ptr_null(strstr(json->str, "test.ini")); /* the same wherever the file is */
    g_string_free(json, TRUE);
    unload(&loaded);
}
END_TEST

/* Every key of the table can be looked up by its name in each section that has it, is told about, and has a
 * sound default. */
START_TEST(table_of_keys)
{
    unsigned count = 0;
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++)
        for (const struct scenario_key *key = NULL; (key = scenario_key_next(kind, key)); count++) {
            ck_assert_msg(key->help && key->help[0] && key->help[strlen(key->help) - 1] != ' ',
                          "%s has no help", key->name);
            ck_assert_msg(strchr(key->help, '\n') == NULL, "%s: help of more than a line", key->name);
            ck_assert_msg(!(key->required && (key->initial || key->as)), "%s: required, and yet a default",
                          key->name);
            ck_assert_msg(key->sections & IN(kind) && key->least <= (key->most ? key->most : key->least),
                          "%s: range", key->name);
            if (!g_ascii_isupper(key->name[0]))
                ck_assert_msg(scenario_key_find(kind, key->name) == key, "%s is there twice in [%s]",
                              key->name, scenario_section_kinds[kind].name);
            char *type = scenario_key_type_text(key);
            ck_assert(type[0] != '\0');
            g_free(type);
        }
    ck_assert_uint_ge(count, 300); /* no chapter is forgotten */

    /* Nor is any key in a chapter that its sections do not read. */
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++)
        for (const struct scenario_key *key = scenario_section_kinds[kind].keys; key->name; key++)
            for (unsigned other = 0; other < SECTION_KINDS; other++)
                if (key->sections & IN(other))
                    ck_assert_msg(scenario_section_kinds[other].keys == scenario_section_kinds[kind].keys,
                                  "%s of [%s] is in a chapter of [%s]", key->name,
                                  scenario_section_kinds[other].name, scenario_section_kinds[kind].name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario");
    TCase *tests = tcase_create("scenario");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, defaults);
    tcase_add_test(tests, values_reach_their_fields);
    tcase_add_test(tests, addresses_by_rule);
    tcase_add_test(tests, groups);
    tcase_add_test(tests, further_home_addresses);
    tcase_add_test(tests, a_million_nodes_cost_no_more_than_one);
    tcase_add_test(tests, timeline);
    tcase_add_test(tests, sweep_points);
    tcase_add_test(tests, sweep_leaves_out);
    tcase_add_test(tests, points_are_built_fast);
    tcase_add_test(tests, set_overrides);
    tcase_add_test(tests, files_over_files);
    tcase_add_test(tests, mistakes_in_order_each_once);
    tcase_add_test(tests, the_first_point_is_what_is_judged);
    tcase_add_test(tests, told_back_as_json);
    tcase_add_test(tests, table_of_keys);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
