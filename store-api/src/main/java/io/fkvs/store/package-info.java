/**
 * An embeddable key-value store: byte-string keys, byte-string values that are typed {@link
 * io.fkvs.store.ValueType#INT} or {@link io.fkvs.store.ValueType#RAW} by their bytes, optional
 * deadlines, and pluggable tables behind one interface.
 *
 * <pre>{@code
 * try (Store store = Store.open()) {
 *   store.put("greeting", "hello");
 *   store.put("session", "abc", Duration.ofMinutes(5));
 *   store.increment("visits", 1);
 *   System.out.println(store.get("greeting"));
 * }
 * }</pre>
 *
 * <p><b>Two depths.</b> The core of {@link io.fkvs.store.Store} takes keys and values as ranges of
 * {@link java.lang.foreign.MemorySegment}s and answers through reusable {@linkplain
 * io.fkvs.store.BytesView views}; a table that keeps its entries off-heap allocates nothing there.
 * On top stand default methods for {@code byte[]} and {@code String}.
 *
 * <p><b>Threads.</b> A store, its views and its batches belong to one thread at a time. Nothing
 * here locks or starts a thread. A store may be handed to another thread by any means that
 * publishes it safely.
 *
 * <p><b>Bytes.</b> A store copies the keys and values that it is given before the call returns, and
 * keeps no reference to the caller's memory. A view shows the store's own bytes without a copy,
 * until the next change to the store; using it later throws.
 *
 * <p><b>Errors.</b> A call that throws has changed nothing. Wrong arguments are {@link
 * java.lang.IllegalArgumentException}, {@link java.lang.IndexOutOfBoundsException} or {@link
 * java.lang.NullPointerException}; use after close and stale views are {@link
 * java.lang.IllegalStateException}; what the store refuses is a {@link
 * io.fkvs.store.StoreException}.
 */
package io.fkvs.store;
