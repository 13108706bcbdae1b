package io.fkvs.load.compare;

import io.fkvs.load.dialect.Dialect;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A server as it takes part in the comparison.
 *
 * @param name what the report calls it
 * @param dialect what it is spoken to in
 * @param command how it is started on a port
 * @param version the command that tells its version
 */
record ServerMode(
    String name, Dialect dialect, IntFunction<List<String>> command, List<String> version) {}
