package io.fkvs.server.resp;

import io.fkvs.store.Store;

/** The options of SET and GETEX, and the times to live of both and of SETEX. Reused. */
final class SetOptions {
  private static final int NO_ARGUMENT = 0;
  private static final long SECOND_MS = 1000;

  boolean isIfAbsent;
  boolean isIfPresent;
  boolean isGet;
  boolean isKeepTime;
  boolean isPersist;

  /** When the entry expires, once the time was read. */
  long deadlineMs;

  /** The argument that is the time, which of the four options said so, and its unit. */
  private int time;

  private int timeOption;
  private long unitMs;
  private boolean isAbsolute;

  private void clear() {
    isIfAbsent = false;
    isIfPresent = false;
    isGet = false;
    isKeepTime = false;
    isPersist = false;
    time = NO_ARGUMENT;
    timeOption = 0;
    deadlineMs = Store.NO_DEADLINE;
  }

  /** Reads the options behind key and value; if they are wrong, says so to the client. */
  boolean readForSet(Call call) {
    clear();
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "nx") && !isIfPresent) {
        isIfAbsent = true;
      } else if (call.is(i, "xx") && !isIfAbsent) {
        isIfPresent = true;
      } else if (call.is(i, "get")) {
        isGet = true;
      } else if (call.is(i, "keepttl") && !hasTime()) {
        isKeepTime = true;
      } else if (isKeepTime || !readTimeOption(call, i)) {
        return !call.fail(Errors.SYNTAX);
      } else {
        i++;
      }
    }
    return true;
  }

  /** Reads the options behind the key; if they are wrong, says so to the client. */
  boolean readForGet(Call call) {
    clear();
    for (int i = 2; i < call.count(); i++) {
      if (call.is(i, "persist") && !hasTime()) {
        isPersist = true;
      } else if (isPersist || !readTimeOption(call, i)) {
        return !call.fail(Errors.SYNTAX);
      } else {
        i++;
      }
    }
    return true;
  }

  private boolean readTimeOption(Call call, int index) {
    if (index + 1 == call.count()) {
      return false;
    }
    int option = timeOption(call, index);
    if (option == 0 || (timeOption != 0 && timeOption != option)) {
      return false;
    }
    timeOption = option;
    time = index + 1;
    unitMs = option == 1 || option == 3 ? SECOND_MS : 1;
    isAbsolute = option >= 3;
    return true;
  }

  private static int timeOption(Call call, int index) {
    if (call.is(index, "ex")) {
      return 1;
    }
    if (call.is(index, "px")) {
      return 2;
    }
    if (call.is(index, "exat")) {
      return 3;
    }
    return call.is(index, "pxat") ? 4 : 0;
  }

  /** Says whether one of the options is a time. */
  boolean hasTime() {
    return time != NO_ARGUMENT;
  }

  /** Reads the time, if there is one; if it is wrong, says so to the client. */
  boolean readTime(Call call, long nowMs) {
    return !hasTime() || readTimeAt(call, time, unitMs, isAbsolute ? 0 : nowMs);
  }

  /** Reads a time to live, or a point in time where the base is 0. */
  boolean readTimeAt(Call call, int index, long unitMs, long baseMs) {
    if (!call.readIntegerOrFail(index)) {
      return false;
    }
    long value = call.integer;
    if (value <= 0 || value > Long.MAX_VALUE / unitMs || value * unitMs > Long.MAX_VALUE - baseMs) {
      return !call.failExpireTime();
    }
    deadlineMs = Deadlines.clamped(value * unitMs + baseMs);
    return true;
  }
}
