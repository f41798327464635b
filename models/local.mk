# The protocols: libmip6_a_SOURCES, .c and .h files, one `+=` a folder.

libmip6_a_SOURCES += models/ipv6/address_table.h models/ipv6/address_table.c
