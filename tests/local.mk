# The proof. Defined (empty) in Makefile.am, to be appended to here:
#     unit_tests += tests/unit/test_x        a libcheck program with its own main(); built and run by `make check`
#     tests_unit_test_x_SOURCES = tests/unit/test_x.c     (links with libmip6sim.a, libmip6.a and all libraries by default)
#     TESTS += tests/x.sh tests/x.py         scripts; exit 0 passed, 77 skipped, else failed
#     check_PROGRAMS += tests/x              built for `make check`, run only if it is in TESTS as well
#     bench_programs += tests/bench/x        built and run by `make bench`
#     fuzz_programs += tests/fuzz/fuzz_x     LLVMFuzzerTestOneInput(); run by `make check` without arguments, srcdir exported
#     tests_fuzz_fuzz_x_SOURCES = tests/fuzz/fuzz_x.c $(fuzz_driver)
#     tests_fuzz_fuzz_x_LDFLAGS = $(fuzz_ldflags)
#     EXTRA_DIST += ...                      every other file (scripts, data) must be here

# The house itself: what the libraries call, hold and include, what a release holds, memory.
TESTS += tests/boundary.sh tests/headers.sh tests/includes.sh tests/style.sh tests/dist-files.sh tests/valgrind.sh tests/sanitizers.sh tests/configure.sh
EXTRA_DIST += tests/boundary.sh tests/boundary-allowed.txt tests/headers.sh tests/includes.sh tests/style.sh tests/dist-files.sh
EXTRA_DIST += tests/valgrind.sh tests/sanitizers.sh tests/configure.sh

# What tests of the whole program share, and a test of that.
EXTRA_DIST += tests/common.sh
TESTS += tests/common-test.sh
EXTRA_DIST += tests/common-test.sh

# What tests of nodes are built with: a world that records, and a network on virtual time. Add $(recorder) or $(lab) to SOURCES.
recorder = tests/unit/recording_environment.c tests/unit/recording_environment.h tests/unit/expect_octets.h
lab = tests/lab/lab.c tests/lab/lab.h $(recorder)
EXTRA_DIST += $(lab)

# The engine
unit_tests += tests/unit/test_timer tests/unit/test_event_queue tests/unit/test_engine
tests_unit_test_timer_SOURCES = tests/unit/test_timer.c
tests_unit_test_event_queue_SOURCES = tests/unit/test_event_queue.c
tests_unit_test_engine_SOURCES = tests/unit/test_engine.c
unit_tests += tests/unit/test_random tests/unit/test_distribution
tests_unit_test_random_SOURCES = tests/unit/test_random.c
tests_unit_test_distribution_SOURCES = tests/unit/test_distribution.c
bench_programs += tests/bench/bench_hold
tests_bench_bench_hold_SOURCES = tests/bench/bench_hold.c

# What is measured, and how it is told.
unit_tests += tests/unit/test_statistics tests/unit/test_csv tests/unit/test_table tests/unit/test_summary
tests_unit_test_statistics_SOURCES = tests/unit/test_statistics.c
tests_unit_test_csv_SOURCES = tests/unit/test_csv.c
tests_unit_test_table_SOURCES = tests/unit/test_table.c
tests_unit_test_summary_SOURCES = tests/unit/test_summary.c
unit_tests += tests/unit/test_experiment
tests_unit_test_experiment_SOURCES = tests/unit/test_experiment.c
EXTRA_DIST += tests/data/handovers.awk

EXTRA_DIST += tests/bench/soak.ini
bench_programs += tests/bench/bench_network
tests_bench_bench_network_SOURCES = tests/bench/bench_network.c
bench_programs += tests/bench/bench_startup
tests_bench_bench_startup_SOURCES = tests/bench/bench_startup.c

# Traffic, and the home agent (its packets are held against scapy's)
unit_tests += tests/unit/test_flow tests/unit/test_home_agent tests/unit/test_home_agent_packets
tests_unit_test_flow_SOURCES = tests/unit/test_flow.c $(recorder)
home_agent_fixture = tests/unit/home_agent_fixture.c tests/unit/home_agent_fixture.h tests/vectors/home_agent.h $(recorder)
tests_unit_test_home_agent_SOURCES = tests/unit/test_home_agent.c $(home_agent_fixture)
tests_unit_test_home_agent_packets_SOURCES = tests/unit/test_home_agent_packets.c $(home_agent_fixture)
EXTRA_DIST += tests/vectors/home_agent.py

# Mobility: codec, tokens, nonces, bindings, correspondent node
vectors = tests/unit/vectors.c tests/unit/vectors.h $(recorder)
unit_tests += tests/unit/test_message tests/unit/test_keygen tests/unit/test_nonce tests/unit/test_binding_cache
tests_unit_test_message_SOURCES = tests/unit/test_message.c $(vectors)
tests_unit_test_keygen_SOURCES = tests/unit/test_keygen.c $(vectors)
tests_unit_test_nonce_SOURCES = tests/unit/test_nonce.c $(recorder)
tests_unit_test_binding_cache_SOURCES = tests/unit/test_binding_cache.c $(recorder)
bench_programs += tests/bench/bench_keygen
tests_bench_bench_keygen_SOURCES = tests/bench/bench_keygen.c
TESTS += tests/vectors.sh
EXTRA_DIST += tests/vectors.sh tests/vectors/keygen.py tests/vectors/keygen.txt
EXTRA_DIST += tests/vectors/mobility_header.py tests/vectors/mobility_header.txt

# The whole simulator against what is known exactly.
unit_tests += tests/unit/test_closed_forms
tests_unit_test_closed_forms_SOURCES = tests/unit/test_closed_forms.c
TESTS += tests/scenario/determinism.sh
EXTRA_DIST += tests/scenario/determinism.sh

# The IPv6 layer
ipv6_fixture = tests/unit/ipv6_fixture.c tests/unit/ipv6_fixture.h $(recorder)
EXTRA_DIST += $(ipv6_fixture) tests/vectors/ipv6_vectors.h tests/vectors/ipv6_vectors.py
unit_tests += tests/unit/test_address tests/unit/test_packet tests/unit/test_cursor tests/unit/test_routing_table
tests_unit_test_address_SOURCES = tests/unit/test_address.c $(ipv6_fixture)
tests_unit_test_packet_SOURCES = tests/unit/test_packet.c $(ipv6_fixture)
tests_unit_test_cursor_SOURCES = tests/unit/test_cursor.c $(ipv6_fixture)
tests_unit_test_routing_table_SOURCES = tests/unit/test_routing_table.c $(ipv6_fixture)

# Mobile node, home agent and correspondent together
world = tests/lab/world.c tests/lab/world.h $(lab)
unit_tests += tests/lab/test_handover tests/lab/test_mobile_node_faults tests/lab/test_mobile_node_moves
tests_lab_test_handover_SOURCES = tests/lab/test_handover.c $(world)
tests_lab_test_mobile_node_faults_SOURCES = tests/lab/test_mobile_node_faults.c tests/runner.h $(world)
tests_lab_test_mobile_node_moves_SOURCES = tests/lab/test_mobile_node_moves.c tests/runner.h $(world)
unit_tests += tests/lab/test_peers
tests_lab_test_peers_SOURCES = tests/lab/test_peers.c tests/runner.h $(world)
EXTRA_DIST += $(world)

# The same with messages lost, late and repeated
signalling = tests/lab/signalling.c tests/lab/signalling.h $(world)
unit_tests += tests/lab/test_losses
tests_lab_test_losses_SOURCES = tests/lab/test_losses.c $(signalling)
unit_tests += tests/lab/model_check
tests_lab_model_check_SOURCES = tests/lab/model_check.c $(signalling)
EXTRA_DIST += $(signalling)

# The same without memory: the linker leads the program's own allocations through scarce_memory.c
scarce_memory = tests/unit/scarce_memory.c tests/unit/scarce_memory.h
scarce_ldflags = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free,--wrap=abort
unit_tests += tests/lab/test_out_of_memory
tests_lab_test_out_of_memory_SOURCES = tests/lab/test_out_of_memory.c tests/runner.h $(scarce_memory) $(world)
tests_lab_test_out_of_memory_LDFLAGS = $(scarce_ldflags)
unit_tests += tests/unit/test_out_of_memory
tests_unit_test_out_of_memory_SOURCES = tests/unit/test_out_of_memory.c tests/runner.h $(scarce_memory) $(home_agent_fixture)
tests_unit_test_out_of_memory_LDFLAGS = $(scarce_ldflags)
EXTRA_DIST += $(scarce_memory) tests/runner.h

# Every node in every state, given packets that are nearly right; the network is built with libcheck's assertions
if HAVE_CHECK
fuzz_programs += tests/fuzz/fuzz_states
endif
tests_fuzz_fuzz_states_SOURCES = tests/fuzz/fuzz_states.c $(fuzz_driver) $(signalling)
tests_fuzz_fuzz_states_LDFLAGS = $(fuzz_ldflags)
states_corpus = tests/fuzz/corpus/fuzz_states
EXTRA_DIST += $(states_corpus)/another-link-static.hex $(states_corpus)/another-link.hex
EXTRA_DIST += $(states_corpus)/at-home.hex $(states_corpus)/bound-again.hex
EXTRA_DIST += $(states_corpus)/bound-static.hex $(states_corpus)/bound.hex $(states_corpus)/configuring.hex
EXTRA_DIST += $(states_corpus)/first-registration-beside.hex $(states_corpus)/first-registration.hex
EXTRA_DIST += $(states_corpus)/no-hints.hex $(states_corpus)/returning-beside.hex
EXTRA_DIST += $(states_corpus)/returning.hex $(states_corpus)/starts-at-home.hex $(states_corpus)/tests.hex
EXTRA_DIST += $(states_corpus)/unattached.hex $(states_corpus)/update-to-a-group.hex

# The home agent on its link: as the router, beside it, as a host
unit_tests += tests/lab/test_home_agent
tests_lab_test_home_agent_SOURCES = tests/lab/test_home_agent.c $(lab)

# Neighbor Discovery, addresses, routers, Ethernet
unit_tests += tests/unit/test_ethernet tests/unit/test_neighbor_discovery tests/unit/test_address_configuration
unit_tests += tests/unit/test_router_discovery tests/unit/test_router_advertisement tests/unit/test_redirect
discovery = tests/unit/discovery.h tests/runner.h tests/vectors/neighbor_discovery.h $(recorder)
unit_tests += tests/unit/test_neighbor_cache
tests_unit_test_neighbor_cache_SOURCES = tests/unit/test_neighbor_cache.c $(discovery)
unit_tests += tests/unit/test_nd_message tests/unit/test_next_hop tests/unit/test_optimistic tests/unit/test_address_table
tests_unit_test_nd_message_SOURCES = tests/unit/test_nd_message.c tests/runner.h $(recorder)
tests_unit_test_next_hop_SOURCES = tests/unit/test_next_hop.c tests/runner.h $(recorder)
tests_unit_test_ethernet_SOURCES = tests/unit/test_ethernet.c $(discovery)
tests_unit_test_neighbor_discovery_SOURCES = tests/unit/test_neighbor_discovery.c $(discovery)
tests_unit_test_address_configuration_SOURCES = tests/unit/test_address_configuration.c $(discovery)
tests_unit_test_optimistic_SOURCES = tests/unit/test_optimistic.c $(discovery)
tests_unit_test_address_table_SOURCES = tests/unit/test_address_table.c tests/runner.h $(recorder)
tests_unit_test_redirect_SOURCES = tests/unit/test_redirect.c $(discovery)
tests_unit_test_router_discovery_SOURCES = tests/unit/test_router_discovery.c $(discovery)
tests_unit_test_router_advertisement_SOURCES = tests/unit/test_router_advertisement.c $(discovery)
EXTRA_DIST += tests/vectors/neighbor_discovery.py
unit_tests += tests/unit/test_ipv6 tests/unit/test_forward tests/unit/test_icmpv6 tests/unit/test_udp tests/unit/test_tunnel tests/unit/test_fragment
tests_unit_test_forward_SOURCES = tests/unit/test_forward.c $(ipv6_fixture)
tests_unit_test_ipv6_SOURCES = tests/unit/test_ipv6.c $(ipv6_fixture)
tests_unit_test_icmpv6_SOURCES = tests/unit/test_icmpv6.c $(ipv6_fixture)
tests_unit_test_udp_SOURCES = tests/unit/test_udp.c $(ipv6_fixture)
tests_unit_test_tunnel_SOURCES = tests/unit/test_tunnel.c $(ipv6_fixture)
tests_unit_test_fragment_SOURCES = tests/unit/test_fragment.c $(ipv6_fixture)
unit_tests += tests/lab/test_forwarding
tests_lab_test_forwarding_SOURCES = tests/lab/test_forwarding.c tests/unit/ipv6_fixture.c tests/unit/ipv6_fixture.h $(lab)
TESTS += tests/scenario/captures.sh
EXTRA_DIST += tests/scenario/captures.sh tests/scenario/rebuild.py
correspondent = tests/unit/correspondent_fixture.c tests/unit/correspondent_fixture.h $(recorder)
unit_tests += tests/unit/test_correspondent_node tests/unit/test_unsafe
unit_tests += tests/unit/test_correspondent_packets tests/unit/test_correspondent_static_key
tests_unit_test_unsafe_SOURCES = tests/unit/test_unsafe.c $(correspondent)
tests_unit_test_correspondent_node_SOURCES = tests/unit/test_correspondent_node.c tests/runner.h $(correspondent)
tests_unit_test_correspondent_packets_SOURCES = tests/unit/test_correspondent_packets.c tests/runner.h $(correspondent)
tests_unit_test_correspondent_static_key_SOURCES = tests/unit/test_correspondent_static_key.c tests/runner.h $(correspondent)
unit_tests += tests/unit/test_static_key tests/unit/test_mobility
tests_unit_test_static_key_SOURCES = tests/unit/test_static_key.c $(recorder)
tests_unit_test_mobility_SOURCES = tests/unit/test_mobility.c $(correspondent)

# What a node makes of anything at all
fuzz_programs += tests/fuzz/fuzz_node
tests_fuzz_fuzz_node_SOURCES = tests/fuzz/fuzz_node.c $(fuzz_driver) $(recorder)
tests_fuzz_fuzz_node_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/driver.c
node_corpus = tests/fuzz/corpus/fuzz_node
EXTRA_DIST += $(node_corpus)/esp.hex $(node_corpus)/forward.hex $(node_corpus)/fragments.hex $(node_corpus)/options.hex
EXTRA_DIST += $(node_corpus)/routing.hex $(node_corpus)/send.hex $(node_corpus)/tunnel.hex $(node_corpus)/udp-echo.hex
unit_tests += tests/lab/test_neighbors
tests_lab_test_neighbors_SOURCES = tests/lab/test_neighbors.c $(lab)
fuzz_programs += tests/fuzz/fuzz_neighbor_discovery
tests_fuzz_fuzz_neighbor_discovery_SOURCES = tests/fuzz/fuzz_neighbor_discovery.c $(fuzz_driver) $(recorder)
tests_fuzz_fuzz_neighbor_discovery_LDFLAGS = $(fuzz_ldflags)
discovery_corpus = tests/fuzz/corpus/fuzz_neighbor_discovery
EXTRA_DIST += $(discovery_corpus)/duplicates.hex $(discovery_corpus)/frames.hex $(discovery_corpus)/home-agent.hex
EXTRA_DIST += $(discovery_corpus)/host.hex $(discovery_corpus)/router.hex
fuzz_programs += tests/fuzz/fuzz_mobility
tests_fuzz_fuzz_mobility_SOURCES = tests/fuzz/fuzz_mobility.c $(fuzz_driver) $(recorder)
tests_fuzz_fuzz_mobility_LDFLAGS = $(fuzz_ldflags)
mobility_corpus = tests/fuzz/corpus/fuzz_mobility
EXTRA_DIST += $(mobility_corpus)/alternate.hex
EXTRA_DIST += $(mobility_corpus)/anything.hex
EXTRA_DIST += $(mobility_corpus)/codec-acknowledgement-advice-authorization.hex
EXTRA_DIST += $(mobility_corpus)/codec-binding-error.hex
EXTRA_DIST += $(mobility_corpus)/codec-binding-refresh-request.hex
EXTRA_DIST += $(mobility_corpus)/codec-care-of-test.hex
EXTRA_DIST += $(mobility_corpus)/codec-home-test-init.hex
EXTRA_DIST += $(mobility_corpus)/codec-unknown-options.hex
EXTRA_DIST += $(mobility_corpus)/codec-update-alternate.hex
EXTRA_DIST += $(mobility_corpus)/codec-update-static.hex
EXTRA_DIST += $(mobility_corpus)/deletion.hex
EXTRA_DIST += $(mobility_corpus)/errors.hex
EXTRA_DIST += $(mobility_corpus)/limit.hex
EXTRA_DIST += $(mobility_corpus)/messages.hex
EXTRA_DIST += $(mobility_corpus)/registration.hex
EXTRA_DIST += $(mobility_corpus)/static-key.hex

# The command line, and the figures
TESTS += tests/scenario/usage.sh tests/scenario/figures.sh tests/scenario/plot.sh tests/scenario/flows.sh
EXTRA_DIST += tests/scenario/usage.sh tests/scenario/figures.sh tests/scenario/plot.sh tests/scenario/flows.sh

# The scenario language
unit_tests += tests/unit/test_value tests/unit/test_scenario
tests_unit_test_value_SOURCES = tests/unit/test_value.c
tests_unit_test_scenario_SOURCES = tests/unit/test_scenario.c
fuzz_programs += tests/fuzz/fuzz_scenario
tests_fuzz_fuzz_scenario_SOURCES = tests/fuzz/fuzz_scenario.c $(fuzz_driver)
tests_fuzz_fuzz_scenario_LDFLAGS = $(fuzz_ldflags)
unit_tests += tests/unit/test_attack_record
tests_unit_test_attack_record_SOURCES = tests/unit/test_attack_record.c
TESTS += tests/scenario/expect.sh tests/scenario/attack-records.sh
EXTRA_DIST += tests/scenario/expect.sh tests/scenario/attack-records.sh
TESTS += tests/scenario/bad-input.sh tests/scenario/reference.sh
unit_tests += tests/unit/test_range
tests_unit_test_range_SOURCES = tests/unit/test_range.c
unit_tests += tests/unit/test_cells tests/unit/test_length tests/unit/test_movement
tests_unit_test_cells_SOURCES = tests/unit/test_cells.c
tests_unit_test_length_SOURCES = tests/unit/test_length.c
tests_unit_test_movement_SOURCES = tests/unit/test_movement.c
TESTS += tests/scenario/movement.sh
EXTRA_DIST += tests/scenario/movement.sh
TESTS += tests/scenario/reboot.sh tests/scenario/operator.sh
TESTS += tests/scenario/diff.sh tests/scenario/tutorial.sh tests/scenario/man.sh tests/scenario/mpi.sh tests/scenario/security.sh tests/scenario/new.sh tests/scenario/verify.sh tests/scenario/sweep.sh tests/scenario/wrong-results.sh
EXTRA_DIST += tests/scenario/diff.sh tests/scenario/tutorial.sh tests/scenario/man.sh tests/scenario/mpi.sh tests/scenario/security.sh tests/scenario/new.sh tests/scenario/verify.sh tests/scenario/sweep.sh tests/scenario/wrong-results.sh
EXTRA_DIST += tests/scenario/reboot.sh tests/scenario/operator.sh
TESTS += tests/scenario/redirect.sh
EXTRA_DIST += tests/scenario/redirect.sh
TESTS += tests/scenario/discovery.sh
EXTRA_DIST += tests/scenario/discovery.sh
EXTRA_DIST += tests/scenario/bad-input.sh tests/scenario/reference.sh tests/scenario/bad tests/fuzz/corpus/fuzz_scenario

# The mobile node by itself (its packets are held against scapy's)
mobile_node_fixture = tests/unit/mobile_node_fixture.c tests/unit/mobile_node_fixture.h tests/vectors/mobile_node.h $(recorder)
unit_tests += tests/unit/test_mobile_node tests/unit/test_return_routability
tests_unit_test_mobile_node_SOURCES = tests/unit/test_mobile_node.c $(mobile_node_fixture)
unit_tests += tests/unit/test_mobile_node_messages tests/unit/test_movement_detection
tests_unit_test_movement_detection_SOURCES = tests/unit/test_movement_detection.c $(mobile_node_fixture)
tests_unit_test_mobile_node_messages_SOURCES = tests/unit/test_mobile_node_messages.c $(mobile_node_fixture)
tests_unit_test_return_routability_SOURCES = tests/unit/test_return_routability.c $(mobile_node_fixture)
unit_tests += tests/unit/test_rekey tests/unit/test_store
tests_unit_test_rekey_SOURCES = tests/unit/test_rekey.c $(mobile_node_fixture)
tests_unit_test_store_SOURCES = tests/unit/test_store.c
EXTRA_DIST += tests/vectors/mobile_node.py

# What doc/rfc-map.md names is there.
TESTS += tests/rfc-map.sh
EXTRA_DIST += tests/rfc-map.sh
TESTS += tests/links.sh
EXTRA_DIST += tests/links.sh
unit_tests += tests/lab/test_two_mobile_nodes
tests_lab_test_two_mobile_nodes_SOURCES = tests/lab/test_two_mobile_nodes.c $(world)
unit_tests += tests/lab/test_several_home_addresses
tests_lab_test_several_home_addresses_SOURCES = tests/lab/test_several_home_addresses.c $(world)
unit_tests += tests/lab/test_overlapping_links
tests_lab_test_overlapping_links_SOURCES = tests/lab/test_overlapping_links.c $(world)

# IPsec between mobile node and home agent (ESP is held against the RFCs' packets and scapy's)
unit_tests += tests/unit/test_esp tests/unit/test_security_association tests/unit/test_policy
tests_unit_test_esp_SOURCES = tests/unit/test_esp.c tests/vectors/esp.h $(ipv6_fixture)
tests_unit_test_security_association_SOURCES = tests/unit/test_security_association.c $(ipv6_fixture)
tests_unit_test_policy_SOURCES = tests/unit/test_policy.c $(ipv6_fixture)
EXTRA_DIST += tests/vectors/esp.py

# Discovery of home agents and of prefixes, held against scapy's messages
discovery_fixtures = $(mobile_node_fixture) tests/unit/home_agent_fixture.c tests/unit/home_agent_fixture.h tests/vectors/discovery.h
unit_tests += tests/unit/test_home_agents_list tests/unit/test_home_agent_discovery tests/unit/test_prefix_discovery
tests_unit_test_home_agents_list_SOURCES = tests/unit/test_home_agents_list.c $(recorder)
tests_unit_test_home_agent_discovery_SOURCES = tests/unit/test_home_agent_discovery.c $(discovery_fixtures)
tests_unit_test_prefix_discovery_SOURCES = tests/unit/test_prefix_discovery.c $(discovery_fixtures)
EXTRA_DIST += tests/vectors/discovery.py tests/vectors/discovery.h
unit_tests += tests/lab/test_ipsec
tests_lab_test_ipsec_SOURCES = tests/lab/test_ipsec.c $(world)
unit_tests += tests/unit/test_ipsec_packets
tests_unit_test_ipsec_packets_SOURCES = tests/unit/test_ipsec_packets.c $(ipv6_fixture)
fuzz_programs += tests/fuzz/fuzz_esp
tests_fuzz_fuzz_esp_SOURCES = tests/fuzz/fuzz_esp.c $(fuzz_driver) $(recorder)
tests_fuzz_fuzz_esp_LDFLAGS = $(fuzz_ldflags)
esp_corpus = tests/fuzz/corpus/fuzz_esp
EXTRA_DIST += $(esp_corpus)/null.hex $(esp_corpus)/raw.hex $(esp_corpus)/registration.hex $(esp_corpus)/triple-des.hex

# Faults
faulty = tests/lab/faulty.c tests/lab/faulty.h
unit_tests += tests/unit/test_loss_model tests/unit/test_clock tests/unit/test_packet_view tests/lab/test_link_faults tests/lab/test_node_faults tests/lab/test_packet_faults
tests_lab_test_packet_faults_SOURCES = tests/lab/test_packet_faults.c $(faulty)
tests_unit_test_packet_view_SOURCES = tests/unit/test_packet_view.c
TESTS += tests/scenario/faults.sh
EXTRA_DIST += tests/scenario/faults.sh
tests_unit_test_clock_SOURCES = tests/unit/test_clock.c
tests_lab_test_node_faults_SOURCES = tests/lab/test_node_faults.c $(faulty)
tests_unit_test_loss_model_SOURCES = tests/unit/test_loss_model.c
tests_lab_test_link_faults_SOURCES = tests/lab/test_link_faults.c $(faulty)

# Adversaries (what they make is held against scapy's and hashlib's)
unit_tests += tests/unit/test_attacker
tests_unit_test_attacker_SOURCES = tests/unit/test_attacker.c tests/vectors/attacker.h $(ipv6_fixture)
EXTRA_DIST += tests/vectors/attacker.py
unit_tests += tests/unit/test_attackers
tests_unit_test_attackers_SOURCES = tests/unit/test_attackers.c
fuzz_programs += tests/fuzz/fuzz_attacker
tests_fuzz_fuzz_attacker_SOURCES = tests/fuzz/fuzz_attacker.c tests/vectors/attacker.h $(fuzz_driver) $(recorder)
tests_fuzz_fuzz_attacker_LDFLAGS = $(fuzz_ldflags)
attacker_corpus = tests/fuzz/corpus/fuzz_attacker
EXTRA_DIST += $(attacker_corpus)/raw.hex $(attacker_corpus)/vectors.hex

# Statistics of results (they are held against Python's)
TESTS += tests/scenario/summarize.sh tests/scenario/chart.sh tests/scenario/report.sh
TESTS += tests/scenario/packets.sh
unit_tests += tests/unit/test_packet_trace
tests_unit_test_packet_trace_SOURCES = tests/unit/test_packet_trace.c tests/runner.h
EXTRA_DIST += tests/scenario/packets.sh
EXTRA_DIST += tests/scenario/chart.sh tests/scenario/report.sh
EXTRA_DIST += tests/scenario/summarize.sh tests/scenario/statistics_of.py
bench_programs += tests/bench/bench_sweep
tests_bench_bench_sweep_SOURCES = tests/bench/bench_sweep.c
# Against the wall clock: with the Linux kernel as the neighbour, in network namespaces that the tests make.
TESTS += tests/live/same.sh tests/live/kernel.sh tests/live/control.sh tests/live/errors.sh tests/live/orders.py tests/live/kill.sh tests/live/kill_each.py tests/live/replay.sh tests/live/scapy_peers.py tests/live/conformance_correspondent.py tests/live/conformance_home_agent.py tests/live/conformance_host.py tests/live/conformance_mobile_node.py tests/live/conformance_router.py tests/live/noise.py tests/live/memory.py
EXTRA_DIST += tests/live/outside.py tests/live/same.sh tests/live/kernel.sh tests/live/control.sh tests/live/errors.sh tests/live/orders.py tests/live/kill.sh tests/live/kill_each.py tests/live/replay.sh tests/live/scapy_peers.py tests/live/conformance_correspondent.py tests/live/conformance_home_agent.py tests/live/conformance_host.py tests/live/conformance_mobile_node.py tests/live/conformance_router.py tests/live/noise.py tests/live/memory.py
bench_programs += tests/bench/bench_live
tests_bench_bench_live_SOURCES = tests/bench/bench_live.c
unit_tests += tests/unit/test_live
tests_unit_test_live_SOURCES = tests/unit/test_live.c
