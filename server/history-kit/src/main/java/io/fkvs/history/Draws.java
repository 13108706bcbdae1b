package io.fkvs.history;

import io.fkvs.history.Request.Delete;
import io.fkvs.history.Request.Get;
import io.fkvs.history.Request.GetAndDelete;
import io.fkvs.history.Request.Increment;
import io.fkvs.history.Request.Set;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The random requests of one client. */
final class Draws {
  private static final int PERCENT = 100;

  /** Prime, so that clients draw differently with any seed. */
  private static final long CLIENT_STEP = 1_000_003;

  private static final int MAX_AMOUNT = 9;
  private static final int LONG_VALUES = 4;

  private final Workload workload;
  private final boolean knowsGetAndDelete;
  private final int client;
  private final Random random;
  private int values;

  Draws(Workload workload, boolean knowsGetAndDelete, int client) {
    this.workload = workload;
    this.knowsGetAndDelete = knowsGetAndDelete;
    this.client = client;
    random = new Random(workload.seed() * CLIENT_STEP + client);
  }

  /** Draws the requests of a pipeline, so many at most. */
  List<Request> pipeline(int most) {
    int depth = 1 + random.nextInt(Math.min(most, workload.maxDepth()));
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      int key = random.nextInt(workload.keys());
      requests.add(key % 2 == 0 ? onText(workload.key(key)) : onCounter(workload.key(key)));
    }
    return requests;
  }

  private Request onText(String key) {
    int die = random.nextInt(PERCENT);
    if (die < 45) {
      return new Get(key);
    } else if (die < 80) {
      return new Set(key, value());
    } else if (die < 90) {
      return new Delete(key);
    } else if (die < 95) {
      return new Increment(key, 1);
    }
    return knowsGetAndDelete ? new GetAndDelete(key) : new Get(key);
  }

  private Request onCounter(String key) {
    int die = random.nextInt(PERCENT);
    if (die < 40) {
      return new Get(key);
    } else if (die < 90) {
      return new Increment(key, amount());
    } else if (die < 95) {
      return new Set(key, Integer.toString(random.nextInt(1_000_000)));
    }
    return new Delete(key);
  }

  private long amount() {
    int amount = 1 + random.nextInt(MAX_AMOUNT);
    return random.nextBoolean() ? amount : -amount;
  }

  /** A value that nobody else writes, and of which every part says which it is. */
  private String value() {
    String value = client + "." + values++ + ";";
    boolean isLong = values % LONG_VALUES == 0 && workload.longValueBytes() > 0;
    return isLong ? value.repeat(Math.ceilDiv(workload.longValueBytes(), value.length())) : value;
  }
}
