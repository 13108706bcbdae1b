package io.fkvs.store.micrometer;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreStatistics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import java.util.function.ToDoubleFunction;

/**
 * Meters of a store, under the names that Micrometer's own binders give to caches. Each has the tag
 * {@code cache} with the store's name.
 *
 * <pre>{@code
 * StoreMetrics.monitor(registry, store, "sessions");
 * }</pre>
 *
 * <table>
 *   <caption>The meters</caption>
 *   <tr><th>meter</th><th>what it tells</th></tr>
 *   <tr><td>{@code cache.size}</td><td>entries, with those that have expired and that nothing has
 *       met yet</td></tr>
 *   <tr><td>{@code cache.evictions}</td><td>entries that made room for others</td></tr>
 *   <tr><td>{@code cache.memory}, tag {@code kind}, in bytes</td><td>{@code live}: the lengths of
 *       all keys and values; {@code used}: what entries occupy; {@code reserved}: what the store
 *       holds, which is what its bound bounds</td></tr>
 *   <tr><td>{@code cache.table.load}</td><td>how full the table is, from 0 to 1 or above in a
 *       chained one</td></tr>
 * </table>
 *
 * <p>A store counts neither hits nor puts, because that would cost every call: {@code cache.gets}
 * and {@code cache.puts} are not there. A cache of {@code fkvs-jcache} counts them where its
 * statistics are enabled, and Micrometer's own {@code JCacheMetrics} tells them.
 *
 * <p><b>Threads.</b> A registry asks on threads of its own, so the store must be one that any
 * thread may ask, such as a {@link io.fkvs.store.ConcurrentStore}. Each meter that is asked takes
 * the statistics once, in a time that does not depend on the number of entries.
 *
 * <p><b>Lifetime.</b> The registry does not keep the store from being collected. A store that was
 * closed or dropped tells nothing: {@code NaN}, or 0 entries and evictions.
 */
public final class StoreMetrics extends CacheMeterBinder<KeyValueStore> {
  /** What the binder takes for a figure that is not counted; its own constant is not visible. */
  private static final long UNSUPPORTED = -1;

  /**
   * Creates a binder; {@link #bindTo} registers the meters.
   *
   * @param store the store, which any thread may ask
   * @param name the value of the tag {@code cache}
   * @param tags further tags of all meters
   */
  public StoreMetrics(KeyValueStore store, String name, Iterable<Tag> tags) {
    super(store, name, tags);
  }

  /**
   * Registers the meters of a store.
   *
   * @param registry where to
   * @param store the store, which any thread may ask
   * @param name the value of the tag {@code cache}
   * @param tags further tags of all meters: names and values by turns
   * @param <S> the kind of store
   * @return the store
   */
  public static <S extends KeyValueStore> S monitor(
      MeterRegistry registry, S store, String name, String... tags) {
    new StoreMetrics(store, name, Tags.of(tags)).bindTo(registry);
    return store;
  }

  @Override
  protected Long size() {
    KeyValueStore store = getCache();
    return store == null || store.isClosed() ? null : (Long) store.statistics().entries();
  }

  @Override
  protected long hitCount() {
    return UNSUPPORTED;
  }

  @Override
  protected Long missCount() {
    return null;
  }

  @Override
  protected Long evictionCount() {
    KeyValueStore store = getCache();
    return store == null || store.isClosed() ? 0L : (Long) store.statistics().evictions();
  }

  @Override
  protected long putCount() {
    return UNSUPPORTED;
  }

  @Override
  protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
    memory(registry, "live", StoreStatistics::liveBytes);
    memory(registry, "used", StoreStatistics::usedBytes);
    memory(registry, "reserved", StoreStatistics::reservedBytes);
    gauge("cache.table.load", StoreStatistics::load)
        .description("How full the table is: occupied slots divided by slots.")
        .register(registry);
  }

  private void memory(
      MeterRegistry registry, String kind, ToDoubleFunction<StoreStatistics> figure) {
    gauge("cache.memory", figure)
        .tag("kind", kind)
        .baseUnit(BaseUnits.BYTES)
        .description("The memory of keys and values, of entries, and of the whole store.")
        .register(registry);
  }

  private Gauge.Builder<KeyValueStore> gauge(
      String name, ToDoubleFunction<StoreStatistics> figure) {
    return Gauge.builder(name, getCache(), store -> ask(store, figure))
        .tags(getTagsWithCacheName());
  }

  private static double ask(KeyValueStore store, ToDoubleFunction<StoreStatistics> figure) {
    return store.isClosed() ? Double.NaN : figure.applyAsDouble(store.statistics());
  }
}
