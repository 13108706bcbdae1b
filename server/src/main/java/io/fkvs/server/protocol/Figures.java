package io.fkvs.server.protocol;

/**
 * What a server is and what it did.
 *
 * @param version the server's version
 * @param table the name of its table
 * @param transport the name of its transport
 * @param port the TCP port of the protocol's listener, 0 where it has none
 * @param uptimeSeconds how long the server runs
 * @param clients how many clients are connected, of all protocols
 * @param maxClients how many may be
 * @param connections how many clients have come
 * @param refusedConnections how many were turned away
 * @param requests how many requests were carried out
 * @param errors how many of them were refused
 * @param hits how many look-ups found their key
 * @param misses how many found none
 * @param receivedBytes what clients have sent
 * @param sentBytes what clients were sent
 * @param sweptKeys how many expired entries the sweep has removed
 * @param maxMemoryBytes the bound on the table's memory, {@link Long#MAX_VALUE} for none
 * @param eviction what is done with an entry that the bound has no room for: the name of Redis'
 *     policy
 * @param sync when the data is synced: {@code always}, {@code everysec} or {@code no}; empty where
 *     memory alone holds it
 * @param isCompacting whether what is on disk is being written anew, to be shorter
 */
public record Figures(
    String version,
    String table,
    String transport,
    int port,
    long uptimeSeconds,
    int clients,
    int maxClients,
    long connections,
    long refusedConnections,
    long requests,
    long errors,
    long hits,
    long misses,
    long receivedBytes,
    long sentBytes,
    long sweptKeys,
    long maxMemoryBytes,
    String eviction,
    String sync,
    boolean isCompacting) {}
