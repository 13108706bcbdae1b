package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.PutCondition;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;

/**
 * Entries of every size around the sizes of slots, where what an entry needs beside its bytes, a
 * header or a deadline, decides how it is kept.
 */
interface SizeLaws extends Laws {
  /** What {@link io.fkvs.store.StoreConfig#slotBytes()} can be. */
  List<Integer> SLOT_BYTES = List.of(32, 64, 128, 256);

  /** A header and a deadline before the end of a slot, and some more. */
  int BELOW = 20;

  /** So many entries are there at a time. */
  int NEIGHBOURS = 6;

  /** A few bytes behind its end. */
  int ABOVE = 3;

  /** Short numbers that an increment makes longer, and the longest. */
  List<String> NUMBERS =
      List.of("9", "-1", "99999", "-100000", "999999999", "" + (Long.MAX_VALUE - 1));

  @Example
  default void shouldKeepNumbersOfEverySizeAroundASlot() {
    for (int slotBytes : SLOT_BYTES) {
      List<Step> steps = new ArrayList<>();
      for (int bytes = slotBytes - BELOW; bytes <= slotBytes + ABOVE; bytes++) {
        for (String number : NUMBERS) {
          int padding = bytes - number.length();
          if (padding > 0) {
            Key key = key(padding, steps.size());
            addLife(steps, key, Value.of(number));
          }
        }
        Value padded = Value.of("0".repeat(bytes / 2) + 9);
        addLife(steps, key(bytes - bytes / 2 - 1, steps.size()), padded);
      }
      play(slotBytes, steps);
    }
  }

  @Example
  default void shouldKeepRawBytesOfEverySizeAroundASlot() {
    for (int slotBytes : SLOT_BYTES) {
      List<Step> steps = new ArrayList<>();
      for (int bytes = slotBytes - BELOW; bytes <= slotBytes + ABOVE; bytes++) {
        for (int length : new int[] {0, 1, bytes / 2, bytes - 2}) {
          Value value = new Value(Bytes.counting(length, 200));
          addLife(steps, key(bytes - length, steps.size()), value);
        }
      }
      play(slotBytes, steps);
    }
  }

  /** A key of that length that no other has, as far as its length allows. */
  private static Key key(int length, int number) {
    byte[] bytes = Bytes.counting(length, number).toArray();
    if (length > 1) {
      bytes[0] = (byte) number;
      bytes[1] = (byte) (number >> 8);
    }
    return new Key(Bytes.of(bytes));
  }

  /** Adds the life of an entry, and removes one from some lives ago: a few stay side by side. */
  private static void addLife(List<Step> steps, Key key, Value value) {
    List<Step> life = life(key, value);
    int begin = steps.size();
    steps.addAll(life);
    int old = begin - NEIGHBOURS * (life.size() + 1);
    Key removed = old < 0 ? Key.of("none") : ((Step.Put) steps.get(old)).key();
    steps.add(new Step.Remove(removed));
  }

  /** All that can happen to a deadline and to a number, and what is left of the entry each time. */
  private static List<Step> life(Key key, Value value) {
    return List.of(
        new Step.Put(PutCondition.ALWAYS, key, value, NO_DEADLINE),
        new Step.Get(key),
        new Step.Expire(key, 1_000),
        new Step.Get(key),
        new Step.Expire(key, 2_000),
        new Step.Get(key),
        new Step.Persist(key),
        new Step.Get(key),
        new Step.Increment(key, 1),
        new Step.Get(key),
        new Step.Put(PutCondition.ALWAYS, key, value, 1_000),
        new Step.Get(key),
        new Step.Increment(key, 1),
        new Step.Get(key),
        new Step.Increment(key, -1_000),
        new Step.Get(key),
        new Step.Persist(key),
        new Step.Get(key),
        new Step.Put(PutCondition.IF_PRESENT, key, value, 3_000),
        new Step.Get(key),
        new Step.Deadline(key));
  }

  private void play(int slotBytes, List<Step> steps) {
    TestClock clock = new TestClock();
    try (Lockstep lockstep = new Lockstep(new Model(clock))) {
      lockstep
          .on(open(config(clock).withSlotBytes(slotBytes)), this::checkInvariants)
          .play(new Script(steps));
    }
  }
}
