package io.fkvs.store;

/**
 * Makes a kind of table available by name. Implementations are found through {@link
 * java.util.ServiceLoader}: a {@code provides} clause on the module path, a file under {@code
 * META-INF/services} on the class path.
 *
 * <p>Providers have no state and may be used from any thread.
 */
public interface StoreProvider {
  /**
   * The name by which configurations choose this table.
   *
   * @return lower-case letters, digits and hyphens
   */
  String name();

  /**
   * How eagerly this table is chosen where no name is given: the highest rank is.
   *
   * @return the rank; the legacy table has 0, the Swiss table 100
   */
  int rank();

  /**
   * Says whether the table's own hash has a secret, so that who chooses the keys cannot make them
   * collide. Where it has none, and strangers choose the keys, it should be opened with {@link
   * KeyHash#seeded()}.
   *
   * @return whether it has; {@code true} unless a table says otherwise
   */
  default boolean hasSecretHash() {
    return true;
  }

  /**
   * Says whether the table can {@linkplain StoreConfig#withEviction evict} entries and {@linkplain
   * StoreConfig#withRemovalListener tell} of those that go. A configuration that asks for either is
   * refused where it cannot.
   *
   * @return whether it can; {@code false} unless a table says otherwise
   */
  default boolean canEvict() {
    return false;
  }

  /**
   * Says whether the table can let entries {@linkplain StoreConfig#withExpiryAfterAccess expire
   * after access}: whether it extends {@link AbstractStore} and does what is said there of idle
   * deadlines. A configuration that asks for it is refused where it cannot.
   *
   * @return whether it can; {@code false} unless a table says otherwise
   */
  default boolean canExpireAfterAccess() {
    return false;
  }

  /**
   * Opens an empty store.
   *
   * @param config its configuration
   * @return the store, for the caller to close
   * @throws IllegalArgumentException if this table cannot obey the configuration
   */
  Store open(StoreConfig config);
}
