# Dependency order, lowest first. add_module() refuses an edge that does not point to an earlier line.
set(MILLRACE_LAYERS
    base
    types
    state
    functions
    formats
    connectors
    catalog
    sql
    plan
    operators
    runtime
    engine
    executor
    bin)
