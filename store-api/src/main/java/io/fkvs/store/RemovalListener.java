package io.fkvs.store;

/**
 * Is told of each entry that goes, while its bytes are still there: {@link
 * StoreConfig#withRemovalListener}.
 *
 * <pre>{@code
 * StoreConfig config =
 *     StoreConfig.defaults()
 *         .withRemovalListener((key, value, cause) -> log(key.toUtf8() + " has gone: " + cause));
 * }</pre>
 *
 * <p>It is a callback as a visitor is: it runs on the thread of the call that removes the entry, in
 * a {@link ConcurrentStore} under the lock of the shard, it must not call the store, and it should
 * be short. It runs last before the removal. What it throws comes out of the call, and the entry
 * stays. Then a call that removes several entries may have removed some of them, and each of those
 * was told.
 *
 * <p>Each removal is told once. A value that an increment or an append changes is told as {@link
 * RemovalCause#REPLACED}; a new deadline alone is not told. What a call that changes several keys
 * puts back, because it is refused on its way, is told as it goes and as it comes back. The entries
 * that a store holds when it is closed or dropped are not told.
 */
@FunctionalInterface
public interface RemovalListener {
  /**
   * An entry is about to go.
   *
   * @param key its key, valid until this method returns
   * @param value its value, type and deadline, valid until this method returns
   * @param cause why it goes
   */
  void onRemoval(BytesView key, ValueView value, RemovalCause cause);
}
