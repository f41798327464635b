# The simulator: libmip6sim_a_SOURCES (.c and .h files of sim/ but sim/command), and the program: mip6sim_SOURCES
# (sim/command/*.c and *.h).

# The scenario language.
libmip6sim_a_SOURCES += sim/scenario/scenario.h sim/scenario/message.h
