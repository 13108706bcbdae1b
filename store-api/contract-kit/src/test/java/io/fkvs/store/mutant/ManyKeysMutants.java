package io.fkvs.store.mutant;

import static io.fkvs.store.KeyValueStore.NO_DEADLINE;
import static io.fkvs.store.mutant.MapOperationMutants.RANGE;
import static io.fkvs.store.mutant.MapOperationMutants.bytes;
import static io.fkvs.store.mutant.MapOperationMutants.mutant;

import io.fkvs.store.CopyOutcome;
import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.EntryBatch;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.StoreException;
import io.fkvs.store.mutant.MapOperationMutants.Arguments;
import io.fkvs.store.mutant.MapOperationMutants.Fault;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/** Faults of parts of values, of conditions on deadlines, and of what concerns several keys. */
final class ManyKeysMutants {
  private static final String APPEND = "append(" + RANGE + "," + RANGE + ")";
  private static final String SET_RANGE = "setRange(" + RANGE + ",int," + RANGE + ")";
  private static final String EXPIRE = "expire(DeadlineCondition," + RANGE + ",long)";
  private static final String COPY = "copy(PutCondition," + RANGE + "," + RANGE + ")";
  private static final String RENAME = "rename(PutCondition," + RANGE + "," + RANGE + ")";
  private static final String PUT_ALL = "putAll(PutCondition,EntryBatch)";
  private static final String REMOVE_ALL = "removeAll(KeyBatch)";
  private static final String COUNT = "countPresent(KeyBatch)";
  private static final String RANDOM = "randomEntry(RandomGenerator,ScanVisitor)";

  private ManyKeysMutants() {}

  static List<Mutant> all() {
    return List.of(
        mutant(
            "an append drops the deadline",
            APPEND,
            (store, a) -> {
              int length = store.append(key(a), bytes(a.range(3)));
              store.persist(key(a));
              return length;
            }),
        mutant(
            "an append that would be too long stores what fits",
            APPEND,
            (store, a) -> {
              byte[] suffix = bytes(a.range(3));
              byte[] old = store.getOrDefault(key(a), new byte[0]);
              int room = store.maxValueBytes() - old.length;
              return store.append(key(a), Arrays.copyOf(suffix, Math.min(room, suffix.length)));
            }),
        mutant(
            "an append of nothing does not bring the key into being",
            APPEND,
            (store, a) ->
                (int) a.all()[5] == 0 && !store.contains(key(a))
                    ? 0
                    : store.append(key(a), bytes(a.range(3)))),
        mutant(
            "set range cuts off what lies behind the range",
            SET_RANGE,
            (store, a) -> {
              int end = (int) a.all()[3] + (int) a.all()[6];
              int length = store.setRange(key(a), (int) a.all()[3], bytes(a.range(4)));
              return (int) a.all()[6] == 0 || length == end ? length : replace(store, a, end);
            }),
        mutant(
            "set range fills the gap with blanks",
            SET_RANGE,
            (store, a) -> {
              int old = store.getOrDefault(key(a), new byte[0]).length;
              int gap = (int) a.all()[3] - old;
              if ((int) a.all()[6] > 0 && gap > 0) {
                store.append(key(a), " ".repeat(gap).getBytes());
              }
              return store.setRange(key(a), (int) a.all()[3], bytes(a.range(4)));
            }),
        mutant(
            "set range of nothing makes the value longer",
            SET_RANGE,
            (store, a) -> {
              int old = store.getOrDefault(key(a), new byte[0]).length;
              int gap = (int) a.all()[3] - old;
              return (int) a.all()[6] == 0 && gap > 0
                  ? store.append(key(a), new byte[gap])
                  : store.setRange(key(a), (int) a.all()[3], bytes(a.range(4)));
            }),
        mutant(
            "a later deadline may be the same",
            EXPIRE,
            deadline(DeadlineCondition.IF_LATER, (present, deadlineMs) -> deadlineMs >= present)),
        mutant(
            "an entry without a deadline counts as one that expires first",
            EXPIRE,
            deadline(
                DeadlineCondition.IF_LATER,
                (present, deadlineMs) -> present == NO_DEADLINE || deadlineMs > present)),
        mutant(
            "an earlier deadline is set on what has none only",
            EXPIRE,
            deadline(
                DeadlineCondition.IF_EARLIER,
                (present, deadlineMs) -> present != NO_DEADLINE && deadlineMs < present)),
        mutant(
            "a condition on any deadline is not looked at",
            EXPIRE,
            deadline(DeadlineCondition.IF_ANY, (present, deadlineMs) -> true)),
        mutant(
            "a rename drops the deadline",
            RENAME,
            (store, a) -> {
              CopyOutcome outcome = move(store, a, true);
              if (outcome == CopyOutcome.DONE) {
                store.persist(bytes(a.range(4)));
              }
              return outcome;
            }),
        mutant("a rename leaves the old key", RENAME, (store, a) -> move(store, a, false)),
        mutant(
            "a rename to the same key removes it",
            RENAME,
            (store, a) -> {
              CopyOutcome outcome = move(store, a, true);
              if (outcome == CopyOutcome.DONE) {
                store.remove(bytes(a.range(1)));
              }
              return outcome;
            }),
        mutant(
            "a copy overwrites what it was not to",
            COPY,
            (store, a) -> store.copy(PutCondition.ALWAYS, bytes(a.range(1)), bytes(a.range(4)))),
        mutant(
            "a copy looks at the new key before the old one",
            COPY,
            (store, a) ->
                ((PutCondition) a.all()[0]).allows(store.contains(bytes(a.range(4))))
                    ? move(store, a, false)
                    : CopyOutcome.REFUSED),
        mutant(
            "what was put of a batch before a refusal stays",
            PUT_ALL,
            (store, a) -> putOneByOne(store, a, (key, old) -> {})),
        mutant(
            "a batch that is refused removes what it has replaced",
            PUT_ALL,
            (store, a) -> putOneByOne(store, a, (key, old) -> store.remove(key))),
        mutant(
            "a batch that is refused puts values back without their deadlines",
            PUT_ALL,
            (store, a) ->
                putOneByOne(
                    store,
                    a,
                    (key, old) -> {
                      if (old == null) {
                        store.remove(key);
                      } else {
                        store.put(key, old);
                      }
                    })),
        mutant(
            "the keys of a batch have a condition each",
            PUT_ALL,
            (store, a) -> {
              boolean isAllowed = true;
              EntryBatch all = (EntryBatch) a.all()[1];
              for (int i = 0; i < all.count(); i++) {
                isAllowed &= store.putAll((PutCondition) a.all()[0], single(all, i));
              }
              return isAllowed;
            }),
        mutant(
            "removed keys are counted as often as they are named",
            REMOVE_ALL,
            (store, a) -> {
              int count = store.countPresent((KeyBatch) a.all()[0]);
              store.removeAll((KeyBatch) a.all()[0]);
              return count;
            }),
        mutant(
            "a removal of many keys ends at the first that is absent",
            REMOVE_ALL,
            (store, a) -> {
              KeyBatch keys = (KeyBatch) a.all()[0];
              int removed = 0;
              while (removed < keys.count() && store.remove(key(keys, removed))) {
                removed++;
              }
              return removed;
            }),
        mutant(
            "a key that is named twice is counted once",
            COUNT,
            (store, a) -> {
              KeyBatch keys = (KeyBatch) a.all()[0];
              Set<String> present = new HashSet<>();
              for (int i = 0; i < keys.count(); i++) {
                if (store.contains(key(keys, i))) {
                  present.add(Arrays.toString(key(keys, i)));
                }
              }
              return present.size();
            }),
        mutant(
            "a random entry is the first one",
            RANDOM,
            (store, a) -> {
              RandomGenerator always = () -> 0;
              return store.randomEntry(always, (ScanVisitor) a.all()[1]);
            }),
        mutant(
            "a random entry is one of the first half",
            RANDOM,
            (store, a) -> {
              RandomGenerator random = (RandomGenerator) a.all()[0];
              RandomGenerator half = new FirstHalf(random);
              return store.randomEntry(half, (ScanVisitor) a.all()[1]);
            }),
        mutant(
            "a random entry is looked for once, and may be none",
            RANDOM,
            (store, a) -> {
              boolean isThere = store.size() > 0 && ((RandomGenerator) a.all()[0]).nextInt(9) > 0;
              return isThere
                  && store.randomEntry((RandomGenerator) a.all()[0], (ScanVisitor) a.all()[1]);
            }));
  }

  private static byte[] key(Arguments a) {
    return bytes(a.range(0));
  }

  private static byte[] key(KeyBatch keys, int index) {
    return bytes(keys.segment(index).asSlice(keys.offset(index), keys.length(index)));
  }

  private static int replace(Store store, Arguments a, int length) {
    store.replace(key(a), Arrays.copyOf(store.get(key(a)), length));
    return length;
  }

  @FunctionalInterface
  private interface Decision {
    boolean allows(long present, long deadlineMs);
  }

  /** A fault of one condition. */
  private static Fault deadline(DeadlineCondition faulty, Decision decision) {
    return (store, a) -> {
      MemorySegment key = a.range(1);
      int length = (int) key.byteSize();
      long deadlineMs = (long) a.all()[4];
      if (a.all()[0] != faulty) {
        return store.expire((DeadlineCondition) a.all()[0], key, 0, length, deadlineMs);
      }
      long present = store.deadlineMs(key, 0, length);
      return present != Store.NO_KEY
          && decision.allows(present, deadlineMs)
          && store.expire(key, 0, length, deadlineMs);
    };
  }

  private static CopyOutcome move(Store store, Arguments a, boolean isMove) {
    PutCondition condition = (PutCondition) a.all()[0];
    return isMove
        ? store.rename(condition, bytes(a.range(1)), bytes(a.range(4)))
        : store.copy(condition, bytes(a.range(1)), bytes(a.range(4)));
  }

  private static boolean putOneByOne(Store store, Arguments a, BiConsumer<byte[], byte[]> undo) {
    EntryBatch all = (EntryBatch) a.all()[1];
    if (a.all()[0] != PutCondition.ALWAYS) {
      return store.putAll((PutCondition) a.all()[0], all);
    }
    List<byte[]> replaced = new ArrayList<>();
    try {
      for (int i = 0; i < all.count(); i++) {
        replaced.add(store.get(key(all.keys(), i)));
        store.putAll(PutCondition.ALWAYS, single(all, i));
      }
    } catch (StoreException e) {
      for (int i = replaced.size() - 2; i >= 0; i--) {
        undo.accept(key(all.keys(), i), replaced.get(i));
      }
      throw e;
    }
    return true;
  }

  private static EntryBatch single(EntryBatch all, int index) {
    KeyBatch keys = all.keys();
    return new EntryBatch(1)
        .add(
            keys.segment(index),
            keys.offset(index),
            keys.length(index),
            all.value(index),
            all.valueOffset(index),
            all.valueLength(index),
            all.deadlineMs(index));
  }

  /** Chooses among the first half of what it is to choose among. */
  private record FirstHalf(RandomGenerator random) implements RandomGenerator {
    @Override
    public long nextLong() {
      return random.nextLong();
    }

    @Override
    public long nextLong(long bound) {
      return random.nextLong((bound + 1) / 2);
    }
  }
}
