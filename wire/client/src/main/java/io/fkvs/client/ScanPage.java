package io.fkvs.client;

import java.util.List;

/**
 * Some keys of a store, and where to go on. Immutable but for the arrays; any thread.
 *
 * @param cursor what to give to the next {@link FkvsClient#scan}; 0 where the scan is complete
 * @param keys the keys, in no order, perhaps none
 */
public record ScanPage(long cursor, List<byte[]> keys) {}
