package io.fkvs.store.contract;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.statistics.Statistics;

/**
 * Which ways of colliding the keys of a script have found under its hash. Tables take the tag from
 * one end of the hash, 7 bits mostly, and the index from the rest or from the other end.
 */
final class Collisions {
  /** Enough to meet the pairs that a hash makes; all pairs of them are looked at. */
  private static final int MAX_KEYS = 60;

  private static final int LEAST_PERCENT = 4;
  private static final long LOW = 0x7F;
  private static final long HIGH = LOW << 57;

  private Collisions() {}

  static void collect(HostileHash hash, Script script) {
    long[] hashes =
        keys(script).stream().limit(MAX_KEYS).mapToLong(key -> hashOf(hash, key)).toArray();
    found(hashes)
        .forEach(
            (way, isFound) -> {
              Statistics.label(way).collect(isFound);
              if (Depth.isEnoughForStatistics()) {
                Statistics.label(way)
                    .coverage(
                        coverage ->
                            coverage.check(true).percentage(share -> share >= LEAST_PERCENT));
              }
            });
  }

  private static Map<String, Boolean> found(long[] hashes) {
    boolean all = false;
    boolean lowOnly = false;
    boolean allButLow = false;
    boolean highOnly = false;
    boolean allButHigh = false;
    for (int i = 0; i < hashes.length; i++) {
      for (int j = 0; j < i; j++) {
        long difference = hashes[i] ^ hashes[j];
        all |= difference == 0;
        lowOnly |= difference != 0 && (difference & LOW) == 0;
        allButLow |= difference != 0 && (difference & ~LOW) == 0;
        highOnly |= difference != 0 && (difference & HIGH) == 0;
        allButHigh |= difference != 0 && (difference & ~HIGH) == 0;
      }
    }
    Map<String, Boolean> found = new LinkedHashMap<>();
    found.put("COLLISION_IN_ALL_BITS", all);
    found.put("COLLISION_IN_A_LOW_TAG_ONLY", lowOnly);
    found.put("COLLISION_IN_ALL_BUT_A_LOW_TAG", allButLow);
    found.put("COLLISION_IN_A_HIGH_TAG_ONLY", highOnly);
    found.put("COLLISION_IN_ALL_BUT_A_HIGH_TAG", allButHigh);
    return found;
  }

  private static Set<Key> keys(Script script) {
    Set<Key> keys = new LinkedHashSet<>();
    for (Step step : script.steps()) {
      if (step instanceof Step.Put put) {
        keys.add(put.key());
      } else if (step instanceof Step.PutRange range) {
        for (int i = 0; i < Math.min(MAX_KEYS, range.count()); i++) {
          keys.add(Key.numbered(range.first() + i));
        }
      }
    }
    return keys;
  }

  private static long hashOf(HostileHash hash, Key key) {
    return hash.hash(MemorySegment.ofArray(key.bytes().toArray()), 0, key.bytes().length());
  }
}
