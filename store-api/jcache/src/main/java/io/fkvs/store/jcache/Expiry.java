package io.fkvs.store.jcache;

import io.fkvs.store.KeyValueStore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;

/**
 * Turns what an expiry policy says into deadlines. Where the policy throws, a new entry lives for
 * ever and the deadline of another stays, as the standard has it.
 *
 * @param policy the user's
 * @param clock the store's, in milliseconds since the epoch
 */
record Expiry(ExpiryPolicy policy, LongSupplier clock) {
  /** When an entry that is created now expires. */
  long afterCreation() {
    return deadline(policy::getExpiryForCreation, KeyValueStore.NO_DEADLINE);
  }

  /** When an entry that is updated now expires. */
  long afterUpdate(long presentMs) {
    return deadline(policy::getExpiryForUpdate, presentMs);
  }

  /** When an entry that is read now expires. */
  long afterAccess(long presentMs) {
    return deadline(policy::getExpiryForAccess, presentMs);
  }

  private long deadline(Supplier<Duration> asked, long otherwiseMs) {
    Duration duration;
    try {
      duration = asked.get();
    } catch (RuntimeException e) {
      return otherwiseMs;
    }
    if (duration == null) {
      return otherwiseMs;
    }
    if (duration.isEternal()) {
      return KeyValueStore.NO_DEADLINE;
    }
    long nowMs = clock.getAsLong();
    long lifeMs = duration.getTimeUnit().toMillis(duration.getDurationAmount());
    return lifeMs > Long.MAX_VALUE - nowMs ? KeyValueStore.NO_DEADLINE : nowMs + lifeMs;
  }
}
