package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;

/** More entries expire at once than any part of a table holds, among some that live on. */
interface FloodLaws extends Laws {
  /** Some segments of a table that splits them at about a thousand entries. */
  int SPREAD_KEYS = 4_000;

  /** More than one segment holds; all of them collide, so that a look at each costs all of them. */
  int COLLIDING_KEYS = 1_200;

  /** So many live on, and then those that expire come in a row that is longer than a segment. */
  int LIVING = 330;

  /** The living and the others, together. */
  int PERIOD = 2_000;

  /** Places in a table are mostly used; half of them may be empty, and some are looked at again. */
  int MAX_EXAMINED_PER_ENTRY = 20;

  /** Pieces so large are few enough to look at the whole table after each. */
  int LARGE_PIECE = 100;

  /** A store in which a flood has just expired. */
  record Flood(Subject subject, List<Key> keys, Map<Key, Entry> living) implements AutoCloseable {
    int expired() {
      return keys.size() - living.size();
    }

    @Override
    public void close() {
      subject.close();
    }
  }

  private Flood flood(HostileHash hash) {
    TestClock clock = new TestClock();
    int count = hash == HostileHash.CONSTANT ? COLLIDING_KEYS : SPREAD_KEYS;
    Subject subject = new Subject(open(config(clock).withKeyHash(hash)));
    List<Key> keys = new ArrayList<>();
    Map<Key, Entry> living = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Key key = Key.numbered(i);
      boolean lives = i % PERIOD < LIVING;
      Value value = new Value(Bytes.counting(i % 97, i));
      long deadlineMs = lives ? NO_DEADLINE : clock.nowMs() + 1 + i % 10;
      subject.put(key, value, deadlineMs);
      keys.add(key);
      if (lives) {
        living.put(key, Entry.of(value));
      }
    }
    clock.advance(10);
    return new Flood(subject, keys, living);
  }

  private static List<HostileHash> hashes() {
    return List.of(HostileHash.DECENT, HostileHash.CONSTANT);
  }

  private void checkLivingAlone(String when, Flood flood) {
    Check.equal("scan " + when, flood.living, flood.subject.scanAll(100));
    flood.living.forEach(
        (key, entry) -> Check.equal("get " + key + " " + when, entry, flood.subject.get(key)));
    flood.subject.sweep(Integer.MAX_VALUE);
    Check.equal("size " + when, (long) flood.living.size(), flood.subject.store().size());
    checkInvariants(flood.subject.store());
  }

  @Example
  default void shouldSweepAFloodAtOnce() {
    for (HostileHash hash : hashes()) {
      try (Flood flood = flood(hash)) {
        Check.equal("swept", flood.expired(), flood.subject.sweep(Integer.MAX_VALUE));
        checkLivingAlone("after one sweep, hash " + hash, flood);
      }
    }
  }

  @Example
  default void shouldSweepAFloodInPieces() {
    for (HostileHash hash : hashes()) {
      for (int piece : new int[] {hash == HostileHash.CONSTANT ? 1 : 13, LARGE_PIECE}) {
        try (Flood flood = flood(hash)) {
          long examinable = (long) MAX_EXAMINED_PER_ENTRY * flood.keys.size();
          int removed = 0;
          for (; removed < flood.expired() && examinable > 0; examinable -= piece) {
            removed += flood.subject.sweep(piece);
            if (piece >= LARGE_PIECE) {
              checkInvariants(flood.subject.store());
            }
          }
          Check.equal("removed by sweeps of " + piece, flood.expired(), removed);
          checkLivingAlone("after sweeps of " + piece + ", hash " + hash, flood);
        }
      }
    }
  }

  @Example
  default void shouldScanPastAFlood() {
    for (HostileHash hash : hashes()) {
      try (Flood flood = flood(hash)) {
        Check.equal("scan, 3 a call", flood.living, flood.subject.scanAll(3));
        checkLivingAlone("after a scan, hash " + hash, flood);
      }
    }
  }

  @Example
  default void shouldAnswerABatchInAFlood() {
    for (HostileHash hash : hashes()) {
      try (Flood flood = flood(hash)) {
        List<Entry> expected = new ArrayList<>();
        flood.keys.forEach(key -> expected.add(flood.living.get(key)));
        Check.equal("batch", expected, flood.subject.getAll(flood.keys));
        Check.equal("batch again", expected, flood.subject.getAll(flood.keys));
        checkLivingAlone("after a batch, hash " + hash, flood);
      }
    }
  }

  /**
   * What has expired goes under a scan, by sweeps and by names: what lives is visited all the same.
   */
  @Example
  default void shouldVisitTheLivingWhileAFloodIsSwept() {
    for (HostileHash hash : hashes()) {
      try (Flood flood = flood(hash)) {
        Set<Key> visited = new HashSet<>();
        long cursor = 0;
        int calls = 0;
        do {
          cursor =
              flood.subject.scan(
                  cursor,
                  10,
                  (key, entry) -> {
                    Check.equal("scan visited " + key, flood.living.get(key), entry);
                    visited.add(key);
                  });
          flood.subject.sweep(150);
          Key named = flood.keys.get(calls * 37 % flood.keys.size());
          Check.equal("get " + named, flood.living.get(named), flood.subject.get(named));
          Check.that("scan does not end", ++calls < Subject.MAX_SCAN_CALLS);
        } while (cursor != 0);
        Check.equal("visited", flood.living.keySet(), visited);
        checkLivingAlone("after a scan under sweeps, hash " + hash, flood);
      }
    }
  }
}
