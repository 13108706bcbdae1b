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
 * <p><b>Two kinds of store, one vocabulary.</b> {@link io.fkvs.store.KeyValueStore} says what every
 * store can do. {@link io.fkvs.store.Store} is for one thread, {@link
 * io.fkvs.store.ConcurrentStore} for many, and {@link io.fkvs.store.TypedStore} sees either of them
 * as a map from objects to objects.
 *
 * <p><b>Two depths.</b> The core takes keys and values as ranges of {@link
 * java.lang.foreign.MemorySegment}s and answers through {@linkplain io.fkvs.store.BytesView views}
 * or into memory of the caller's; a table that keeps its entries off-heap allocates nothing there.
 * On top stand default methods for {@code byte[]} and {@code String}.
 *
 * <p><b>Priorities.</b> First that what is stored comes back, in every order of calls and at every
 * bound; then that memory stays within its bound and comes back; then speed, in the middle and at
 * the tail; then comfort. The critical paths are the lookup, the put of a small entry and the batch
 * lookup through {@link java.lang.foreign.MemorySegment}s: they allocate nothing, and no single
 * call takes time proportional to the number of entries, but those that visit all of them.
 *
 * <p><b>Threads.</b> A {@link io.fkvs.store.Store} belongs to the thread that uses it first, and so
 * do its views and its batches. It takes no lock; other threads are refused with {@link
 * java.lang.WrongThreadException} until the owner hands the store over or has ended. A {@link
 * io.fkvs.store.ConcurrentStore} is for any thread. Neither starts a thread, but for one daemon of
 * the JVM that waits for stores that were dropped without a close.
 *
 * <p><b>Bytes.</b> A store copies the keys and values that it is given before the call returns, and
 * keeps no reference to the caller's memory. Memory that is freed, closed or cut off while a call
 * reads it makes the call throw what {@link java.lang.foreign.MemorySegment} throws, and the store
 * stays as it was. A view shows the store's own bytes without a copy, until the next change to the
 * store; using it later throws.
 *
 * <p><b>Closing.</b> Whoever opens a store closes it. A store that is dropped gives its memory back
 * when the collector finds it; with {@code -Dio.fkvs.store.leakDetection=true} a warning tells
 * where it was opened.
 *
 * <p><b>Errors.</b> A call on one key that throws has changed nothing. Wrong arguments are {@link
 * java.lang.IllegalArgumentException}, {@link java.lang.IndexOutOfBoundsException} or {@link
 * java.lang.NullPointerException}; use after close and stale views are {@link
 * java.lang.IllegalStateException}; use in a wrong thread is {@link
 * java.lang.WrongThreadException}; what the store refuses is a {@link
 * io.fkvs.store.StoreException}.
 *
 * <p><b>A full store</b> refuses, or evicts what is worth least if it was {@linkplain
 * io.fkvs.store.StoreConfig#withEviction opened so}. A {@link io.fkvs.store.RemovalListener} is
 * told of what goes.
 *
 * <p><b>Not promised:</b> durability, which {@code fkvs-store-durable} adds; atomicity over several
 * keys; any order; that an expired entry's memory comes back before something meets or sweeps it,
 * or a call would be refused for want of it; constant time for those who choose a hash that others
 * can make collide.
 */
package io.fkvs.store;
