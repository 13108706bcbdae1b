package io.fkvs.server.resp;

import io.fkvs.store.Store;

/** EXPIRE, TTL and what is like them. */
final class ExpiryCommands {
  private static final long SECOND_MS = 1000;
  private static final long HALF_SECOND_MS = 500;
  private static final long NO_KEY = -2;
  private static final long NO_TIME = -1;

  private final RespEndpoint endpoint;
  private final Store store;

  // what the options of a command say; set anew by each
  private boolean isIfNone;
  private boolean isIfAny;
  private boolean isIfLater;
  private boolean isIfEarlier;

  ExpiryCommands(RespEndpoint endpoint) {
    this.endpoint = endpoint;
    store = endpoint.store();
  }

  void register(CommandTable table) {
    table.handle("expire", call -> expire(call, SECOND_MS, store.nowMs()));
    table.handle("pexpire", call -> expire(call, 1, store.nowMs()));
    table.handle("expireat", call -> expire(call, SECOND_MS, 0));
    table.handle("pexpireat", call -> expire(call, 1, 0));
    table.handle("ttl", call -> timeToLive(call, SECOND_MS));
    table.handle("pttl", call -> timeToLive(call, 1));
    table.handle("expiretime", call -> deadline(call, SECOND_MS));
    table.handle("pexpiretime", call -> deadline(call, 1));
    table.handle("persist", this::persist);
  }

  private boolean expire(Call call, long unitMs, long baseMs) {
    if (!readOptions(call) || !call.readIntegerOrFail(2)) {
      return true;
    }
    long time = call.integer;
    boolean fits = time <= Long.MAX_VALUE / unitMs && time >= Long.MIN_VALUE / unitMs;
    if (!fits || time * unitMs > Long.MAX_VALUE - baseMs) {
      return call.failExpireTime();
    }
    long presentMs = store.deadlineMs(call.memory(), call.offset(1), call.length(1));
    long deadlineMs = Deadlines.clamped(time * unitMs + baseMs);
    if (presentMs == Store.NO_KEY || !isWanted(presentMs, deadlineMs)) {
      return call.integer(0);
    }
    if (deadlineMs <= store.nowMs()) {
      store.remove(call.memory(), call.offset(1), call.length(1));
    } else {
      store.expire(call.memory(), call.offset(1), call.length(1), deadlineMs);
    }
    endpoint.touch(call, 1);
    return call.integer(1);
  }

  private boolean readOptions(Call call) {
    isIfNone = false;
    isIfAny = false;
    isIfLater = false;
    isIfEarlier = false;
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "nx")) {
        isIfNone = true;
      } else if (call.is(i, "xx")) {
        isIfAny = true;
      } else if (call.is(i, "gt")) {
        isIfLater = true;
      } else if (call.is(i, "lt")) {
        isIfEarlier = true;
      } else {
        return !call.fail("ERR Unsupported option " + call.cited(i));
      }
    }
    if (isIfNone && (isIfAny || isIfLater || isIfEarlier)) {
      return !call.fail(Errors.NX_WITH_OTHERS);
    }
    return !(isIfLater && isIfEarlier) || !call.fail(Errors.GT_WITH_LT);
  }

  /** An entry that never expires counts as one that expires later than all others. */
  private boolean isWanted(long presentMs, long deadlineMs) {
    boolean hasTime = presentMs != Store.NO_DEADLINE;
    return !(isIfNone && hasTime)
        && !(isIfAny && !hasTime)
        && !(isIfLater && deadlineMs <= presentMs)
        && !(isIfEarlier && hasTime && deadlineMs >= presentMs);
  }

  private boolean timeToLive(Call call, long unitMs) {
    long nowMs = store.nowMs(); // before the look-up, in case that the time goes on
    long deadlineMs = store.deadlineMs(call.memory(), call.offset(1), call.length(1));
    return answer(call, deadlineMs, deadlineMs - nowMs, unitMs);
  }

  private boolean deadline(Call call, long unitMs) {
    long deadlineMs = store.deadlineMs(call.memory(), call.offset(1), call.length(1));
    return answer(call, deadlineMs, deadlineMs, unitMs);
  }

  /** Seconds are rounded to the nearest one. */
  private static boolean answer(Call call, long deadlineMs, long timeMs, long unitMs) {
    if (deadlineMs == Store.NO_KEY) {
      return call.integer(NO_KEY);
    }
    if (deadlineMs == Store.NO_DEADLINE) {
      return call.integer(NO_TIME);
    }
    return call.integer(unitMs == 1 ? timeMs : (timeMs + HALF_SECOND_MS) / unitMs);
  }

  private boolean persist(Call call) {
    boolean hadTime = store.persist(call.memory(), call.offset(1), call.length(1));
    if (hadTime) {
      endpoint.touch(call, 1);
    }
    call.reply.truth(hadTime);
    return true;
  }
}
