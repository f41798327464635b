# The proof. Defined (empty) in Makefile.am, to be appended to here:
#     unit_tests += tests/unit/test_x        a libcheck program with its own main(); built and run by `make check`
#     tests_unit_test_x_SOURCES = tests/unit/test_x.c     (links with libmip6sim.a, libmip6.a and all libraries by default)
#     house_tests, scenario_tests, live_tests    scripts, .sh or .py; exit 0 passed, 77 skipped, else failed
#     check_PROGRAMS += tests/x              built for `make check`, run only if it is in TESTS as well
#     bench_programs += tests/bench/x        built and run by `make bench`
#     fuzz_programs += tests/fuzz/fuzz_x     LLVMFuzzerTestOneInput(); run by `make check` without arguments, srcdir exported
#     tests_fuzz_fuzz_x_SOURCES = tests/fuzz/fuzz_x.c $(fuzz_driver)
#     tests_fuzz_fuzz_x_LDFLAGS = $(fuzz_ldflags)
#     EXTRA_DIST += ...                      every other file (scripts, data) must be here

# Scripts: the house itself (what the libraries call, hold and include, what a release holds, memory, documents); the
# whole program; the program against the wall clock, in network namespaces that the tests make.
house_tests = \
    tests/boundary.sh \
    tests/common-test.sh \
    tests/configure.sh \
    tests/dist-files.sh \
    tests/headers.sh \
    tests/includes.sh \
    tests/links.sh \
    tests/rfc-map.sh \
    tests/sanitizers.sh \
    tests/style.sh \
    tests/valgrind.sh \
    tests/vectors.sh
scenario_tests = \
    tests/scenario/attack-records.sh \
    tests/scenario/bad-input.sh \
    tests/scenario/captures.sh \
    tests/scenario/chart.sh \
    tests/scenario/determinism.sh \
    tests/scenario/diff.sh \
    tests/scenario/discovery.sh \
    tests/scenario/expect.sh \
    tests/scenario/faults.sh \
    tests/scenario/figures.sh \
    tests/scenario/flows.sh \
    tests/scenario/man.sh \
    tests/scenario/movement.sh \
    tests/scenario/mpi.sh \
    tests/scenario/new.sh \
    tests/scenario/operator.sh \
    tests/scenario/packets.sh \
    tests/scenario/plot.sh \
    tests/scenario/reboot.sh \
    tests/scenario/redirect.sh \
    tests/scenario/reference.sh \
    tests/scenario/report.sh \
    tests/scenario/security.sh \
    tests/scenario/summarize.sh \
    tests/scenario/sweep.sh \
    tests/scenario/tutorial.sh \
    tests/scenario/usage.sh \
    tests/scenario/verify.sh \
    tests/scenario/wrong-results.sh
live_tests = \
    tests/live/conformance_correspondent.py \
    tests/live/conformance_home_agent.py \
    tests/live/conformance_host.py \
    tests/live/conformance_mobile_node.py \
    tests/live/conformance_router.py \
    tests/live/control.sh \
    tests/live/errors.sh \
    tests/live/kernel.sh \
    tests/live/kill.sh \
    tests/live/kill_each.py \
    tests/live/memory.py \
    tests/live/noise.py \
    tests/live/orders.py \
    tests/live/replay.sh \
    tests/live/same.sh \
    tests/live/scapy_peers.py
TESTS += $(house_tests) $(scenario_tests) $(live_tests)
EXTRA_DIST += $(house_tests) $(scenario_tests) $(live_tests)

# What they read or share.
EXTRA_DIST += \
    tests/boundary-allowed.txt \
    tests/common.sh \
    tests/data/handovers.awk \
    tests/live/outside.py \
    tests/runner.h \
    tests/scenario/bad \
    tests/scenario/rebuild.py \
    tests/scenario/statistics_of.py

# What tests of nodes are built with: worlds that record, networks on virtual time. Add $(recorder), $(lab), ... to SOURCES.
recorder = tests/unit/recording_environment.c tests/unit/recording_environment.h tests/unit/expect_octets.h
lab = tests/lab/lab.c tests/lab/lab.h $(recorder)
home_agent_fixture = tests/unit/home_agent_fixture.c tests/unit/home_agent_fixture.h tests/vectors/home_agent.h $(recorder)
vectors = tests/unit/vectors.c tests/unit/vectors.h $(recorder)
ipv6_fixture = tests/unit/ipv6_fixture.c tests/unit/ipv6_fixture.h $(recorder)
world = tests/lab/world.c tests/lab/world.h $(lab)
signalling = tests/lab/signalling.c tests/lab/signalling.h $(world)
scarce_memory = tests/unit/scarce_memory.c tests/unit/scarce_memory.h
discovery = tests/unit/discovery.h tests/runner.h tests/vectors/neighbor_discovery.h $(recorder)
correspondent = tests/unit/correspondent_fixture.c tests/unit/correspondent_fixture.h $(recorder)
mobile_node_fixture = tests/unit/mobile_node_fixture.c tests/unit/mobile_node_fixture.h tests/vectors/mobile_node.h $(recorder)
discovery_fixtures = $(mobile_node_fixture) tests/unit/home_agent_fixture.c tests/unit/home_agent_fixture.h tests/vectors/discovery.h
faulty = tests/lab/faulty.c tests/lab/faulty.h
# The linker leads the program's own allocations through scarce_memory.c.
scarce_ldflags = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free,--wrap=abort
EXTRA_DIST += \
    $(ipv6_fixture) \
    $(lab) \
    $(scarce_memory) \
    $(signalling) \
    $(world)

# Octets from elsewhere, and the scripts that print them (tests/vectors.sh).
EXTRA_DIST += \
    tests/vectors/attacker.py \
    tests/vectors/discovery.h \
    tests/vectors/discovery.py \
    tests/vectors/esp.py \
    tests/vectors/home_agent.py \
    tests/vectors/ipv6_vectors.h \
    tests/vectors/ipv6_vectors.py \
    tests/vectors/keygen.py \
    tests/vectors/keygen.txt \
    tests/vectors/mobile_node.py \
    tests/vectors/mobility_header.py \
    tests/vectors/mobility_header.txt \
    tests/vectors/neighbor_discovery.py

# One thing at a time.
unit_tests += \
    tests/unit/test_address \
    tests/unit/test_address_configuration \
    tests/unit/test_address_table \
    tests/unit/test_attack_record \
    tests/unit/test_attacker \
    tests/unit/test_attackers \
    tests/unit/test_binding_cache \
    tests/unit/test_cells \
    tests/unit/test_clock \
    tests/unit/test_closed_forms \
    tests/unit/test_correspondent_node \
    tests/unit/test_correspondent_packets \
    tests/unit/test_correspondent_static_key \
    tests/unit/test_csv \
    tests/unit/test_cursor \
    tests/unit/test_distribution \
    tests/unit/test_engine \
    tests/unit/test_esp \
    tests/unit/test_ethernet \
    tests/unit/test_event_queue \
    tests/unit/test_experiment \
    tests/unit/test_flow \
    tests/unit/test_forward \
    tests/unit/test_fragment \
    tests/unit/test_home_agent \
    tests/unit/test_home_agent_discovery \
    tests/unit/test_home_agent_packets \
    tests/unit/test_home_agents_list \
    tests/unit/test_icmpv6 \
    tests/unit/test_ipsec_packets \
    tests/unit/test_ipv6 \
    tests/unit/test_keygen \
    tests/unit/test_length \
    tests/unit/test_live \
    tests/unit/test_loss_model \
    tests/unit/test_message \
    tests/unit/test_mobile_node \
    tests/unit/test_mobile_node_messages \
    tests/unit/test_mobility \
    tests/unit/test_movement \
    tests/unit/test_movement_detection \
    tests/unit/test_nd_message \
    tests/unit/test_neighbor_cache \
    tests/unit/test_neighbor_discovery \
    tests/unit/test_next_hop \
    tests/unit/test_nonce \
    tests/unit/test_optimistic \
    tests/unit/test_out_of_memory \
    tests/unit/test_packet \
    tests/unit/test_packet_trace \
    tests/unit/test_packet_view \
    tests/unit/test_policy \
    tests/unit/test_prefix_discovery \
    tests/unit/test_random \
    tests/unit/test_range \
    tests/unit/test_redirect \
    tests/unit/test_rekey \
    tests/unit/test_return_routability \
    tests/unit/test_router_advertisement \
    tests/unit/test_router_discovery \
    tests/unit/test_routing_table \
    tests/unit/test_scenario \
    tests/unit/test_security_association \
    tests/unit/test_static_key \
    tests/unit/test_statistics \
    tests/unit/test_store \
    tests/unit/test_summary \
    tests/unit/test_table \
    tests/unit/test_timer \
    tests/unit/test_tunnel \
    tests/unit/test_udp \
    tests/unit/test_unsafe \
    tests/unit/test_value
tests_unit_test_address_SOURCES = tests/unit/test_address.c $(ipv6_fixture)
tests_unit_test_address_configuration_SOURCES = tests/unit/test_address_configuration.c $(discovery)
tests_unit_test_address_table_SOURCES = tests/unit/test_address_table.c tests/runner.h $(recorder)
tests_unit_test_attack_record_SOURCES = tests/unit/test_attack_record.c
tests_unit_test_attacker_SOURCES = tests/unit/test_attacker.c tests/vectors/attacker.h $(ipv6_fixture)
tests_unit_test_attackers_SOURCES = tests/unit/test_attackers.c
tests_unit_test_binding_cache_SOURCES = tests/unit/test_binding_cache.c $(recorder)
tests_unit_test_cells_SOURCES = tests/unit/test_cells.c
tests_unit_test_clock_SOURCES = tests/unit/test_clock.c
tests_unit_test_closed_forms_SOURCES = tests/unit/test_closed_forms.c
tests_unit_test_correspondent_node_SOURCES = tests/unit/test_correspondent_node.c tests/runner.h $(correspondent)
tests_unit_test_correspondent_packets_SOURCES = tests/unit/test_correspondent_packets.c tests/runner.h $(correspondent)
tests_unit_test_correspondent_static_key_SOURCES = tests/unit/test_correspondent_static_key.c tests/runner.h $(correspondent)
tests_unit_test_csv_SOURCES = tests/unit/test_csv.c
tests_unit_test_cursor_SOURCES = tests/unit/test_cursor.c $(ipv6_fixture)
tests_unit_test_distribution_SOURCES = tests/unit/test_distribution.c
tests_unit_test_engine_SOURCES = tests/unit/test_engine.c
tests_unit_test_esp_SOURCES = tests/unit/test_esp.c tests/vectors/esp.h $(ipv6_fixture)
tests_unit_test_ethernet_SOURCES = tests/unit/test_ethernet.c $(discovery)
tests_unit_test_event_queue_SOURCES = tests/unit/test_event_queue.c
tests_unit_test_experiment_SOURCES = tests/unit/test_experiment.c
tests_unit_test_flow_SOURCES = tests/unit/test_flow.c $(recorder)
tests_unit_test_forward_SOURCES = tests/unit/test_forward.c $(ipv6_fixture)
tests_unit_test_fragment_SOURCES = tests/unit/test_fragment.c $(ipv6_fixture)
tests_unit_test_home_agent_SOURCES = tests/unit/test_home_agent.c $(home_agent_fixture)
tests_unit_test_home_agent_discovery_SOURCES = tests/unit/test_home_agent_discovery.c $(discovery_fixtures)
tests_unit_test_home_agent_packets_SOURCES = tests/unit/test_home_agent_packets.c $(home_agent_fixture)
tests_unit_test_home_agents_list_SOURCES = tests/unit/test_home_agents_list.c $(recorder)
tests_unit_test_icmpv6_SOURCES = tests/unit/test_icmpv6.c $(ipv6_fixture)
tests_unit_test_ipsec_packets_SOURCES = tests/unit/test_ipsec_packets.c $(ipv6_fixture)
tests_unit_test_ipv6_SOURCES = tests/unit/test_ipv6.c $(ipv6_fixture)
tests_unit_test_keygen_SOURCES = tests/unit/test_keygen.c $(vectors)
tests_unit_test_length_SOURCES = tests/unit/test_length.c
tests_unit_test_live_SOURCES = tests/unit/test_live.c
tests_unit_test_loss_model_SOURCES = tests/unit/test_loss_model.c
tests_unit_test_message_SOURCES = tests/unit/test_message.c $(vectors)
tests_unit_test_mobile_node_SOURCES = tests/unit/test_mobile_node.c $(mobile_node_fixture)
tests_unit_test_mobile_node_messages_SOURCES = tests/unit/test_mobile_node_messages.c $(mobile_node_fixture)
tests_unit_test_mobility_SOURCES = tests/unit/test_mobility.c $(correspondent)
tests_unit_test_movement_SOURCES = tests/unit/test_movement.c
tests_unit_test_movement_detection_SOURCES = tests/unit/test_movement_detection.c $(mobile_node_fixture)
tests_unit_test_nd_message_SOURCES = tests/unit/test_nd_message.c tests/runner.h $(recorder)
tests_unit_test_neighbor_cache_SOURCES = tests/unit/test_neighbor_cache.c $(discovery)
tests_unit_test_neighbor_discovery_SOURCES = tests/unit/test_neighbor_discovery.c $(discovery)
tests_unit_test_next_hop_SOURCES = tests/unit/test_next_hop.c tests/runner.h $(recorder)
tests_unit_test_nonce_SOURCES = tests/unit/test_nonce.c $(recorder)
tests_unit_test_optimistic_SOURCES = tests/unit/test_optimistic.c $(discovery)
tests_unit_test_out_of_memory_SOURCES = tests/unit/test_out_of_memory.c tests/runner.h $(scarce_memory) $(home_agent_fixture)
tests_unit_test_out_of_memory_LDFLAGS = $(scarce_ldflags)
tests_unit_test_packet_SOURCES = tests/unit/test_packet.c $(ipv6_fixture)
tests_unit_test_packet_trace_SOURCES = tests/unit/test_packet_trace.c tests/runner.h
tests_unit_test_packet_view_SOURCES = tests/unit/test_packet_view.c
tests_unit_test_policy_SOURCES = tests/unit/test_policy.c $(ipv6_fixture)
tests_unit_test_prefix_discovery_SOURCES = tests/unit/test_prefix_discovery.c $(discovery_fixtures)
tests_unit_test_random_SOURCES = tests/unit/test_random.c
tests_unit_test_range_SOURCES = tests/unit/test_range.c
tests_unit_test_redirect_SOURCES = tests/unit/test_redirect.c $(discovery)
tests_unit_test_rekey_SOURCES = tests/unit/test_rekey.c $(mobile_node_fixture)
tests_unit_test_return_routability_SOURCES = tests/unit/test_return_routability.c $(mobile_node_fixture)
tests_unit_test_router_advertisement_SOURCES = tests/unit/test_router_advertisement.c $(discovery)
tests_unit_test_router_discovery_SOURCES = tests/unit/test_router_discovery.c $(discovery)
tests_unit_test_routing_table_SOURCES = tests/unit/test_routing_table.c $(ipv6_fixture)
tests_unit_test_scenario_SOURCES = tests/unit/test_scenario.c
tests_unit_test_security_association_SOURCES = tests/unit/test_security_association.c $(ipv6_fixture)
tests_unit_test_static_key_SOURCES = tests/unit/test_static_key.c $(recorder)
tests_unit_test_statistics_SOURCES = tests/unit/test_statistics.c
tests_unit_test_store_SOURCES = tests/unit/test_store.c
tests_unit_test_summary_SOURCES = tests/unit/test_summary.c
tests_unit_test_table_SOURCES = tests/unit/test_table.c
tests_unit_test_timer_SOURCES = tests/unit/test_timer.c
tests_unit_test_tunnel_SOURCES = tests/unit/test_tunnel.c $(ipv6_fixture)
tests_unit_test_udp_SOURCES = tests/unit/test_udp.c $(ipv6_fixture)
tests_unit_test_unsafe_SOURCES = tests/unit/test_unsafe.c $(correspondent)
tests_unit_test_value_SOURCES = tests/unit/test_value.c

# Whole nodes, joined by links.
unit_tests += \
    tests/lab/model_check \
    tests/lab/test_forwarding \
    tests/lab/test_handover \
    tests/lab/test_home_agent \
    tests/lab/test_ipsec \
    tests/lab/test_link_faults \
    tests/lab/test_losses \
    tests/lab/test_mobile_node_faults \
    tests/lab/test_mobile_node_moves \
    tests/lab/test_neighbors \
    tests/lab/test_node_faults \
    tests/lab/test_out_of_memory \
    tests/lab/test_overlapping_links \
    tests/lab/test_packet_faults \
    tests/lab/test_peers \
    tests/lab/test_several_home_addresses \
    tests/lab/test_two_mobile_nodes
tests_lab_model_check_SOURCES = tests/lab/model_check.c $(signalling)
tests_lab_test_forwarding_SOURCES = tests/lab/test_forwarding.c tests/unit/ipv6_fixture.c tests/unit/ipv6_fixture.h $(lab)
tests_lab_test_handover_SOURCES = tests/lab/test_handover.c $(world)
tests_lab_test_home_agent_SOURCES = tests/lab/test_home_agent.c $(lab)
tests_lab_test_ipsec_SOURCES = tests/lab/test_ipsec.c $(world)
tests_lab_test_link_faults_SOURCES = tests/lab/test_link_faults.c $(faulty)
tests_lab_test_losses_SOURCES = tests/lab/test_losses.c $(signalling)
tests_lab_test_mobile_node_faults_SOURCES = tests/lab/test_mobile_node_faults.c tests/runner.h $(world)
tests_lab_test_mobile_node_moves_SOURCES = tests/lab/test_mobile_node_moves.c tests/runner.h $(world)
tests_lab_test_neighbors_SOURCES = tests/lab/test_neighbors.c $(lab)
tests_lab_test_node_faults_SOURCES = tests/lab/test_node_faults.c $(faulty)
tests_lab_test_out_of_memory_SOURCES = tests/lab/test_out_of_memory.c tests/runner.h $(scarce_memory) $(world)
tests_lab_test_out_of_memory_LDFLAGS = $(scarce_ldflags)
tests_lab_test_overlapping_links_SOURCES = tests/lab/test_overlapping_links.c $(world)
tests_lab_test_packet_faults_SOURCES = tests/lab/test_packet_faults.c $(faulty)
tests_lab_test_peers_SOURCES = tests/lab/test_peers.c tests/runner.h $(world)
tests_lab_test_several_home_addresses_SOURCES = tests/lab/test_several_home_addresses.c $(world)
tests_lab_test_two_mobile_nodes_SOURCES = tests/lab/test_two_mobile_nodes.c $(world)

# Anything at all; where to begin, and what has broken something once, is in tests/fuzz/corpus.
fuzz_programs += \
    tests/fuzz/fuzz_attacker \
    tests/fuzz/fuzz_esp \
    tests/fuzz/fuzz_mobility \
    tests/fuzz/fuzz_neighbor_discovery \
    tests/fuzz/fuzz_node \
    tests/fuzz/fuzz_scenario
# This one is built with libcheck's assertions.
if HAVE_CHECK
fuzz_programs += tests/fuzz/fuzz_states
endif
tests_fuzz_fuzz_attacker_SOURCES = tests/fuzz/fuzz_attacker.c tests/vectors/attacker.h $(fuzz_driver) $(recorder)
tests_fuzz_fuzz_attacker_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_esp_SOURCES = tests/fuzz/fuzz_esp.c $(fuzz_driver) $(recorder)
tests_fuzz_fuzz_esp_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_mobility_SOURCES = tests/fuzz/fuzz_mobility.c $(fuzz_driver) $(recorder)
tests_fuzz_fuzz_mobility_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_neighbor_discovery_SOURCES = tests/fuzz/fuzz_neighbor_discovery.c $(fuzz_driver) $(recorder)
tests_fuzz_fuzz_neighbor_discovery_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_node_SOURCES = tests/fuzz/fuzz_node.c $(fuzz_driver) $(recorder)
tests_fuzz_fuzz_node_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_scenario_SOURCES = tests/fuzz/fuzz_scenario.c $(fuzz_driver)
tests_fuzz_fuzz_scenario_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_states_SOURCES = tests/fuzz/fuzz_states.c $(fuzz_driver) $(signalling)
tests_fuzz_fuzz_states_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += \
    tests/fuzz/corpus \
    tests/fuzz/driver.c

# How fast, how large.
bench_programs += \
    tests/bench/bench_hold \
    tests/bench/bench_keygen \
    tests/bench/bench_live \
    tests/bench/bench_network \
    tests/bench/bench_startup \
    tests/bench/bench_sweep
tests_bench_bench_hold_SOURCES = tests/bench/bench_hold.c
tests_bench_bench_keygen_SOURCES = tests/bench/bench_keygen.c
tests_bench_bench_live_SOURCES = tests/bench/bench_live.c
tests_bench_bench_network_SOURCES = tests/bench/bench_network.c
tests_bench_bench_startup_SOURCES = tests/bench/bench_startup.c
tests_bench_bench_sweep_SOURCES = tests/bench/bench_sweep.c
EXTRA_DIST += \
    tests/bench/soak.ini
