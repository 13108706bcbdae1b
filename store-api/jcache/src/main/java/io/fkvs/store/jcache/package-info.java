/**
 * JCache (JSR 107) over {@link io.fkvs.store.ConcurrentStore}. {@link javax.cache.Caching} finds
 * {@link io.fkvs.store.jcache.FkvsCachingProvider} by itself; {@link
 * io.fkvs.store.jcache.FkvsConfiguration} says more of a cache than the standard knows.
 *
 * <p><b>By value.</b> Keys and values are stored as bytes, off the heap where the table keeps them
 * there, and each read answers a new object. Strings, byte arrays, {@code Integer}s and {@code
 * Long}s have short encodings; everything else is written by Java serialization. What is not {@link
 * java.io.Serializable} is refused with a {@link javax.cache.CacheException}, and store by
 * reference with {@link UnsupportedOperationException}.
 *
 * <p><b>Keys are found by their bytes</b>: two keys are the same where their encodings are. For a
 * class of your own that means that equal objects must be serialized to equal bytes. Records, enums
 * and classes with fields of such types fulfil that, as do arrays and lists of them. Hash maps and
 * hash sets do not, because their order is not told by their content; neither do classes whose
 * {@code equals} leaves a field out that is written, nor objects that hold the same <em>array</em>
 * twice where an equal one holds two arrays. (Strings and boxed values may be shared or not.) Two
 * equal keys with different bytes are two entries: a read may miss, but never answers a wrong
 * value. A byte array is a key by its content. A key takes up to 65,535 bytes.
 *
 * <p><b>Threads.</b> A cache may be used by any thread, and so may its parts that are not yours.
 * What an operation does to one key is atomic: it holds one of some hundred locks, which the key
 * chooses. Loaders, writers, expiry policies, entry processors and synchronous listeners run under
 * it on the calling thread. They may call the cache for the same key; for other keys that may wait
 * for ever. {@code putAll} and {@code removeAll} with a writer hold the locks of all their keys
 * while the writer works. {@code loadAll} and asynchronous listeners run on virtual threads, the
 * events of each listener in their order.
 *
 * <p><b>Expiry.</b> Deadlines are kept by the store, in whole milliseconds of its clock; an expired
 * entry is absent at once. Only where a listener for expired entries is registered are deadlines
 * kept beside the values, so that it can be told: when an operation meets the entry, or when later
 * puts, each of which looks at some entries, come to it.
 *
 * <p><b>Memory.</b> Each cache has a store of its own, opened with {@link
 * io.fkvs.store.StoreConfig#defaults()} unless a {@code FkvsConfiguration} or a property says
 * otherwise. A put into a store that is full is refused with a {@code CacheException} whose cause
 * is a {@link io.fkvs.store.StoreFullException}; where a writer has already written, the entry is
 * removed, so that the value before cannot be read any more. {@code cache.unwrap(}{@link
 * io.fkvs.store.ConcurrentStore}{@code .class)} answers the store, for its statistics; what lies in
 * it is the cache's own.
 *
 * <p><b>Closing.</b> Closing or destroying a cache gives its memory back: nothing is kept
 * elsewhere. It closes its loader, writer, expiry policy and listeners where they are {@link
 * java.io.Closeable}, after the events that asynchronous listeners have yet to be told.
 */
package io.fkvs.store.jcache;
