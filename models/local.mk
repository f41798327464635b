# The protocols: libmip6_a_SOURCES, .c and .h files, one `+=` a folder.
