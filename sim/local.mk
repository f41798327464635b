# The simulator: libmip6sim_a_SOURCES (.c and .h files of sim/ but sim/command), and the program: mip6sim_SOURCES
# (sim/command/*.c and *.h). One `+=` a folder.

# Virtual time: the pending-event set, the run loop, random streams, distributions.
libmip6sim_a_SOURCES += \
    sim/engine/clock.h \
    sim/engine/distribution.c sim/engine/distribution.h \
    sim/engine/duration.c sim/engine/duration.h \
    sim/engine/engine.c sim/engine/engine.h \
    sim/engine/event_queue.c sim/engine/event_queue.h \
    sim/engine/length.c sim/engine/length.h \
    sim/engine/loss_model.c sim/engine/loss_model.h \
    sim/engine/pool.c sim/engine/pool.h \
    sim/engine/random.c sim/engine/random.h

# Octets that others read.
libmip6sim_a_SOURCES += \
    sim/format/csv.c sim/format/csv.h \
    sim/format/json_text.c sim/format/json_text.h \
    sim/format/json_value.c sim/format/json_value.h \
    sim/format/output_directory.c sim/format/output_directory.h \
    sim/format/table.c sim/format/table.h

# The scenario language.
libmip6sim_a_SOURCES += \
    sim/scenario/advertisements.c \
    sim/scenario/build.c sim/scenario/build.h \
    sim/scenario/build_addresses.c \
    sim/scenario/build_attackers.c \
    sim/scenario/build_attacks.c \
    sim/scenario/build_changes.c \
    sim/scenario/build_conditions.c \
    sim/scenario/build_events.c \
    sim/scenario/build_except.c \
    sim/scenario/build_expectations.c sim/scenario/build_expectations.h \
    sim/scenario/build_external.c \
    sim/scenario/build_faults.c \
    sim/scenario/build_homes.c \
    sim/scenario/build_movement.c \
    sim/scenario/build_names.c \
    sim/scenario/build_parameters.c \
    sim/scenario/build_reachability.c \
    sim/scenario/build_rekey.c \
    sim/scenario/build_scope.c \
    sim/scenario/build_sweep.c \
    sim/scenario/build_timeline.c \
    sim/scenario/build_tolerances.c \
    sim/scenario/build_topology.c \
    sim/scenario/build_trace.c \
    sim/scenario/columns.h \
    sim/scenario/describe.c \
    sim/scenario/expectation.h \
    sim/scenario/group.c \
    sim/scenario/json.c \
    sim/scenario/keys.c sim/scenario/keys.h \
    sim/scenario/keys_attacks.c \
    sim/scenario/keys_events.c \
    sim/scenario/keys_links.c \
    sim/scenario/keys_nodes.c \
    sim/scenario/keys_print.c \
    sim/scenario/keys_study.c \
    sim/scenario/keys_table.h \
    sim/scenario/message.c sim/scenario/message.h \
    sim/scenario/message_kind.c sim/scenario/message_kind.h \
    sim/scenario/order.c sim/scenario/order.h \
    sim/scenario/range.c sim/scenario/range.h \
    sim/scenario/scenario.h \
    sim/scenario/source.c sim/scenario/source.h \
    sim/scenario/sweep.c \
    sim/scenario/value.c sim/scenario/value.h

# The network: nodes' environment, links, captures, and a scenario made into all that.
libmip6sim_a_SOURCES += \
    sim/network/attachment.c \
    sim/network/attackers.c sim/network/attackers.h \
    sim/network/capture.c sim/network/capture.h \
    sim/network/cells.c sim/network/cells.h \
    sim/network/configuration.c \
    sim/network/fault.c sim/network/fault.h \
    sim/network/gate.c sim/network/gate.h \
    sim/network/lan.c sim/network/lan.h \
    sim/network/link.c sim/network/link.h \
    sim/network/links.c \
    sim/network/movement.c sim/network/movement.h \
    sim/network/movement_cells.c \
    sim/network/network.c sim/network/network.h \
    sim/network/packet_view.c sim/network/packet_view.h \
    sim/network/pcap_library.c sim/network/pcap_library.h \
    sim/network/peers.c \
    sim/network/reboot.c \
    sim/network/renumbering.c \
    sim/network/routes.c \
    sim/network/security.c sim/network/security.h \
    sim/network/simulation.c sim/network/simulation.h \
    sim/network/store.c sim/network/store.h

# Watching: what a run's nodes report, made into records.
libmip6sim_a_SOURCES += \
    sim/measure/attack.c sim/measure/attack.h \
    sim/measure/directory.c sim/measure/directory.h \
    sim/measure/expectation.c sim/measure/expectation.h \
    sim/measure/fingerprint.c sim/measure/fingerprint.h \
    sim/measure/flow_monitor.c sim/measure/flow_monitor.h \
    sim/measure/handover.c sim/measure/handover.h \
    sim/measure/packet_trace.c sim/measure/packet_trace.h \
    sim/measure/protocol_log.c sim/measure/protocol_log.h \
    sim/measure/recorder.c sim/measure/recorder.h \
    sim/measure/signalling.c sim/measure/signalling.h \
    sim/measure/statistics.c sim/measure/statistics.h

# All the runs of a scenario, and where their results go.
libmip6sim_a_SOURCES += \
    sim/experiment/cluster.h \
    sim/experiment/experiment.c sim/experiment/experiment.h \
    sim/experiment/precision.c sim/experiment/precision.h \
    sim/experiment/reference.c sim/experiment/reference.h \
    sim/experiment/result_csv.c sim/experiment/result_csv.h \
    sim/experiment/result_directory.c sim/experiment/result_directory.h \
    sim/experiment/result_store.c sim/experiment/result_store.h \
    sim/experiment/result_store_private.h \
    sim/experiment/result_store_read.c \
    sim/experiment/rows.c sim/experiment/rows.h \
    sim/experiment/run_json.c sim/experiment/run_json.h \
    sim/experiment/run_result.c sim/experiment/run_result.h \
    sim/experiment/runner.c sim/experiment/runner.h \
    sim/experiment/study.c sim/experiment/study.h

# What results tell, for people.
libmip6sim_a_SOURCES += \
    sim/output/attacks.c sim/output/attacks.h \
    sim/output/chart.c sim/output/chart.h \
    sim/output/chart_messages.c sim/output/chart_messages.h \
    sim/output/chart_svg.c \
    sim/output/chart_text.c \
    sim/output/expectations.c sim/output/expectations.h \
    sim/output/faults.c sim/output/faults.h \
    sim/output/figure.c sim/output/figure.h \
    sim/output/figure_attacks.c \
    sim/output/figure_bars.c \
    sim/output/figure_canvas.c sim/output/figure_canvas.h \
    sim/output/figure_handover.c \
    sim/output/figure_heat.c \
    sim/output/figure_latency.c \
    sim/output/figure_means.c sim/output/figure_means.h \
    sim/output/figure_offset.c \
    sim/output/figure_outage.c \
    sim/output/figure_phases.c \
    sim/output/figure_plan.c sim/output/figure_plan.h \
    sim/output/filter.c sim/output/filter.h \
    sim/output/handovers.c sim/output/handovers.h \
    sim/output/html.c \
    sim/output/measure_format.c \
    sim/output/measure_name.c sim/output/measure_name.h \
    sim/output/measure_summary.c sim/output/measure_summary.h \
    sim/output/observations.c sim/output/observations.h \
    sim/output/report.c sim/output/report.h \
    sim/output/report_topology.c \
    sim/output/summary.c sim/output/summary.h

# Against the wall clock.
libmip6sim_a_SOURCES += \
    sim/live/control.c sim/live/control.h \
    sim/live/file_store.c sim/live/file_store.h \
    sim/live/journal.c sim/live/journal.h \
    sim/live/lag.c sim/live/lag.h \
    sim/live/live.c sim/live/live.h \
    sim/live/orders.c sim/live/orders.h \
    sim/live/replay.c sim/live/replay.h \
    sim/live/show.c sim/live/show.h \
    sim/live/stations.c sim/live/stations.h \
    sim/live/tap.c sim/live/tap.h

# The program.
mip6sim_SOURCES += \
    sim/command/chart.c \
    sim/command/check.c \
    sim/command/command.h \
    sim/command/ctl.c \
    sim/command/describe.c \
    sim/command/diff.c \
    sim/command/export.c \
    sim/command/keys.c \
    sim/command/live.c \
    sim/command/main.c \
    sim/command/new.c \
    sim/command/options.c \
    sim/command/plot.c \
    sim/command/replay.c \
    sim/command/report.c \
    sim/command/run.c \
    sim/command/summarize.c \
    sim/command/sweep.c \
    sim/command/sweep_verdict.c sim/command/sweep_verdict.h \
    sim/command/verify.c

# An experiment over many processes: the same program once more, with MPI's libraries. Who does not need them does not
# load them (cluster.h). Its cluster_mpi.o has all names of the library's cluster_alone.o, which therefore is not linked.
libmip6sim_a_SOURCES += sim/experiment/cluster_alone.c
mip6sim_mpi_SOURCES = $(mip6sim_SOURCES) sim/experiment/cluster_mpi.c
if HAVE_MPI
bin_PROGRAMS += mip6sim-mpi
endif
